"""What of a dose can be worked out once, when the table is read, and need not be worked out for every patient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .periods import FUTURE, PAST, Period
from .schedule import DatedPeriod, SeriesDose, SkipKind, SkipSet, VaccineRule

Rules = Mapping[str, tuple[VaccineRule, ...]]


def accepted_ages(preferable: Rules, allowable: Rules) -> dict[str, tuple[tuple[int, int], ...]]:
    """The ages at which each vaccine counts, leaving out rows that ask for a trade name."""
    found: dict[str, tuple[tuple[int, int], ...]] = {}
    for rules in (preferable, allowable):
        for cvx, rows in rules.items():
            spans = tuple((row.begin, row.end) for row in rows if not row.trade_name)
            found[cvx] = (*found.get(cvx, ()), *spans)
    return found


def length(period: Period) -> float:
    """About how many days a period has, to tell which is longer."""
    return period[0] * 30.44 + period[1]


def longest(period: Period) -> int:
    """The most days a period can have, to tell when it is surely over."""
    months, days = period
    return 31 * months + days


def only_ages(sets: Sequence[SkipSet]) -> tuple[int, int] | None:
    """The ages a skip asks for, when it is one condition that always holds."""
    if len(sets) != 1 or len(sets[0].conditions) != 1 or (sets[0].effective, sets[0].cessation) != (PAST, FUTURE):
        return None
    (condition,) = sets[0].conditions
    return (condition.begin, condition.end) if condition.kind is SkipKind.AGE else None


def intervals_from(dose: SeriesDose | None) -> tuple[DatedPeriod, ...]:
    """The minimum intervals of a dose and of each one after it, each once, with the days they hold (SELECTB-12)."""
    if dose is None:
        return ()
    own = [(rule.minimum, rule.effective, rule.cessation) for rule in dose.intervals if rule.minimum]
    return tuple(dict.fromkeys([*own, *dose.intervals_after]))
