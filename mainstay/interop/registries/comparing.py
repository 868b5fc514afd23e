"""A registry's forecast beside ours, group by group, with why they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mainstay.interop.registries.answers import ToldForecast
from mainstay.interop.registries.merging import Families

SMALL_DAYS = 7
"""Days by which dates may differ without meaning: registries count months and weeks in more than one way."""


@dataclass(frozen=True, slots=True)
class OurForecast:
    """One vaccine group as we see it."""

    group: str
    antigens: frozenset[str]
    status: str
    is_wanted: bool
    due_on: date | None = None
    earliest_on: date | None = None
    overdue_on: date | None = None
    dose_number: int = 0


@dataclass(frozen=True, slots=True)
class ForecastPair:
    """One group on both sides; `differences` are sentences, none where both agree."""

    group: str
    ours: OurForecast | None
    theirs: ToldForecast | None
    differences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What may explain a difference: antigens of doses only they have, and of doses only we have; both schedules."""

    only_there: frozenset[str] = frozenset()
    only_here: frozenset[str] = frozenset()
    our_schedule: str = ""
    invalid_there: frozenset[str] = frozenset()


def forecast_pairs(
    ours: Sequence[OurForecast], theirs: Sequence[ToldForecast], families: Families, known: Known
) -> list[ForecastPair]:
    """Both forecasts side by side, ours first in our order, then what only the registry names."""
    rows: list[ForecastPair] = []
    told = _by_group(ours, theirs, families)
    for one in ours:
        answer = told.get(one.group)
        if one.is_wanted or answer is not None:
            rows.append(ForecastPair(one.group, one, answer, tuple(_differences(one, answer, known))))
    named = {id(one) for one in told.values()}
    for extra in theirs:
        if id(extra) not in named and not _is_shown(extra, ours, families):
            words = extra.words or f"CVX {extra.cvx}"
            rows.append(ForecastPair(words, None, extra, ("We have no rule for this group.",)))
    return rows


def _by_group(
    ours: Sequence[OurForecast], theirs: Sequence[ToldForecast], families: Families
) -> Mapping[str, ToldForecast]:
    """The told forecast for each of our groups; of several, the one due first."""
    found: dict[str, ToldForecast] = {}
    for one in ours:
        near = [told for told in theirs if families.get(told.cvx, frozenset()) & one.antigens]
        exact = [told for told in near if families[told.cvx] <= one.antigens] or near
        if exact:
            found[one.group] = min(exact, key=lambda told: told.due_on or told.earliest_on or date.max)
    return found


def _is_shown(told: ToldForecast, ours: Sequence[OurForecast], families: Families) -> bool:
    return any(families.get(told.cvx, frozenset()) & one.antigens for one in ours)


def _differences(ours: OurForecast, theirs: ToldForecast | None, known: Known) -> list[str]:
    if theirs is None:
        return ["The registry says nothing about this group."]
    found = []
    due = theirs.due_on or theirs.earliest_on
    if ours.due_on and due and abs((ours.due_on - due).days) > SMALL_DAYS:
        which = "later" if due > ours.due_on else "earlier"
        found.append(f"The registry's date is {_apart(abs((ours.due_on - due).days))} {which}.")
    elif ours.is_wanted and not due:
        found.append(f"We ask for a dose; the registry says {theirs.status or 'nothing is due'}.")
    elif not ours.is_wanted and due and _is_open(theirs):
        found.append(f"The registry asks for a dose; here the group is {ours.status.lower()}.")
    if theirs.dose_number.isdecimal() and ours.dose_number and int(theirs.dose_number) != ours.dose_number:
        found.append(f"The registry counts the next dose as number {theirs.dose_number}, we as {ours.dose_number}.")
    return [*found, *_why(ours, theirs, known)] if found else []


def _apart(days: int) -> str:
    """How far two days lie apart, as people say it: days up to two months, then months, then years."""
    if days <= 61:
        return f"{days} days"
    months = round(days / 30.4375)
    return f"about {months} months" if months < 24 else f"about {round(months / 12)} years"


def _is_open(theirs: ToldForecast) -> bool:
    return not any(word in theirs.status.lower() for word in ("complete", "immune", "aged", "contra"))


def _why(ours: OurForecast, theirs: ToldForecast, known: Known) -> list[str]:
    if ours.antigens & known.only_there:
        return ["Likely why: the registry has doses of this group that are not in our record. Bring them in first."]
    if ours.antigens & known.only_here:
        return ["Likely why: we have doses of this group that the registry does not."]
    if ours.antigens & known.invalid_there:
        return ["Likely why: the registry does not count a dose of this group as valid."]
    if theirs.schedule and known.our_schedule and theirs.schedule.lower() not in known.our_schedule.lower():
        return [f"Likely why: the registry follows {theirs.schedule}, we follow {known.our_schedule}."]
    return ["Both have the same doses: the rules differ. Ours are explained on the page of what is due."]
