"""What must hold of the practice's own choices. Pure, no database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from mainstay.foundation.ages import AgeRange
from mainstay.foundation.dates import spell_age
from mainstay.foundation.findings import Finding, Severity

OTHER_AGE = "other-age"
"""The finding that a kind of visit is booked for an age it is not for."""


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
