"""The whole of it, for one patient on one day (CDSi Figure 4-1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from .contraindications import antigen_contraindication, contraindicated_vaccines, leaves_no_vaccine
from .forecasting import SeriesForecast, Why, forecast_series
from .groups import Best, GroupForecast, group_forecast
from .history import Patient, Person, organize_history
from .immunity import is_immune
from .progress import SeriesStatus
from .relevant import can_compete, relevant_series
from .schedule import Antigen, Schedule
from .selection import best_series, is_started_in_time, is_unbeatable
from .twins import twin_forecasts
from .untouched import untouched_forecasts
from .walking import walk_series

_NOTHING: frozenset[str] = frozenset()
_NEEDED, _COMPLETE = Why.NEEDED, SeriesStatus.COMPLETE


@dataclass(slots=True, eq=False)
class Forecast:
    """Every vaccine group's forecast, and behind them the best series of every antigen that may concern the patient."""

    patient: Patient
    best: Mapping[str, list[SeriesForecast]]
    groups: list[GroupForecast]


def forecast_person(
    person: Person, schedule: Schedule, assessed: date, groups: Collection[str] | None = None
) -> Forecast:
    """What is due for a person on a day under a schedule; `groups` limits the work to some vaccine groups.

    A dose of a vaccine the schedule does not know is judged for no antigen.
    """
    patient = organize_history(person, schedule, assessed)
    antigens = schedule.antigens
    best: dict[str, list[SeriesForecast]] = {}
    found: list[GroupForecast] = []
    for group in schedule.groups:
        if groups is not None and group.name not in groups:
            continue
        if group.indications is not None and patient.codes.isdisjoint(group.indications):
            continue
        for name in group.antigens:
            best[name] = _best_series(antigens[name], patient, best)
        forecast = group_forecast(group, best, patient)
        if forecast is not None:
            found.append(forecast)
    return Forecast(patient, best, found)


def _best_series(antigen: Antigen, patient: Patient, best: Best) -> list[SeriesForecast]:
    """The best series of an antigen, by the shortest way; `best` has those of the antigens before it."""
    if not antigen.is_plain or not patient.codes.isdisjoint(antigen.watched_codes):
        return _best_of_all(antigen, patient)
    known = untouched_forecasts(antigen, patient)
    if known is None and antigen.twin is not None:
        known = twin_forecasts(antigen, antigen.twin, patient, best)
    return _best_of_standing(antigen, patient) if known is None else known


def _best_of_all(antigen: Antigen, patient: Patient) -> list[SeriesForecast]:
    """Evaluate and forecast every relevant series, series group by series group, and keep the best."""
    immune = is_immune(antigen, patient)
    barred = Why.CONTRAINDICATED if antigen_contraindication(antigen, patient) else _NEEDED
    banned = contraindicated_vaccines(antigen, patient)
    completed: set[str] = set()
    forecasts = []
    for series in relevant_series(antigen, patient):
        progress = walk_series(series, patient, completed)
        why = Why.NO_VACCINE if not barred and leaves_no_vaccine(series, banned) else barred
        forecast = forecast_series(progress, patient, completed, immune, why)
        if forecast.status is _COMPLETE:
            completed.add(series.series_group)
        forecasts.append(forecast)
    return best_series(forecasts, patient)


def _best_of_standing(antigen: Antigen, patient: Patient) -> list[SeriesForecast]:
    """The same where no observation has a say in the antigen: only series that can still win are gone through."""
    immune = is_immune(antigen, patient)
    challengers = antigen.challengers
    settled: set[str] = set()
    forecasts = []
    for series in antigen.standing[patient.gender]:
        is_challenger = series.name in challengers
        if is_challenger and (series.series_group in settled or not can_compete(series, patient)):
            continue
        progress = walk_series(series, patient, _NOTHING)
        if is_challenger and not is_started_in_time(progress, patient):
            continue
        forecast = forecast_series(progress, patient, _NOTHING, immune, _NEEDED)
        if is_unbeatable(forecast, patient):
            settled.add(series.series_group)
        forecasts.append(forecast)
    return best_series(forecasts, patient)
