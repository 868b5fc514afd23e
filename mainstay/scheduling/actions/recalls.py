"""Calling people back: due, tried, booked, closed."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.urls import reverse

from mainstay.foundation.actor import Actor
from mainstay.foundation.dates import spell_date
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.moves import locked
from mainstay.people.models import Patient
from mainstay.practice.models import VisitType
from mainstay.scheduling.models import Appointment, Recall
from mainstay.scheduling.permissions import BOOK
from mainstay.work.actions import finish_cause, owe
from mainstay.workforce.models import Staff

ATTEMPTS_BEFORE_LETTER = 3
"""Attempts that reached nobody before a letter is written, as for every call."""


@transaction.atomic
def recall_patient(
    *,
    actor: Actor,
    patient: Patient,
    reason: str,
    due_on: date,
    visit_type: VisitType | None = None,
    provider: Staff | None = None,
) -> Recall:
    """Write down that somebody is to be called back by a day."""
    actor.may(BOOK).or_raise()
    if not reason.strip():
        raise InvalidInput("Say what they are called back for.", field="reason")
    return Recall.objects.create(
        patient=patient, reason=reason.strip()[:160], due_on=due_on, visit_type=visit_type, provider=provider
    )


@transaction.atomic
def note_recall_attempt(*, actor: Actor, recall: Recall) -> Recall:
    """We tried to reach them and did not; the third time a letter is owed."""
    actor.may(BOOK).or_raise()
    fresh = _open(recall)
    fresh.attempts += 1
    fresh.last_attempt_at = actor.now
    fresh.save()
    if fresh.attempts >= ATTEMPTS_BEFORE_LETTER:
        owe(
            actor=actor,
            kind="letter",
            title=f"Letter: not reached {fresh.attempts} times. {fresh.reason}"[:160],
            detail="A recall by phone that reached nobody. Write, and keep the recall open until they answer.",
            band="R4",
            patient=fresh.patient,
            site=fresh.patient.home_site,
            pool="forms",
            subject_kind="recall",
            subject_ref=fresh.public_id,
            url=reverse("recalls"),
            once_key=f"letter:recall:{fresh.pk}",
        )
    return fresh


@transaction.atomic
def owe_due_recalls(*, actor: Actor) -> int:
    """Put every recall that is due on the front desk's list, once each; returns how many are due."""
    due = Recall.objects.filter(closed_at=None, due_on__lte=actor.today, patient__deceased_on=None)
    rows = list(due.select_related("patient__home_site"))
    for recall in rows:
        owe(
            actor=actor,
            kind="recall",
            title=f"Call back: {recall.reason}"[:160],
            detail=f"Due {spell_date(recall.due_on)}. Book it, or write down each attempt.",
            band="R4",
            patient=recall.patient,
            site=recall.patient.home_site,
            pool="front_desk",
            subject_kind="recall",
            subject_ref=recall.public_id,
            url=f"{reverse('find-slot')}?recall={recall.public_id}",
            once_key=f"recall:{recall.pk}",
        )
    return len(rows)


@transaction.atomic
def meet_recall(*, actor: Actor, recall: Recall, appointment: Appointment) -> Recall:
    """They are booked: the recall is settled."""
    actor.may(BOOK).or_raise()
    fresh = _open(recall)
    if appointment.patient_id != fresh.patient_id:
        raise InvalidInput("That appointment is another patient's.", field="appointment")
    fresh.appointment, fresh.closed_at, fresh.closed_because = appointment, actor.now, "booked"
    fresh.save()
    _settle(actor, fresh, "Booked.")
    return fresh


@transaction.atomic
def close_recall(*, actor: Actor, recall: Recall, reason: str) -> Recall:
    """End a recall without a booking, with the reason."""
    actor.may(BOOK).or_raise()
    if not reason.strip():
        raise InvalidInput("Say why this recall ends.", field="reason")
    fresh = _open(recall)
    fresh.closed_at, fresh.closed_because = actor.now, reason.strip()[:80]
    fresh.save()
    _settle(actor, fresh, reason.strip())
    return fresh


def _settle(actor: Actor, recall: Recall, outcome: str) -> None:
    for key in (f"recall:{recall.pk}", f"letter:recall:{recall.pk}"):
        finish_cause(actor=actor, once_key=key, outcome=outcome)


def _open(recall: Recall) -> Recall:
    fresh = locked(Recall.objects.select_related("patient__home_site"), pk=recall.pk)
    if fresh.closed_at is not None:
        raise IllegalMove("This recall is closed already.")
    return fresh
