"""What the forecast means dose by dose and product by product."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .contraindications import contraindicated_vaccines
from .engine import Forecast
from .forecasting import SeriesForecast
from .groups import GroupForecast
from .history import Patient, Record
from .progress import Evaluation, EvaluationStatus, Reason
from .schedule import VaccineRule

_VALID = EvaluationStatus.VALID


@dataclass(slots=True, eq=False)
class DoseResult:
    """What became of one dose for one antigen it contains."""

    record: Record
    antigen: str
    status: EvaluationStatus
    reason: Reason
    limit: int = 0
    """The day that decided, as an ordinal; 0 when none did."""


def dose_results(forecast: Forecast) -> Iterator[DoseResult]:
    """Every dose in the order given, for each of its antigens that some best series looked at, by name.

    A dose is valid when any best series of the antigen found it so; otherwise the first of them speaks.
    """
    for antigen, item in judgements(forecast):
        yield DoseResult(item.record, antigen, item.status, item.reason, item.limit)


def judgements(forecast: Forecast) -> list[tuple[str, Evaluation]]:
    """The same as antigen and evaluation, without making a result of it."""
    found: list[list[tuple[str, Evaluation]]] = [[] for _ in forecast.patient.history]
    for antigen in sorted(forecast.patient.records):
        best = forecast.best.get(antigen, ())
        if len(best) == 1:
            for item in best[0].progress.evaluations:
                found[item.record.position].append((antigen, item))
        elif best:
            for position, item in _judged(best).items():
                found[position].append((antigen, item))
    return [judged for dose in found for judged in dose]


def _judged(best: Sequence[SeriesForecast]) -> dict[int, Evaluation]:
    """For each record the evaluation that speaks, among several best series."""
    judged: dict[int, Evaluation] = {}
    for item in best:
        for evaluation in item.progress.evaluations:
            position = evaluation.record.position
            if position not in judged or (evaluation.status is _VALID and judged[position].status is not _VALID):
                judged[position] = evaluation
    return judged


def needs_shared_decision(group: GroupForecast) -> bool:
    """Whether the group is due by shared clinical decision-making: the clinician's talk must be on record first."""
    return any(item.dose is not None and item.progress.series.is_shared_decision for item in group.contained)


def suitable_vaccines(item: SeriesForecast, patient: Patient) -> list[str]:
    """The vaccine types (CVX) for the next dose: preferable ones, or where none of these is left, allowable ones.

    Of the right age on the earliest or the recommended day, and not contraindicated; in the order of the schedule.
    """
    if item.dose is None:
        return []
    return _vaccines(item, patient, item.dose.preferable.values()) or _vaccines(
        item, patient, item.dose.allowable.values()
    )


def recommended_vaccines(item: SeriesForecast, patient: Patient) -> list[str]:
    """Those of the suitable vaccines the schedule recommends by name (FORECASTRECVAC-1); often none."""
    rows = item.dose.preferable.values() if item.dose else ()
    return _vaccines(item, patient, [[rule for rule in rules if rule.is_recommended] for rules in rows])


def _vaccines(item: SeriesForecast, patient: Patient, rows: Iterable[Sequence[VaccineRule]]) -> list[str]:
    banned = contraindicated_vaccines(patient.schedule.antigens[item.progress.series.antigen], patient)
    days = (item.earliest, item.recommended)
    ages = patient.ages
    return [
        rules[0].cvx
        for rules in rows
        if rules
        and rules[0].cvx not in banned
        and any(ages[rule.begin] <= day < ages[rule.end] for rule in rules for day in days)
    ]
