"""Writing down vaccine doses given elsewhere, and putting right or withdrawing what was written wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.moves import locked
from mainstay.foundation.outbox import publish
from mainstay.immunizations.events import VaccineHistoryChanged
from mainstay.immunizations.models import VaccineDose
from mainstay.immunizations.permissions import RECORD_HISTORY
from mainstay.people.models import Patient
from mainstay.terminology.queries import CodeSystem, concepts_by_code


@dataclass(frozen=True, slots=True)
class DoseElsewhere:
    """One dose somebody had: `cvx` with its leading zero, on one day; told by a registry, a record or on paper."""

    cvx: str
    given_on: date
    mvx: str = ""
    product: str = ""
    lot_number: str = ""
    evidence: str = ""
    evidence_note: str = ""


ELSEWHERE = "historical"
HERE = "here"


@transaction.atomic
def record_doses_elsewhere(
    *, actor: Actor, patient: Patient, doses: Sequence[DoseElsewhere], source: str = "historical"
) -> list[VaccineDose]:
    """Write down doses given elsewhere; every one is kept, also two on one day.

    Raises `InvalidInput` for a CVX code that does not exist, and for days before birth or after today.
    """
    actor.may(RECORD_HISTORY).or_raise()
    known = concepts_by_code(CodeSystem.CVX, [dose.cvx for dose in doses])
    for dose in doses:
        if reason := _refusal_of(dose, patient, known=frozenset(known), today=actor.today):
            raise InvalidInput(reason)
    written = VaccineDose.objects.bulk_create(
        [
            VaccineDose(
                patient=patient,
                cvx=dose.cvx,
                mvx=dose.mvx[:6],
                product=dose.product[:120],
                lot_number=dose.lot_number[:30],
                given_on=dose.given_on,
                evidence=dose.evidence[:20],
                evidence_note=dose.evidence_note[:120],
                source=source,
                recorded_by_id=actor.staff_id,
                recorded_at=actor.now,
            )
            for dose in doses
        ]
    )
    publish(VaccineHistoryChanged(patient_id=patient.pk))
    return written


@transaction.atomic
def amend_dose_elsewhere(*, actor: Actor, dose: VaccineDose, to: DoseElsewhere, reason: str) -> VaccineDose:
    """Put right what was written about a dose given elsewhere; the former version is kept by the database.

    Raises `InvalidInput` without a reason, for a dose given here (its own page amends it), and for one withdrawn.
    """
    fresh = _to_change(actor, dose, reason)
    known = concepts_by_code(CodeSystem.CVX, [to.cvx])
    if refusal := _refusal_of(to, fresh.patient, known=frozenset(known), today=actor.today):
        raise InvalidInput(refusal)
    fresh.cvx, fresh.given_on, fresh.mvx = to.cvx, to.given_on, to.mvx[:6]
    fresh.product, fresh.lot_number = to.product[:120], to.lot_number[:30]
    fresh.evidence, fresh.evidence_note = to.evidence[:20], to.evidence_note[:120]
    fresh.change_reason = reason.strip()[:200]
    fresh.save()
    publish(VaccineHistoryChanged(patient_id=fresh.patient_id))
    return fresh


@transaction.atomic
def withdraw_dose_elsewhere(*, actor: Actor, dose: VaccineDose, reason: str) -> VaccineDose:
    """Take a dose given elsewhere out of the history: it was never given, or not to this patient. The row stays.

    Raises `InvalidInput` without a reason, and for a dose given here.
    """
    fresh = _to_change(actor, dose, reason)
    fresh.status, fresh.change_reason = "entered-in-error", reason.strip()[:200]
    fresh.save()
    publish(VaccineHistoryChanged(patient_id=fresh.patient_id))
    return fresh


def _to_change(actor: Actor, dose: VaccineDose, reason: str) -> VaccineDose:
    actor.may(RECORD_HISTORY).or_raise()
    if not reason.strip():
        raise InvalidInput("Say what was wrong.", field="reason")
    fresh = locked(VaccineDose.objects.select_related("patient"), pk=dose.pk)
    if fresh.source == HERE:
        raise InvalidInput("This dose was given here. It is amended where it was given.")
    if fresh.status == "entered-in-error":
        raise InvalidInput("This dose is withdrawn already.")
    return fresh


def _refusal_of(dose: DoseElsewhere, patient: Patient, *, known: frozenset[str], today: date) -> str:
    """Why a dose cannot be written down, in one sentence; the empty string if it can. `known` are CVX codes."""
    if dose.cvx not in known:
        return f"CVX {dose.cvx} is not a vaccine code."
    if not patient.birth_date <= dose.given_on <= today:
        return f"A dose on {dose.given_on.isoformat()} lies before birth or after today."
    return ""
