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
    for record in records:
        if record.is_substandard:
            progress.last = Evaluation(record, progress.current, EvaluationStatus.SUBSTANDARD, Reason.SUBSTANDARD)
            progress.evaluations.append(progress.last)
            continue
        day = record.day
        while (
            (dose := progress.current) is not None
            and dose.skips_evaluation
            and may_skip(dose.skips_evaluation, progress, patient, day, day, completed, record)
        ):
            progress.skip()
        if dose is None:
            progress.evaluations.append(Evaluation(record, None, EvaluationStatus.EXTRANEOUS, Reason.SERIES_COMPLETE))
            continue
        found = evaluate_dose(record, dose, progress, patient)
        progress.evaluations.append(found)
        progress.last = found
        if found.reason is Reason.INADVERTENT:
            progress.inadvertent.append(record)
        elif found.status is not EvaluationStatus.EXTRANEOUS:
            progress.previous = day
        if found.status is EvaluationStatus.VALID:
            progress.satisfy(record)
    return progress
