"""How late is late, and who decides then: the shipped rule, with a site's own minutes over it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache

from mainstay.foundation.errors import InvalidInput
from mainstay.practice.queries import OwnTable, values_of_our_own
from mainstay.visits.models import Signal, SignalKind, Visit
from mainstay.visits.rules import Lateness, LateRule, judge_lateness, late_rule, late_table

OWN, ROW = "late_arrivals", "minutes"
CELLS = {
    "grace_minutes": "Minutes after the booked time in which nobody counts as late",
    "seen_as_booked_minutes": "Minutes up to which the desk checks in as booked; after them the provider decides",
}


def late_rule_at(site_id: int | None, *, on: date) -> LateRule:
    """The rule for late arrivals that holds at a site on a day. One query."""
    return _laid_over(tuple(sorted(values_of_our_own(OWN, on=on, site_id=site_id).items())))


def lateness_of(visit: Visit, *, now: datetime) -> Lateness | None:
    """How late a patient came, or is now, by the rule of the site. One query."""
    rule = late_rule_at(visit.site_id, on=visit.day)
    return judge_lateness(visit.expected_at, visit.arrived_at or now, rule)


def asked_late(visit: Visit) -> Signal | None:
    """What the provider was asked about somebody who came late, or has decided since."""
    return visit.signals.filter(kind=SignalKind.CAME_LATE, cleared_at=None).first()


def late_rule_of_our_own() -> OwnTable:
    """What a practice may change of the rule, everywhere or at one site, for its settings."""
    return OwnTable(OWN, "Late arrivals", cells_of_late_rule, check_late_rule)


def cells_of_late_rule() -> dict[tuple[str, str], tuple[str, str]]:
    """Every cell by (row, column): what it is, and the value of the table."""
    return {(ROW, name): (words, str(late_table()[name])) for name, words in CELLS.items()}


def check_late_rule(row: str, column: str, value: str, beside: Mapping[str, str]) -> None:
    """Raise `InvalidInput` for a cell that does not exist, for what is no number, and for minutes out of order."""
    if (row, column) not in cells_of_late_rule():
        raise InvalidInput("There is no such cell.", field="cell")
    if not value.strip().isdigit():
        raise InvalidInput("Enter whole minutes.", field="value")
    try:
        _laid_over(tuple(sorted({**beside, f"{row}.{column}": value}.items())))
    except ValueError as wrong:
        raise InvalidInput(f"This cannot be: {wrong}.", field="value") from None


@lru_cache(maxsize=64)
def _laid_over(values: tuple[tuple[str, str], ...]) -> LateRule:
    return late_rule({name.removeprefix(f"{ROW}."): int(value.strip()) for name, value in values})
