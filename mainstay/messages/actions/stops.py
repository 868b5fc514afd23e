"""A red flag said when asking for a time: it goes to a clinician, and the answer comes back to the desk."""

from __future__ import annotations

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.moves import in_turn
from mainstay.messages.actions.threads import BOOKING_CHANNEL, Matter, open_thread
from mainstay.messages.models import Message, Thread
from mainstay.messages.queries.stops import asked_already, booking_key
from mainstay.people.models import Patient
from mainstay.practice.models import Site
from mainstay.work import actions as work_actions


@transaction.atomic
def ask_before_booking(*, actor: Actor, patient: Patient, matter: Matter, site: Site | None, wanted: str) -> Thread:
    """Put what was said when asking for a time before a clinician: one conversation while nobody has answered.

    `wanted` says which time was asked for. Part of a larger action; runs in its transaction.
    """
    in_turn(Patient.objects.all(), pk=patient.pk)
    thread = asked_already(patient, matter.subject)
    if thread is None:
        thread = open_thread(actor=actor, matter=matter, patient=patient, site=site, channel=BOOKING_CHANNEL)
        _write(actor, thread, matter.subject.strip(), from_patient=True)
    if wanted and not thread.messages.filter(text=wanted).exists():
        _write(actor, thread, wanted, from_patient=False)
    return thread


def _write(actor: Actor, thread: Thread, text: str, *, from_patient: bool) -> None:
    Message.objects.create(
        thread=thread, written_by_id=actor.staff_id, from_patient=from_patient, text=text, sent_at=actor.now
    )


@transaction.atomic
def settle_booking(*, actor: Actor, thread: Thread) -> None:
    """What a clinician gave leave to book was booked; does nothing where no such work is open."""
    work_actions.finish_cause(actor=actor, once_key=booking_key(thread), outcome="Booked.")
