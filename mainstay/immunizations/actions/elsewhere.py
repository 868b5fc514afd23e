"""Writing down vaccine doses given elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
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
    return VaccineDose.objects.bulk_create(
        [
            VaccineDose(
                patient=patient,
                cvx=dose.cvx,
                mvx=dose.mvx[:6],
                product=dose.product[:120],
                lot_number=dose.lot_number[:30],
                given_on=dose.given_on,
                source=source,
                recorded_by_id=actor.staff_id,
                recorded_at=actor.now,
            )
            for dose in doses
        ]
    )


def _refusal_of(dose: DoseElsewhere, patient: Patient, *, known: frozenset[str], today: date) -> str:
    """Why a dose cannot be written down, in one sentence; the empty string if it can. `known` are CVX codes."""
    if dose.cvx not in known:
        return f"CVX {dose.cvx} is not a vaccine code."
    if not patient.birth_date <= dose.given_on <= today:
        return f"A dose on {dose.given_on.isoformat()} lies before birth or after today."
    return ""
