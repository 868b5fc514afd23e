"""Calling people back: due, tried, booked, closed."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.moves import locked
from mainstay.people.models import Patient
from mainstay.practice.models import VisitType
from mainstay.scheduling.models import Appointment, Recall
from mainstay.scheduling.permissions import BOOK
from mainstay.workforce.models import Staff


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
    """We tried to reach them and did not."""
    actor.may(BOOK).or_raise()
    fresh = _open(recall)
    fresh.attempts += 1
    fresh.last_attempt_at = actor.now
    fresh.save()
    return fresh


@transaction.atomic
def meet_recall(*, actor: Actor, recall: Recall, appointment: Appointment) -> Recall:
    """They are booked: the recall is settled."""
    actor.may(BOOK).or_raise()
    fresh = _open(recall)
    if appointment.patient_id != fresh.patient_id:
        raise InvalidInput("That appointment is another patient's.", field="appointment")
    fresh.appointment, fresh.closed_at, fresh.closed_because = appointment, actor.now, "booked"
    fresh.save()
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
    return fresh


def _open(recall: Recall) -> Recall:
    fresh = locked(Recall.objects.all(), pk=recall.pk)
    if fresh.closed_at is not None:
        raise IllegalMove("This recall is closed already.")
    return fresh
