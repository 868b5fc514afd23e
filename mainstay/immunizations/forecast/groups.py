"""Bring the best series together into vaccine groups (CDSi chapter 9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .forecasting import SeriesForecast
from .history import Patient
from .progress import SeriesStatus
from .schedule import VaccineGroup

_CASCADE = (
    SeriesStatus.CONTRAINDICATED,
    SeriesStatus.AGED_OUT,
    SeriesStatus.NOT_RECOMMENDED,
    SeriesStatus.NOT_COMPLETE,
)


@dataclass(slots=True, eq=False)
class GroupForecast:
    """What a vaccine group asks for next; dates are ordinals, 0 when there is none."""

    group: VaccineGroup
    series_group: str
    contained: list[SeriesForecast]
    status: SeriesStatus
    number: int = 0
    earliest: int = 0
    recommended: int = 0
    past_due: int = 0
    latest: int = 0


def group_forecasts(
    group: VaccineGroup, best: Mapping[str, Sequence[SeriesForecast]], patient: Patient
) -> list[GroupForecast]:
    """One forecast for each series group that has a best series (FORECASTVG-1)."""
    by_series_group: dict[str, list[SeriesForecast]] = {}
    for antigen in group.antigens:
        for forecast in best.get(antigen, ()):
            by_series_group.setdefault(forecast.progress.series.series_group, []).append(forecast)
    return [_merge(group, name, contained, patient) for name, contained in sorted(by_series_group.items())]


def _merge(
    group: VaccineGroup, series_group: str, contained: list[SeriesForecast], patient: Patient
) -> GroupForecast:
    found = GroupForecast(group, series_group, contained, group_status(contained))
    due = [item for item in contained if item.earliest]
    if found.status is not SeriesStatus.NOT_COMPLETE or not due:
        return found
    numbers = [item.number for item in due]
    found.number = min(numbers) if group.needs_full_vaccine else max(numbers)
    found.earliest = _earliest(group, due, patient)
    found.recommended = max(min(item.recommended for item in due), found.earliest)
    past_due = [item.past_due for item in due if item.past_due]
    found.past_due = max(min(past_due), found.earliest) if past_due else 0
    found.latest = min((item.latest for item in due if item.latest), default=0)
    return found


def group_status(contained: Sequence[SeriesForecast]) -> SeriesStatus:
    """The status of a group from those of its antigens (SINGLEANTVG-1, Table 9-4)."""
    statuses = {item.status for item in contained}
    for status in _CASCADE:
        if status in statuses:
            return status
    return SeriesStatus.IMMUNE if statuses == {SeriesStatus.IMMUNE} else SeriesStatus.COMPLETE


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
