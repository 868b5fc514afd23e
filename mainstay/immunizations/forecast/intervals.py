"""Intervals between a dose and what came before it (CDSi §6.5 and §6.6; CALCDTINT-1 to CALCDTINT-9)."""

from __future__ import annotations

from .history import Patient, Record
from .periods import add_period
from .progress import Progress, Reason
from .schedule import IntervalRule, Reference, SeriesDose

_PREVIOUS, _TARGET, _OBSERVATION = Reference.PREVIOUS, Reference.TARGET, Reference.OBSERVATION
_NONE, _GRACE, _TOO_SOON = Reason.NONE, Reason.GRACE, Reason.TOO_SOON


def reference_date(rule: IntervalRule, progress: Progress, patient: Patient, before: Record | None) -> int:
    """The date the interval is measured from, or 0 when there is nothing to measure from.

    From the previous dose that was valid or not valid and not inadvertent; from a given dose of the series; from the
    most recent dose of certain vaccines; or from the most recent observation with a certain code.
    """
    if rule.reference is _PREVIOUS:
        return progress.previous
    if rule.reference is _TARGET:
        return progress.satisfied_on(rule.target)
    if rule.reference is _OBSERVATION:
        return patient.observed.get(rule.observation, 0)
    latest = 0
    for record in patient.history:
        if before is not None and record.position >= before.position:
            break
        if record.cvx in rule.types and record not in progress.inadvertent:
            latest = record.day
    return latest


def preferable_intervals_met(
    record: Record, dose: SeriesDose, progress: Progress, patient: Patient
) -> tuple[Reason, int]:
    """Whether every preferable interval in force was kept (Table 6-18): nothing, grace or too soon, and until when."""
    day = record.day
    reason = _NONE
    for rule in dose.intervals:
        if not rule.effective <= day <= rule.cessation:
            continue
        if rule.reference is _PREVIOUS:
            start = progress.previous
        else:
            start = reference_date(rule, progress, patient, record)
        if not start or day - start >= rule.enough:
            continue
        if rule.absolute_minimum:
            limit = add_period(start, rule.absolute_minimum)
            if day < limit:
                return _TOO_SOON, limit
        if rule.minimum and day < add_period(start, rule.minimum):
            reason = _GRACE
    return reason, 0


def allowable_intervals_met(record: Record, dose: SeriesDose, progress: Progress, patient: Patient) -> bool:
    """Whether every allowable interval in force was kept (Table 6-21); a dose that states none has none."""
    day = record.day
    rules = [rule for rule in dose.allowable_intervals if rule.effective <= day <= rule.cessation]
    for rule in rules:
        start = reference_date(rule, progress, patient, record)
        if start and rule.absolute_minimum and day < add_period(start, rule.absolute_minimum):
            return False
    return bool(rules)
