"""The whole of it, for one patient on one day (CDSi Figure 4-1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from .contraindications import antigen_contraindication, contraindicated_vaccines, leaves_no_vaccine
from .forecasting import SeriesForecast, forecast_series
from .groups import GroupForecast, group_forecasts
from .history import Patient, Person, organize_history
from .immunity import is_immune
from .progress import SeriesStatus
from .relevant import relevant_series
from .schedule import Antigen, Schedule
from .selection import best_series
from .walking import walk_series


@dataclass(slots=True, eq=False)
class Forecast:
    """Every vaccine group's forecast, and the best series of every antigen behind them."""

    patient: Patient
    best: Mapping[str, list[SeriesForecast]]
    groups: list[GroupForecast]


def forecast_person(
    person: Person, schedule: Schedule, assessed: date, groups: Collection[str] | None = None
) -> Forecast:
    """What is due for a person on a day under a schedule; `groups` limits the work to some vaccine groups.

    Raises KeyError for a vaccine code the schedule does not know.
    """
    patient = organize_history(person, schedule, assessed)
    best: dict[str, list[SeriesForecast]] = {}
    found: list[GroupForecast] = []
    for group in schedule.groups:
        if groups is not None and group.name not in groups:
            continue
        for name in group.antigens:
            best[name] = _antigen_forecasts(schedule.antigens[name], patient)
        found += group_forecasts(group, best, patient)
    return Forecast(patient, best, found)


def _antigen_forecasts(antigen: Antigen, patient: Patient) -> list[SeriesForecast]:
    """Evaluate and forecast every relevant series, series group by series group, and keep the best."""
    relevant = relevant_series(antigen, patient)
    if not relevant:
        return []
    immune = is_immune(antigen, patient)
    barred = antigen_contraindication(antigen, patient) is not None
    banned = contraindicated_vaccines(antigen, patient)
    completed: set[str] = set()
    forecasts = []
    for series in relevant:
        progress = walk_series(series, patient, completed)
        contraindicated = barred or leaves_no_vaccine(series, banned)
        forecast = forecast_series(progress, patient, completed, immune, contraindicated)
        if forecast.status is SeriesStatus.COMPLETE:
            completed.add(series.series_group)
        forecasts.append(forecast)
    return best_series(forecasts, patient)
