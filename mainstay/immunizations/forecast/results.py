"""What the forecast means dose by dose and product by product."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .contraindications import contraindicated_vaccines
from .engine import Forecast
from .forecasting import SeriesForecast
from .history import Patient, Record
from .progress import Evaluation, EvaluationStatus, Reason


@dataclass(frozen=True, slots=True)
class DoseResult:
    """What became of one dose for one antigen it contains."""

    record: Record
    antigen: str
    status: EvaluationStatus
    reason: Reason


def dose_results(forecast: Forecast) -> Iterator[DoseResult]:
    """Every dose in the order given, for each of its antigens that some best series looked at.

    A dose is valid when any best series of the antigen found it so; otherwise the first of them speaks.
    """
    judged: dict[tuple[int, str], Evaluation] = {}
    for antigen, best in forecast.best.items():
        for item in best:
            for evaluation in item.progress.evaluations:
                key = (evaluation.record.position, antigen)
                if key not in judged or (
                    evaluation.status is EvaluationStatus.VALID and judged[key].status is not EvaluationStatus.VALID
                ):
                    judged[key] = evaluation
    for (_, antigen), evaluation in sorted(judged.items()):
        yield DoseResult(evaluation.record, antigen, evaluation.status, evaluation.reason)


def recommended_vaccines(item: SeriesForecast, patient: Patient) -> list[str]:
    """The vaccine types (CVX) to use for the next dose, in the order of the schedule (FORECASTRECVAC-1)."""
    if item.dose is None:
        return []
    series = item.progress.series
    banned = contraindicated_vaccines(patient.schedule.antigens[series.antigen], patient)
    return [
        cvx
        for cvx, rules in item.dose.preferable.items()
        if cvx not in banned
        and any(
            rule.is_recommended
            and any(
                patient.ages[rule.begin] <= day < patient.ages[rule.end] for day in (item.earliest, item.recommended)
            )
            for rule in rules
        )
    ]
