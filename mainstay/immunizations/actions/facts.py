"""Recording by hand what decides which vaccines are due, and that a vaccine was talked over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.moves import locked
from mainstay.foundation.outbox import publish
from mainstay.immunizations.events import VaccineHistoryChanged
from mainstay.immunizations.models import DiscussionOutcome, ImmunizationFact, VaccineDiscussion
from mainstay.immunizations.permissions import DISCUSS, RECORD_HISTORY
from mainstay.immunizations.queries.due import SOURCES
from mainstay.immunizations.queries.schedules import governing_schedule
from mainstay.people.models import Patient


@dataclass(frozen=True, slots=True)
class FactSaid:
    """An observation of the schedule: that it holds or does not, since when, and who said so."""

    code: str
    source: str
    holds: bool = True
    on: date | None = None
    note: str = ""


@transaction.atomic
def record_immunization_fact(*, actor: Actor, patient: Patient, said: FactSaid) -> ImmunizationFact:
    """Write down an observation by hand; it goes before what the chart suggests, until it is withdrawn.

    Raises `InvalidInput` for an observation the schedule does not know, a source that does not exist, or a day before
    birth or after today.
    """
    actor.may(RECORD_HISTORY).or_raise()
    if said.code not in governing_schedule().observations:
        raise InvalidInput("The schedule knows no such fact.", field="code")
    if said.source not in SOURCES:
        raise InvalidInput("Say who told it.", field="source")
    if said.on is not None and not patient.birth_date <= said.on <= actor.today:
        raise InvalidInput("That day lies before birth or after today.", field="on")
    earlier = ImmunizationFact.objects.select_for_update().filter(patient=patient, code=said.code, withdrawn_at=None)
    earlier.update(withdrawn_at=actor.now, withdrawn_by_id=actor.staff_id, withdrawn_reason="said anew")
    fact = ImmunizationFact.objects.create(
        patient=patient,
        code=said.code,
        holds=said.holds,
        on=said.on,
        source=said.source,
        note=said.note.strip()[:200],
        recorded_by_id=actor.staff_id,
        recorded_at=actor.now,
    )
    publish(VaccineHistoryChanged(patient_id=patient.pk))
    return fact


@transaction.atomic
def withdraw_immunization_fact(*, actor: Actor, fact: ImmunizationFact, reason: str) -> ImmunizationFact:
    """Take back an observation recorded by hand, with the reason; the chart speaks again."""
    actor.may(RECORD_HISTORY).or_raise()
    if not reason.strip():
        raise InvalidInput("Say why it no longer holds.", field="reason")
    fresh = locked(ImmunizationFact.objects.all(), pk=fact.pk)
    if fresh.withdrawn_at is None:
        fresh.withdrawn_at, fresh.withdrawn_by_id = actor.now, actor.staff_id
        fresh.withdrawn_reason = reason.strip()[:200]
        fresh.save()
        publish(VaccineHistoryChanged(patient_id=fresh.patient_id))
    return fresh


@transaction.atomic
def document_discussion(
    *, actor: Actor, patient: Patient, group: str, outcome: DiscussionOutcome, note: str = ""
) -> VaccineDiscussion:
    """Document that the clinician who acts talked a vaccine over with the patient, and what came of it."""
    actor.may(DISCUSS).or_raise()
    if group not in {row.name for row in governing_schedule().groups} or actor.staff_id is None:
        raise InvalidInput("The schedule knows no such vaccine.", field="group")
    talk = VaccineDiscussion.objects.create(
        patient=patient,
        group=group,
        outcome=outcome,
        note=note.strip()[:300],
        clinician_id=actor.staff_id,
        discussed_at=actor.now,
    )
    publish(VaccineHistoryChanged(patient_id=patient.pk))
    return talk
