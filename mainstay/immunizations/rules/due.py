"""How pressing a vaccine is on a day, and how likely two doses on paper are one and the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

HORIZON_DAYS = 90
"""How far ahead something counts as coming soon; further away it is later."""
_SAME_DOSE_DAYS = 10


class Pressing(StrEnum):
    """Where a vaccine stands on a day, the most pressing first."""

    OVERDUE = "overdue"
    DUE = "due"
    MAY_BE_GIVEN = "may_be_given"
    SOON = "soon"
    LATER = "later"


def how_pressing(earliest: date, recommended: date, past_due: date | None, *, on: date) -> Pressing:
    """Overdue after the past-due date; due from the recommended date; before it, possible from the earliest one."""
    if past_due is not None and past_due < on and recommended <= on:
        return Pressing.OVERDUE
    if recommended <= on:
        return Pressing.DUE
    if earliest <= on:
        return Pressing.MAY_BE_GIVEN
    return Pressing.SOON if (earliest - on).days <= HORIZON_DAYS else Pressing.LATER


@dataclass(frozen=True, slots=True)
class DoseOnPaper:
    """A dose as far as telling it from others needs: its antigens and its day."""

    antigens: frozenset[str]
    given_on: date
    label: str = ""


def likely_same(dose: DoseOnPaper, known: Iterable[DoseOnPaper]) -> DoseOnPaper | None:
    """A known dose that is likely this one: an antigen in common and at most ten days apart.

    No two valid doses of one antigen are ever so close (the shortest interval of the schedule is two weeks, less four
    days of grace), so the second is a repetition of the first, or not valid.
    """
    near = [
        other
        for other in known
        if not dose.antigens.isdisjoint(other.antigens) and abs((dose.given_on - other.given_on).days) < _SAME_DOSE_DAYS
    ]
    return min(near, key=lambda other: abs((dose.given_on - other.given_on).days), default=None)
