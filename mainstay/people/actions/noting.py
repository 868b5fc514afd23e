"""What somebody needs, and what everybody must know on opening the chart."""

from __future__ import annotations

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove
from mainstay.people.models import Need, Patient, PatientAlert
from mainstay.people.permissions import REGISTER


@transaction.atomic
def note_need(*, actor: Actor, patient: Patient, kind: str, detail: str = "") -> Need:
    """Write down a need; the same kind again replaces the words and keeps the old ones as ended."""
    actor.may(REGISTER).or_raise()
    patient = Patient.objects.select_for_update().get(pk=patient.pk)
    for earlier in Need.objects.select_for_update().filter(patient=patient, kind=kind, ended_at=None):
        if earlier.detail == detail:
            return earlier
        if kind != "other":
            earlier.ended_at = actor.now
            earlier.save(update_fields=["ended_at"])
    return Need.objects.create(
        patient=patient, kind=kind, detail=detail, recorded_by_id=actor.staff_id, recorded_at=actor.now
    )


@transaction.atomic
def end_need(*, actor: Actor, need: Need) -> Need:
    """A need is no longer there."""
    actor.may(REGISTER).or_raise()
    need = Need.objects.select_for_update().get(pk=need.pk)
    if need.ended_at:
        raise IllegalMove("This need was ended already.")
    need.ended_at = actor.now
    need.save(update_fields=["ended_at"])
    return need


@transaction.atomic
def note_alert(*, actor: Actor, patient: Patient, text: str, kind: str = "clinical") -> PatientAlert:
    """Put a word of warning on the banner."""
    actor.may(REGISTER).or_raise()
    patient = Patient.objects.select_for_update().get(pk=patient.pk)
    return PatientAlert.objects.create(
        patient=patient, text=text, kind=kind, recorded_by_id=actor.staff_id, recorded_at=actor.now
    )


@transaction.atomic
def end_alert(*, actor: Actor, alert: PatientAlert) -> PatientAlert:
    """Take a word of warning off the banner."""
    actor.may(REGISTER).or_raise()
    alert = PatientAlert.objects.select_for_update().get(pk=alert.pk)
    if alert.ended_at:
        raise IllegalMove("This alert was ended already.")
    alert.ended_at = actor.now
    alert.save(update_fields=["ended_at"])
    return alert
