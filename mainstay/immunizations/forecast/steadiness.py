"""What can be known of an antigen's series before any patient: which compete, which depend on nothing but age."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from .digesting import length
from .periods import FUTURE, PAST, Period
from .schedule import ALWAYS, NEVER, Gender, Reference, Series, SeriesKind, Skip, SkipKind

_MONTHS_VARY = 6
"""Days by which months of different length may shift two ages; ages closer than this have no fixed order."""


def steady_ages(series: Series) -> set[int] | None:
    """The ages a series compares with a date before its first dose; None when more than age and calendar has a say."""
    if series.kind is not SeriesKind.STANDARD or len({dose.season_start for dose in series.doses}) > 1:
        return None
    if any(rule.reference is Reference.OBSERVATION for dose in series.doses for rule in dose.intervals):
        return None
    ages: set[int] = set()
    for dose in series.doses:
        for rule in dose.ages:
            ages |= {rule.minimum, rule.maximum}
        for skip in dose.skips_forecast:
            ages |= _ages_of(skip)
    return ages - {ALWAYS, NEVER}


def calendar(series: Series) -> tuple[int, ...]:
    """The days on which a series changes for everybody: rows coming into force or ceasing, a season ending."""
    days = {dose.season_end + 1 for dose in series.doses}
    for dose in series.doses:
        for rule in dose.ages:
            days |= {rule.effective, rule.cessation + 1}
        for skip in dose.skips_forecast:
            for group in skip.sets:
                days |= {group.effective, group.cessation + 1}
    return tuple(sorted(days - {PAST, FUTURE + 1}))


def are_alike(group: Sequence[Series], periods: Sequence[Period]) -> bool:
    """Whether nothing but the schedule's preference tells the series of a group apart before the first dose.

    Same first dose, same kind of path, and whoever can start any of them can finish it in time (Table 8-11).
    """
    first = {(item.doses[0].ages, item.doses[0].season_start, item.doses[0].season_end) for item in group}
    plain = not any(item.doses[0].skips_forecast or item.doses[0].conflicts for item in group)
    timely = all(_is_finished_in_time(item, periods) for item in group)
    return len(first) == 1 and plain and timely and len({item.is_product for item in group}) == 1


def _is_finished_in_time(series: Series, periods: Sequence[Period]) -> bool:
    """Whether the first dose's minimum age and the longest interval still to come end before the last maximum age."""
    maximum = min((rule.maximum for rule in series.doses[-1].ages), default=NEVER)
    if maximum == NEVER:
        return True
    begin = max((rule.minimum for rule in series.doses[0].ages), default=ALWAYS)
    start = length(periods[begin - 2]) if begin > NEVER else 0.0
    rest = max((length(dose.longest_interval) for dose in series.doses[1:]), default=0.0)
    return start + rest + _MONTHS_VARY < length(periods[maximum - 2])


def have_fixed_order(earlier: Period, later: Period) -> bool:
    """Whether everybody reaches the first age before the second, whatever the length of the months between."""
    if earlier[0] == later[0]:
        return earlier[1] < later[1]
    return length(later) - length(earlier) > _MONTHS_VARY


def in_order(ages: Iterable[int], periods: Sequence[Period]) -> list[int] | None:
    """Ages (positions) in the order in which they are reached, None when two of them have no fixed order."""
    ordered = sorted(ages, key=lambda position: (length(periods[position - 2]), periods[position - 2]))
    for earlier, later in pairwise(ordered):
        if not have_fixed_order(periods[earlier - 2], periods[later - 2]):
            return None
    return ordered


def _ages_of(skip: Skip) -> set[int]:
    return {
        age
        for group in skip.sets
        for condition in group.conditions
        if condition.kind is SkipKind.AGE
        for age in (condition.begin, condition.end)
    }


def watched_vaccines(series: Series) -> frozenset[str]:
    """Vaccines that have a say in a series without belonging to its antigen: conflicts, intervals, counted doses."""
    found: set[str] = set()
    for dose in series.doses:
        found |= set(dose.conflicts)
        for rule in dose.intervals:
            if rule.reference is Reference.RECENT_TYPE:
                found |= rule.types
        for skip in dose.skips_forecast:
            for group in skip.sets:
                for condition in group.conditions:
                    found |= condition.types
    return frozenset(found)


def standing_series(series: Iterable[Series], gender: Gender) -> tuple[Series, ...]:
    """The series of a gender that need no indication."""
    return tuple(
        item for item in series if item.kind is not SeriesKind.RISK and (not item.genders or gender in item.genders)
    )


def challengers(series: Iterable[Series]) -> frozenset[str]:
    """The series, by name, that matter only once a dose of theirs was valid.

    They are not the default and need no indication, and no standard series of their group is without a default one:
    then a standard series needs a valid dose to be scorable, and one that is only evaluated must be complete.
    """
    series = list(series)
    standard = [item for item in series if item.kind is SeriesKind.STANDARD]
    lacking = {
        item.series_group
        for gender in Gender
        for item in standard
        if (not item.genders or gender in item.genders)
        and not any(
            other.is_default
            and other.series_group == item.series_group
            and (not other.genders or gender in other.genders)
            for other in standard
        )
    }
    return frozenset(
        item.name
        for item in series
        if item.kind is not SeriesKind.RISK and not item.is_default and item.series_group not in lacking
    )


def is_preferred(series: Series, others: Iterable[Series]) -> bool:
    """Whether the schedule prefers a series to every other one of its series group (SELECTBEST-2)."""
    group = [other for other in others if other.series_group == series.series_group and other is not series]
    return all(series.preference < other.preference for other in group)


def untouched_series(series: Iterable[Series], periods: Sequence[Period]) -> dict[str, tuple[Series, ...]]:
    """For each gender, the one series of each series group that is prioritized without any dose or indication.

    That is the default series: with one, no standard series is scorable (SELECTSCORE-2) and Table 8-3 takes it. Where
    there is none and the series of the group are alike, all score the same and the preferred one wins. Other groups
    need the long way, and so does their antigen.
    """
    found: dict[str, tuple[Series, ...]] = {}
    for gender in Gender:
        groups: dict[str, list[Series]] = {}
        for item in series:
            if item.kind is SeriesKind.STANDARD and (not item.genders or gender in item.genders):
                groups.setdefault(item.series_group, []).append(item)
        chosen = [_prioritized_untouched(group, periods) for group in groups.values()]
        if None not in chosen:
            found[gender] = tuple(item for item in chosen if item is not None)
    return found


def _prioritized_untouched(group: list[Series], periods: Sequence[Period]) -> Series | None:
    defaults = [item for item in group if item.is_default]
    if len(defaults) == 1:
        return defaults[0]
    if not defaults and are_alike(group, periods):
        return min(group, key=lambda item: item.preference)
    return None


def looks_at_completed(series: Iterable[Series]) -> bool:
    """Whether a series everybody may follow asks whether another series group is complete (Table 6-7)."""
    return any(
        condition.kind is SkipKind.COMPLETED
        for item in series
        if item.kind is not SeriesKind.RISK
        for dose in item.doses
        for skip in (*dose.skips_evaluation, *dose.skips_forecast)
        for group in skip.sets
        for condition in group.conditions
    )
