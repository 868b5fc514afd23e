"""Seasons that are over in a schedule, and whether its own calendar says that the next one has begun.

Releases carry one season at a time. After its last day a schedule says "not recommended" (Table 7-10), whatever the
calendar says, until the next release.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from .forecasting import Why
from .groups import GroupForecast
from .periods import FUTURE, PAST
from .schedule import Schedule, Series, SeriesDose


@dataclass(frozen=True, slots=True)
class SeasonOver:
    """A vaccine group with a season that has ended; `is_on_again` when the same days of a later year include today.

    `is_whole` is false when other series of the group go on, as RSV for the old when the infants' season has ended.
    """

    group: str
    ended: date
    is_on_again: bool
    is_whole: bool = True


def seasons_over(schedule: Schedule, on: date) -> list[SeasonOver]:
    """The vaccine groups in which the last season of a series has ended, by name."""
    found = []
    for group in schedule.groups:
        series = [one for name in group.antigens for one in schedule.antigens[name].series]
        over = [one for one in series if _is_over(one, on)]
        if over:
            doses = [dose for one in over for dose in one.doses]
            found.append(_season_over(group.name, doses, on, is_whole=len(over) == len(series)))
    return sorted(found, key=lambda item: item.group)


def season_over_for(group: GroupForecast, on: date) -> SeasonOver | None:
    """The season that keeps a patient's group from being recommended; None when something else does, or nothing."""
    doses = [item.progress.current for item in group.contained if item.why is Why.SEASON_OVER]
    waiting = [dose for dose in doses if dose is not None]
    return _season_over(group.group.name, waiting, on) if waiting and not group.earliest else None


def _is_over(series: Series, on: date) -> bool:
    return all(dose.season_end < on.toordinal() for dose in series.doses)


def _season_over(group: str, doses: list[SeriesDose], on: date, *, is_whole: bool = True) -> SeasonOver:
    seasons = {(dose.season_start, dose.season_end) for dose in doses}
    ended = date.fromordinal(max(end for _, end in seasons if end < FUTURE))
    return SeasonOver(group, ended, any(_is_on(start, end, on) for start, end in seasons), is_whole)


def _is_on(start: int, end: int, on: date) -> bool:
    """Whether the days of a season, moved to this year or the last, include a day."""
    if start == PAST:
        return False
    first, length = date.fromordinal(start), timedelta(days=end - start)
    begins = [_in_year(first, year) for year in (on.year - 1, on.year)]
    return any(begin <= on <= begin + length for begin in begins)


def _in_year(day: date, year: int) -> date:
    return date(year, 3, 1) if (day.month, day.day) == (2, 29) else day.replace(year=year)
