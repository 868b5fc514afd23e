"""Withdrawing a chart that was made by mistake and never used: it is found no more, and nothing of it is deleted."""

from __future__ import annotations

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.moves import locked
from mainstay.foundation.outbox import publish
from mainstay.people.events import DemographicsChanged
from mainstay.people.models import Patient
from mainstay.people.permissions import MERGE


@transaction.atomic
def withdraw_chart(*, actor: Actor, patient: Patient, reason: str) -> Patient:
    """Take a chart out of every list and search, with the reason. Whoever calls has made sure that nobody used it."""
    actor.may(MERGE).or_raise()
    if not reason.strip():
        raise InvalidInput("Say why the chart is withdrawn.", field="reason")
    fresh = locked(Patient.objects.all(), pk=patient.pk)
    if fresh.withdrawn_at is not None:
        raise IllegalMove("This chart is withdrawn already.")
    if fresh.merged_into_id is not None or fresh.merged_from.exists():
        raise IllegalMove("A chart that was merged is not withdrawn. Undo the merge first.")
    fresh.withdrawn_at, fresh.withdrawn_because = actor.now, reason.strip()[:160]
    fresh.save(update_fields=["withdrawn_at", "withdrawn_because"])
    publish(DemographicsChanged(patient_id=fresh.pk))
    return fresh


@transaction.atomic
def bring_back_chart(*, actor: Actor, patient: Patient) -> Patient:
    """Let a withdrawn chart be found again."""
    actor.may(MERGE).or_raise()
    fresh = locked(Patient.objects.all(), pk=patient.pk)
    if fresh.withdrawn_at is None:
        raise IllegalMove("This chart is not withdrawn.")
    fresh.withdrawn_at, fresh.withdrawn_because = None, ""
    fresh.save(update_fields=["withdrawn_at", "withdrawn_because"])
    publish(DemographicsChanged(patient_id=fresh.pk))
    return fresh
