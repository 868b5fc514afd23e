"""Bring the best series together into vaccine groups (CDSi chapter 9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .forecasting import SeriesForecast, Why
from .history import Patient
from .progress import SeriesStatus
from .schedule import SeriesKind, VaccineGroup

_CONTRAINDICATED, _NOT_COMPLETE = SeriesStatus.CONTRAINDICATED, SeriesStatus.NOT_COMPLETE
_CASCADE = (_CONTRAINDICATED, SeriesStatus.AGED_OUT, SeriesStatus.NOT_RECOMMENDED, _NOT_COMPLETE)
_IMMUNE, _COMPLETE = SeriesStatus.IMMUNE, SeriesStatus.COMPLETE
_RISK, _NO_VACCINE = SeriesKind.RISK, Why.NO_VACCINE
_LEADING = {
    SeriesStatus.NOT_COMPLETE: 0,
    SeriesStatus.CONTRAINDICATED: 1,
    SeriesStatus.IMMUNE: 2,
    SeriesStatus.COMPLETE: 3,
    SeriesStatus.NOT_RECOMMENDED: 4,
    SeriesStatus.AGED_OUT: 5,
}

Best = Mapping[str, Sequence[SeriesForecast]]


@dataclass(slots=True, eq=False)
class GroupForecast:
    """What a vaccine group asks for next; dates are ordinals, 0 when there is none.

    `others` holds the forecasts of the group's other series groups, when more than one protects the patient.
    """

    group: VaccineGroup
    contained: Sequence[SeriesForecast]
    status: SeriesStatus
    number: int = 0
    earliest: int = 0
    recommended: int = 0
    past_due: int = 0
    latest: int = 0
    others: Sequence[GroupForecast] = ()


def group_forecast(group: VaccineGroup, best: Best, patient: Patient) -> GroupForecast | None:
    """The forecast of a vaccine group, or None when no series concerns the patient.

    The specification makes one for each series group (FORECASTVG-1) and does not say which to show. The one that leads
    may already be started at the patient's age, still asks for something, and concerns a risk, in this order.
    """
    if len(group.antigens) == 1:
        contained = best[group.antigens[0]]
        if not contained:
            return None
        if len(contained) == 1:
            return _single(group, contained)
    by_series_group: dict[str, list[SeriesForecast]] = {}
    for antigen in group.antigens:
        for forecast in best[antigen]:
            by_series_group.setdefault(forecast.progress.series.series_group, []).append(forecast)
    if not by_series_group:
        return None
    if len(by_series_group) == 1:
        (contained,) = by_series_group.values()
        return _merge(group, contained, best, patient)
    found = [_merge(group, by_series_group[name], best, patient) for name in sorted(by_series_group)]
    found.sort(key=lambda forecast: _rank(forecast, patient))
    found[0].others = found[1:]
    return found[0]


def _rank(forecast: GroupForecast, patient: Patient) -> tuple[bool, int, bool]:
    """The lowest leads: not too early to start, asking for something, for a risk."""
    series = [item.progress.series for item in forecast.contained]
    first_start = min([patient.ages[item.minimum_start] for item in series])
    too_early = forecast.status is _NOT_COMPLETE and patient.assessed < first_start
    return too_early, _LEADING[forecast.status], _RISK not in [item.kind for item in series]


def _single(group: VaccineGroup, contained: Sequence[SeriesForecast]) -> GroupForecast:
    """One series speaks for the group."""
    only = contained[0]
    return GroupForecast(
        group, contained, only.status, only.number, only.earliest, only.recommended, only.past_due, only.latest
    )


def _merge(group: VaccineGroup, contained: Sequence[SeriesForecast], best: Best, patient: Patient) -> GroupForecast:
    """The series of one series group speak together, their doses counted over all best series of each antigen."""
    if len(contained) == 1 and len(group.antigens) == 1:
        found = _single(group, contained)
        if found.number:
            found.number = dose_number(best[group.antigens[0]])
        return found
    found = GroupForecast(group, contained, group_status(group, contained))
    if found.status is not _NOT_COMPLETE:
        return found
    due = [item for item in contained if item.status is _NOT_COMPLETE]
    numbers = [dose_number(best[item.progress.series.antigen]) for item in due]
    found.number = min(numbers) if group.needs_full_vaccine else max(numbers)
    found.earliest = _earliest(group, due, patient)
    found.recommended = max(min([item.recommended for item in due]), found.earliest)
    past_due = [item.past_due for item in due if item.past_due]
    found.past_due = max(min(past_due), found.earliest) if past_due else 0
    found.latest = min([item.latest for item in due if item.latest], default=0)
    return found


def group_status(group: VaccineGroup, contained: Sequence[SeriesForecast]) -> SeriesStatus:
    """The status of a group from those of its antigens (SINGLEANTVG-1, Table 9-4).

    Where the group need not be given as one vaccine, an antigen that only lacks a usable vaccine does not hold back
    the others: diphtheria and tetanus go on without pertussis.
    """
    if len(contained) == 1:
        return contained[0].status
    statuses = [item.status for item in contained]
    if _CONTRAINDICATED in statuses and not group.needs_full_vaccine:
        statuses = [item.status for item in contained if item.why is not _NO_VACCINE] or statuses
    for status in _CASCADE:
        if status in statuses:
            return status
    return _COMPLETE if _COMPLETE in statuses else _IMMUNE


def dose_number(best: Sequence[SeriesForecast]) -> int:
    """The number of the next dose of an antigen (FORECASTDN-1): one more than its valid doses.

    A dose counts once when any of the antigen's best series found it valid, as CDC's cases count; with a season, only
    doses given since it began.
    """
    if len(best) == 1:
        return best[0].number
    counted = {
        record.position
        for forecast in best
        for dose, record in forecast.progress.satisfied
        if record.day >= dose.season_start
    }
    return len(counted) + 1


def is_priority(forecast: SeriesForecast) -> bool:
    """Whether every interval of the dose overrides the other antigens (FORECASTPRIORITY-1)."""
    intervals = forecast.dose.intervals if forecast.dose else ()
    return bool(intervals) and all(rule.overrides for rule in intervals)


def _earliest(group: VaccineGroup, due: Sequence[SeriesForecast], patient: Patient) -> int:
    """The earliest date of the group (SINGLEANTVG-2, MULTIANTVG-1)."""
    dates = [item.earliest for item in due]
    if len(group.antigens) == 1:
        return min(dates)
    if any(is_priority(item) for item in due):
        given = [records[-1].day for antigen in group.antigens if (records := patient.records.get(antigen))]
        return max(min(dates), *given) if given else min(dates)
    return max(dates)
