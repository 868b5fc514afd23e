"""Forecast one series: is another dose needed, and when (CDSi chapter 7, §7.1 and §7.4 to §7.6)."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from enum import StrEnum

from .conflicts import forecast_conflict_end
from .evaluation import age_rule
from .history import Patient
from .intervals import reference_date
from .periods import FUTURE, add_period
from .progress import Progress, SeriesStatus
from .schedule import AgeRule, SeriesDose
from .skipping import may_skip


class Why(StrEnum):
    """Why no other dose is needed (Table 7-10)."""

    NEEDED = ""
    COMPLETE = "series complete"
    ENOUGH = "enough doses already given"
    IMMUNE = "evidence of immunity"
    CONTRAINDICATED = "contraindicated"
    NO_VACCINE = "every suitable vaccine is contraindicated"
    SEASON_OVER = "the season has ended"
    TOO_OLD = "past the maximum age"
    TOO_LATE = "cannot be finished before the maximum age"


class Clause(StrEnum):
    """Which clause a date came from (FORECASTDTCAN-1, FORECASTDT-2 and -3)."""

    NONE = ""
    AGE = "age"
    INTERVAL = "interval"
    CONFLICT = "conflict"
    SEASON = "season"
    INADVERTENT = "inadvertent"
    LAST_DOSE = "last dose"
    EARLIEST = "earliest"


_NOWHERE, _AGE, _INTERVAL, _EARLIEST = Clause.NONE, Clause.AGE, Clause.INTERVAL, Clause.EARLIEST
_CONFLICT, _SEASON = Clause.CONFLICT, Clause.SEASON
_INADVERTENT, _LAST_DOSE = Clause.INADVERTENT, Clause.LAST_DOSE
_NOT_COMPLETE, _COMPLETE, _AGED_OUT = SeriesStatus.NOT_COMPLETE, SeriesStatus.COMPLETE, SeriesStatus.AGED_OUT
_NEEDED, _DONE, _TOO_OLD = Why.NEEDED, Why.COMPLETE, Why.TOO_OLD


@dataclass(slots=True, eq=False)
class SeriesForecast:
    """What a series asks for next; dates are ordinals, 0 when there is none."""

    progress: Progress
    status: SeriesStatus
    why: Why = Why.NEEDED
    dose: SeriesDose | None = None
    number: int = 0
    earliest: int = 0
    recommended: int = 0
    past_due: int = 0
    latest: int = 0
    unadjusted_recommended: int = 0
    unadjusted_past_due: int = 0
    earliest_from: Clause = Clause.NONE
    recommended_from: Clause = Clause.NONE
    past_due_from: Clause = Clause.NONE


def forecast_series(
    progress: Progress, patient: Patient, completed: Set[str], immune: bool, barred: Why
) -> SeriesForecast:
    """The forecast of a series that has been walked; skips doses that are not needed on the way (§7.1, §7.6).

    `barred` says why the series is contraindicated, if it is.
    """
    today = patient.assessed
    while True:
        while (
            (dose := progress.current) is not None
            and dose.skips_forecast
            and may_skip(dose.skips_forecast, progress, patient, today, today, completed)
        ):
            progress.skip(dose)
        if dose is None:
            if progress.valid:
                return SeriesForecast(progress, _COMPLETE, _DONE)
            return SeriesForecast(progress, SeriesStatus.NOT_RECOMMENDED, Why.ENOUGH)
        if immune:
            return SeriesForecast(progress, SeriesStatus.IMMUNE, Why.IMMUNE)
        if barred:
            return SeriesForecast(progress, SeriesStatus.CONTRAINDICATED, barred)
        if today > dose.season_end:
            return SeriesForecast(progress, SeriesStatus.NOT_RECOMMENDED, Why.SEASON_OVER)
        ages = age_rule(dose, today)
        maximum = patient.ages[ages.maximum]
        if today >= maximum:
            return SeriesForecast(progress, _AGED_OUT, _TOO_OLD)
        found = _dates(progress, dose, ages, patient)
        if found.earliest >= maximum:
            return SeriesForecast(progress, _AGED_OUT, Why.TOO_LATE)
        if not dose.skips_forecast or not may_skip(
            dose.skips_forecast, progress, patient, found.earliest, today, completed
        ):
            return found
        progress.skip(dose)


def _dates(progress: Progress, dose: SeriesDose, ages: AgeRule, patient: Patient) -> SeriesForecast:
    """The dates of the next dose (FORECASTDTCAN-1 and FORECASTDT-1 to -6)."""
    today, dates = patient.assessed, patient.ages
    earliest, clause = dates[ages.minimum], _AGE
    if earliest < patient.born:
        earliest = patient.born
    recommended_interval = latest_interval = 0
    for rule in dose.intervals:
        if not rule.effective <= today <= rule.cessation:
            continue
        start = reference_date(rule, progress, patient, None)
        if not start:
            continue
        if rule.minimum and (day := add_period(start, rule.minimum)) > earliest:
            earliest, clause = day, _INTERVAL
        if rule.earliest_recommended and (day := add_period(start, rule.earliest_recommended)) > recommended_interval:
            recommended_interval = day
        if rule.latest_recommended and (day := add_period(start, rule.latest_recommended)) > latest_interval:
            latest_interval = day
    if dose.conflicts and (day := forecast_conflict_end(dose, patient)) > earliest:
        earliest, clause = day, _CONFLICT
    last = progress.last
    if last is not None and last.record.day > earliest:
        earliest = last.record.day
        clause = _INADVERTENT if last.record in progress.inadvertent else _LAST_DOSE
    if dose.season_start > earliest:
        earliest, clause = dose.season_start, _SEASON
    if ages.earliest_recommended >= 0:
        wanted, wanted_from = dates[ages.earliest_recommended], _AGE
    elif recommended_interval:
        wanted, wanted_from = recommended_interval, _INTERVAL
    else:
        wanted, wanted_from = earliest, _EARLIEST
    due, due_from = 0, _NOWHERE
    if ages.latest_recommended >= 0:
        due, due_from = dates[ages.latest_recommended] - 1, _AGE
    elif latest_interval:
        due, due_from = latest_interval - 1, _INTERVAL
    maximum = dates[ages.maximum]
    return SeriesForecast(
        progress,
        _NOT_COMPLETE,
        _NEEDED,
        dose,
        _number(progress),
        earliest,
        wanted if wanted > earliest else earliest,
        (due if due > earliest else earliest) if due else 0,
        maximum - 1 if maximum < FUTURE else 0,
        wanted,
        due,
        clause,
        wanted_from,
        due_from,
    )


def _number(progress: Progress) -> int:
    """The number of the next dose in its series (FORECASTDN-1); with a season, doses before it do not count."""
    number = 1
    for dose, record in progress.satisfied:
        if record.day >= dose.season_start:
            number += 1
    return number


def finish_date(forecast: SeriesForecast, patient: Patient) -> int:
    """When the series could be finished (SELECTB-12): the earliest date plus the longest interval still to come.

    Of the intervals in force on the day of assessment (RELEVANT-2). 0 when the series has no forecast.
    """
    dose = forecast.dose
    if dose is None:
        return 0
    finish = earliest = forecast.earliest
    today = patient.assessed
    for period, effective, cessation in dose.intervals_after:
        if effective <= today <= cessation:
            day = add_period(earliest, period)
            if day > finish:
                finish = day
    return finish


def is_completable(forecast: SeriesForecast, finish: int, patient: Patient) -> bool:
    """Whether the series, finished on that date, is so before the last dose's maximum age (SELECTB-3)."""
    last = forecast.progress.series.doses[-1]
    return bool(finish) and finish < patient.ages[age_rule(last, patient.assessed).maximum]
