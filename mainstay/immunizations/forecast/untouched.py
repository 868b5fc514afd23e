"""A short cut for antigens of which the patient has no dose and about which nothing is known.

Most antigens of most patients are like this. Then only the default series can be prioritized (SELECTSCORE-2, Table
8-3), and what a steady series asks for depends on nothing but the stage of life the patient is in and the season:
which of the ages and days that the rules compare with a date have been reached. The first patient of each stage goes
the long way through chapters 6 and 7; for the others only the dates are worked out.
"""

from __future__ import annotations

from bisect import bisect_right

from .evaluation import age_rule
from .forecasting import Clause, SeriesForecast, Why, forecast_series
from .history import Patient
from .immunity import is_immune
from .periods import FUTURE, PAST
from .progress import Progress, SeriesStatus
from .schedule import Antigen, Series
from .selection import is_best

_NOTHING: frozenset[str] = frozenset()
_NEEDED, _NOT_COMPLETE, _AGE, _SEASON = Why.NEEDED, SeriesStatus.NOT_COMPLETE, Clause.AGE, Clause.SEASON


def untouched_forecasts(antigen: Antigen, patient: Patient) -> list[SeriesForecast] | None:
    """The best series of an antigen in which no observation has a say, or None when the long way must be gone."""
    if antigen.name in patient.records:
        return None
    series = antigen.untouched.get(patient.gender)
    if series is None or (antigen.birth_immunity and is_immune(antigen, patient)):
        return None
    found = [_forecast(item, patient) for item in series]
    if len(found) < 2:
        return found
    return [item for item in found if is_best(item, found)]


def _forecast(series: Series, patient: Patient) -> SeriesForecast:
    if not series.is_steady or not patient.received.isdisjoint(series.watched):
        return forecast_series(Progress(series, [], series.doses[0]), patient, _NOTHING, False, _NEEDED)
    known = patient.schedule.known
    start = series.doses[0].season_start
    season = bisect_right(patient.schedule.stages, start, key=patient.ages.__getitem__) if start > PAST else 0
    change = bisect_right(series.calendar, patient.assessed) if series.calendar else 0
    key = (series.name, patient.stage, season, change)
    found = known.get(key)
    if not isinstance(found, SeriesForecast):
        found = forecast_series(Progress(series, [], series.doses[0]), patient, _NOTHING, False, _NEEDED)
        known[key] = found
        return found
    return _dated(found, patient) if found.dose else found


def _dated(known: SeriesForecast, patient: Patient) -> SeriesForecast:
    """The same forecast with this patient's dates: without a history every date comes from an age or a season."""
    dose, dates = known.dose, patient.ages
    assert dose is not None
    ages = age_rule(dose, patient.assessed)
    earliest, earliest_from = dates[ages.minimum], _AGE
    if earliest < patient.born:
        earliest = patient.born
    if dose.season_start > earliest:
        earliest, earliest_from = dose.season_start, _SEASON
    wanted = dates[ages.earliest_recommended] if ages.earliest_recommended >= 0 else earliest
    due = dates[ages.latest_recommended] - 1 if ages.latest_recommended >= 0 else 0
    maximum = dates[ages.maximum]
    return SeriesForecast(
        known.progress,
        _NOT_COMPLETE,
        _NEEDED,
        dose,
        1,
        earliest,
        wanted if wanted > earliest else earliest,
        (due if due > earliest else earliest) if due else 0,
        maximum - 1 if maximum < FUTURE else 0,
        wanted,
        due,
        earliest_from,
        known.recommended_from,
        known.past_due_from,
    )
