"""When a dose may be skipped (CDSi §6.2, used again in §7.1 and §7.6; Tables 6-6 to 6-11)."""

from __future__ import annotations

from collections.abc import Sequence, Set

from .history import Patient, Record
from .periods import add_period
from .progress import Progress
from .schedule import Skip, SkipCondition, SkipKind, SkipSet


def may_skip(
    skips: Sequence[Skip],
    progress: Progress,
    patient: Patient,
    reference: int,
    anchor: int,
    completed: Set[str],
    before: Record | None = None,
) -> bool:
    """Whether the current dose can be skipped at the reference date (CONDSKIP-2).

    `anchor` chooses the rows in force (§3.3); `completed` names the series groups with a complete series; `before` is
    the dose under evaluation, which with everything after it is not yet part of the history.
    """
    for skip in skips:
        met = 0
        sets = 0
        for group in skip.sets:
            if not group.effective <= anchor <= group.cessation:
                continue
            sets += 1
            if _set_met(group, progress, patient, reference, completed, before):
                met += 1
                if not skip.needs_all:
                    break
        if met and (met == sets or not skip.needs_all):
            return True
    return False


def _set_met(
    group: SkipSet,
    progress: Progress,
    patient: Patient,
    reference: int,
    completed: Set[str],
    before: Record | None,
) -> bool:
    needs_all = group.needs_all
    for condition in group.conditions:
        if _condition_met(condition, progress, patient, reference, completed, before) is not needs_all:
            return not needs_all
    return needs_all


def _condition_met(
    condition: SkipCondition,
    progress: Progress,
    patient: Patient,
    reference: int,
    completed: Set[str],
    before: Record | None,
) -> bool:
    kind = condition.kind
    ages = patient.ages
    if kind is SkipKind.AGE:
        return ages[condition.begin] <= reference < ages[condition.end]
    if kind is SkipKind.COUNT:
        number = conditional_doses(condition, progress, patient, before)
        if condition.comparison == "greater than":
            return number > condition.count
        if condition.comparison == "equal to":
            return number == condition.count
        return number < condition.count
    if kind is SkipKind.INTERVAL:
        last = _last_dose(progress, before)
        assert condition.interval is not None
        return last is not None and reference >= add_period(last.day, condition.interval)
    return not completed.isdisjoint(condition.series_groups)


def _last_dose(progress: Progress, before: Record | None) -> Record | None:
    """The dose given immediately before the one under evaluation, or the last one of all."""
    last = None
    for record in progress.records:
        if record is before:
            break
        last = record
    return last


def conditional_doses(condition: SkipCondition, progress: Progress, patient: Patient, before: Record | None) -> int:
    """How many doses count towards a condition (CONDSKIP-1): by vaccine, by age and date given, valid or any."""
    types = condition.types
    pool: Sequence[Record]
    if condition.valid_only:
        pool = progress.valid
    elif types:
        pool = patient.history
    else:
        pool = progress.records
    if not pool:
        return 0
    first = max(patient.ages[condition.begin], condition.start)
    last = min(patient.ages[condition.end], condition.until)
    number = 0
    for record in pool:
        if before is not None and record.position >= before.position:
            break
        if first <= record.day < last and (not types or record.cvx in types):
            number += 1
    return number
