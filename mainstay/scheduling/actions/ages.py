"""A kind of visit for an age it is not for: asked about before it is booked, and kept with its reason."""

from __future__ import annotations

from datetime import date

from mainstay.foundation.actor import Actor
from mainstay.foundation.findings import NOTHING_CONFIRMED, Confirmations
from mainstay.people.models import Patient
from mainstay.practice.models import VisitType
from mainstay.practice.queries import OTHER_AGE, age_findings
from mainstay.scheduling.permissions import BOOK_OTHER_AGE


def answer_age(
    *,
    actor: Actor,
    patient: Patient,
    visit_type: VisitType,
    on: date,
    confirmed: Confirmations = NOTHING_CONFIRMED,
    answered: str = "",
) -> str:
    """Why a kind of visit is booked for an age it is not for; empty when it is for that age on that day.

    `answered` is the reason given earlier, for another time of the same. Raises `NeedsConfirmation` without a reason,
    `StopFound` for somebody who may not decide it, naming who could.
    """
    found = age_findings(visit_type, born=patient.birth_date, on=on, may=actor.may(BOOK_OTHER_AGE))
    if found and answered:
        return answered
    confirmed.answer(found)
    return confirmed.reason_for(OTHER_AGE)[:160] if found else ""
