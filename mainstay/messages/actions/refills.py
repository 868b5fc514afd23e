"""A refill asked for: held against the protocol, and sent to whoever approves or decides. Nobody is approved here."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse

from mainstay.chart.models import Medication
from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.moves import locked
from mainstay.messages.errors import ThreadClosed
from mainstay.messages.models import Message, Thread
from mainstay.messages.permissions import TAKE_CALLS
from mainstay.messages.queries.refills import RefillSaid, refill_check
from mainstay.messages.rules_refills import RefillCheck
from mainstay.work.actions import owe
from mainstay.work.lifecycle import Band, Closing, most_urgent
from mainstay.work.models import WorkItem

PRESCRIBERS = "provider"


@dataclass(frozen=True, slots=True)
class SentRefill:
    """What the protocol said of a request, and the work it became."""

    check: RefillCheck
    item: WorkItem


@transaction.atomic
def send_refill(*, actor: Actor, thread: Thread, medication: Medication, said: RefillSaid) -> SentRefill:
    """Hold a request against the protocol and put it on the prescribers' list, with every line met and missed.

    All met: to approve. Any missed, or never by protocol: to decide. Out of medicine makes it today's.
    """
    actor.may(TAKE_CALLS).or_raise()
    fresh = locked(Thread.objects.select_related("patient", "site"), pk=thread.pk)
    if fresh.closed_at is not None:
        raise ThreadClosed()
    if fresh.patient is None or medication.patient_id != fresh.patient_id:
        raise InvalidInput("Choose a medicine from this patient's list.", field="medication")
    check = refill_check(fresh.patient, medication, said, on=actor.today)
    lines = [f"{'met' if one.is_met else 'NOT MET'}: {one.title}" + (f" ({one.missing})" if one.missing else "")
             for one in check.criteria]  # fmt: skip
    asked = f"{medication.name} {medication.dose} {medication.frequency}".strip()
    what = f"{check.days} days, {check.fills} fills" if check.may_be_queued else "a prescriber decides"
    Message.objects.create(
        thread=fresh,
        written_by_id=actor.staff_id,
        text=f"Refill asked: {asked}. {what}.\n" + "\n".join(lines),
        sent_at=actor.now,
    )
    verb = "Approve" if check.may_be_queued else "Decide"
    item = owe(
        actor=actor,
        kind="refill",
        title=f"{verb} refill: {asked}"[:160],
        detail="\n".join(lines),
        band=most_urgent(Band(fresh.band), Band.R3 if said.is_out == "yes" else Band.R5),
        patient=fresh.patient,
        site=fresh.site,
        pool=PRESCRIBERS,
        closing=Closing.BY_CLINICIAN,
        subject_kind="thread",
        subject_ref=fresh.public_id,
        url=reverse("thread", args=[fresh.public_id]),
        once_key=f"refill:{fresh.pk}:{medication.pk}",
    )
    return SentRefill(check, item)
