"""Walk a series: match the doses given to the doses it asks for (CDSi §4.4, Figure 4-6)."""

from __future__ import annotations

from collections.abc import Set

from .evaluation import evaluate_dose
from .history import Patient
from .progress import Evaluation, EvaluationStatus, Progress, Reason
from .schedule import Series
from .skipping import may_skip


def walk_series(series: Series, patient: Patient, completed: Set[str]) -> Progress:
    """Evaluate every record of the series' antigen, in order, until records or doses run out."""
    records = patient.records.get(series.antigen, [])
    progress = Progress(series, records, series.doses[0])
    evaluations = progress.evaluations
    for record in records:
        if record.is_substandard:
            progress.last = Evaluation(record, progress.current, EvaluationStatus.SUBSTANDARD, Reason.SUBSTANDARD)
            evaluations.append(progress.last)
            continue
        day = record.day
        while (
            (dose := progress.current) is not None
            and dose.skips_evaluation
            and may_skip(dose.skips_evaluation, progress, patient, day, day, completed, record)
        ):
            progress.skip(dose)
        if dose is None:
            evaluations.append(Evaluation(record, None, EvaluationStatus.EXTRANEOUS, Reason.SERIES_COMPLETE))
            continue
        found = evaluate_dose(record, dose, progress, patient)
        evaluations.append(found)
        progress.last = found
        if found.status is EvaluationStatus.VALID:
            progress.previous = day
            progress.satisfy(dose, record)
        elif found.reason is Reason.INADVERTENT:
            progress.inadvertent.append(record)
        elif found.status is EvaluationStatus.NOT_VALID:
            progress.previous = day
    return progress
