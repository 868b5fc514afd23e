"""Walk a series: match the doses given to the doses it asks for (CDSi §4.4, Figure 4-6)."""

from __future__ import annotations

from collections.abc import Set

from .evaluation import evaluate_dose
from .history import Patient, Record
from .progress import Evaluation, EvaluationStatus, Progress, Reason
from .schedule import Series, SeriesDose
from .skipping import may_skip

_VALID, _NOT_VALID, _EXTRANEOUS = EvaluationStatus.VALID, EvaluationStatus.NOT_VALID, EvaluationStatus.EXTRANEOUS
_INADVERTENT, _SERIES_COMPLETE = Reason.INADVERTENT, Reason.SERIES_COMPLETE


def walk_series(series: Series, patient: Patient, completed: Set[str]) -> Progress:
    """Evaluate every record of the series' antigen, in order, until records or doses run out."""
    records = patient.records.get(series.antigen, [])
    dose: SeriesDose | None = series.doses[0]
    evaluations: list[Evaluation] = []
    satisfied: list[tuple[SeriesDose, Record]] = []
    valid: list[Record] = []
    progress = Progress(series, records, dose, evaluations, satisfied, valid, [])
    for record in records:
        if record.is_substandard:
            progress.last = Evaluation(record, dose, EvaluationStatus.SUBSTANDARD, Reason.SUBSTANDARD)
            evaluations.append(progress.last)
            continue
        day = record.day
        while (
            dose is not None
            and dose.skips_evaluation
            and may_skip(dose.skips_evaluation, progress, patient, day, day, completed, record)
        ):
            dose = dose.following
        if dose is None:
            evaluations.append(Evaluation(record, None, _EXTRANEOUS, _SERIES_COMPLETE))
            continue
        found = evaluate_dose(record, dose, progress, patient)
        evaluations.append(found)
        progress.last = found
        if found.status is _VALID:
            progress.previous = day
            satisfied.append((dose, record))
            valid.append(record)
            if not dose.is_recurring:
                dose = dose.following
        elif found.reason is _INADVERTENT:
            progress.inadvertent.append(record)
        elif found.status is _NOT_VALID:
            progress.previous = day
    progress.current = dose
    return progress
