"""What must hold of the practice's own choices. Pure, no database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from mainstay.foundation.ages import AgeRange
from mainstay.foundation.dates import spell_age
from mainstay.foundation.findings import Finding, Severity

OTHER_AGE = "other-age"
"""The finding that a kind of visit is booked for an age it is not for."""

BOOKED_THEN = "booked-then"
"""The finding that somebody is booked at what is about to close; its reason is what they are told."""
NAMED = 5
"""So many visits are named in a sentence; of the rest it says how many."""


def judge_age(ages: AgeRange, *, kind: str, born: date, on: date, who_may: str = "") -> Sequence[Finding]:
    """Whether a kind of visit is for somebody's age on that day: clinics have exceptions, so it asks for a reason.

    For somebody who may not decide that, `who_may` names who could, and nothing is saved.
    """
    if ages.holds(born, on):
        return ()
    found = f"{kind} is for {ages}; the patient is {spell_age(born, on)} old then."
    if who_may:
        return (Finding(Severity.STOP, OTHER_AGE, "visit_type", f"{found} {who_may} can book it with a reason."),)
    return (Finding(Severity.CONFIRM, OTHER_AGE, "visit_type", found),)


def judge_closing(booked: Sequence[str]) -> Sequence[Finding]:
    """Whether anybody is booked at what closes: how many, and the first of them as they are said.

    It asks for a reason, which is what they are told; each of them becomes work.
    """
    if not booked:
        return ()
    said = "; ".join(booked[:NAMED])
    more = f"; and {len(booked) - NAMED} more" if len(booked) > NAMED else ""
    are, each = ("1 visit is", "It goes") if len(booked) == 1 else (f"{len(booked)} visits are", "Each goes")
    found = f"{are} booked then: {said}{more}."
    asked = f"{each} on the list of the front desk, to be called and moved. Say what they are told."
    return (Finding(Severity.CONFIRM, BOOKED_THEN, "", f"{found} {asked}"),)
