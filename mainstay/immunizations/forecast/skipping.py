"""When a dose may be skipped (CDSi §6.2, used again in §7.1 and §7.6; Tables 6-6 to 6-11)."""

from __future__ import annotations

from collections.abc import Sequence, Set

from .history import Patient, Record
from .periods import add_period
from .progress import Progress
from .schedule import Skip, SkipCondition, SkipKind, SkipSet

_AGE, _COUNT, _INTERVAL = SkipKind.AGE, SkipKind.COUNT, SkipKind.INTERVAL


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
    ages = patient.ages
    for skip in skips:
        if (between := skip.only_ages) is not None:
            if ages[between[0]] <= reference < ages[between[1]]:
                return True
            continue
        needs_all = skip.needs_all
        met = False
        for group in skip.sets:
            if group.effective <= anchor <= group.cessation:
                met = _is_met(group, progress, patient, reference, completed, before)
                if met is not needs_all:
                    break
        if met:
            return True
    return False


def _is_met(
    group: SkipSet,
    progress: Progress,
    patient: Patient,
    reference: int,
    completed: Set[str],
    before: Record | None,
) -> bool:
    """Whether all, or any, of the conditions of a set are met (Tables 6-6 to 6-10)."""
    needs_all = group.needs_all
    ages = patient.ages
    for condition in group.conditions:
        kind = condition.kind
        if kind is _AGE:
            met = ages[condition.begin] <= reference < ages[condition.end]
        elif kind is _COUNT:
            number = (
                len(progress.valid)
                if condition.counts_every_valid
                else conditional_doses(condition, progress, patient, before)
            )
            if condition.comparison == "greater than":
                met = number > condition.count
            elif condition.comparison == "equal to":
                met = number == condition.count
            else:
                met = number < condition.count
        elif kind is _INTERVAL:
            last = _last_dose(progress, before)
            assert condition.interval is not None
            met = last is not None and reference >= add_period(last.day, condition.interval)
        else:
            met = not completed.isdisjoint(condition.series_groups)
        if met is not needs_all:
            return met
    return needs_all


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
    ages = patient.ages
    first, last = ages[condition.begin], ages[condition.end]
    if condition.start > first:
        first = condition.start
    if condition.until < last:
        last = condition.until
    number = 0
    for record in pool:
        if before is not None and record.position >= before.position:
            break
        if first <= record.day < last and (not types or record.cvx in types):
            number += 1
    return number
