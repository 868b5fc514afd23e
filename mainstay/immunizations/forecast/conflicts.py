"""Vaccines that must be kept apart, whatever their antigens (CDSi §6.7 and CALCDTCONFLICT-1 to -3)."""

from __future__ import annotations

from .history import Patient, Record
from .periods import add_period
from .progress import EvaluationStatus, Progress
from .schedule import SeriesDose

_VALID = EvaluationStatus.VALID


def conflict_end(record: Record, progress: Progress) -> int:
    """When the conflict that spoils this dose ends, or 0 when there is none (CONFLICT-3).

    The shorter end counts when the earlier dose was valid or is not judged in this series.
    """
    for earlier, end_if_valid, end_if_not in record.clashes:
        is_spoiled = any(item.record is earlier and item.status is not _VALID for item in progress.evaluations)
        end = end_if_not if is_spoiled else end_if_valid
        if record.day < end:
            return end
    return 0


def forecast_conflict_end(dose: SeriesDose, patient: Patient) -> int:
    """The latest date until which an earlier dose holds back the next one (CALCDTCONFLICT-3), or 0."""
    conflicts = dose.conflicts
    if not conflicts:
        return 0
    latest = 0
    for record in patient.history:
        period = conflicts.get(record.cvx)
        if period is not None:
            latest = max(latest, add_period(record.day, period))
    return latest
