"""Judge one dose given against one dose of a series (CDSi chapter 6, §6.1 and §6.3 to §6.10)."""

from __future__ import annotations

import re

from .conflicts import conflict_end
from .history import Patient, Record
from .intervals import allowable_intervals_met, preferable_intervals_met
from .progress import Evaluation, EvaluationStatus, Progress, Reason
from .schedule import AgeRule, SeriesDose, VaccineRule

NO_AGES = AgeRule()
_VOLUME = re.compile(r"[0-9]{1,6}(\.[0-9]*)?|\.[0-9]+")

_VALID, _NOT_VALID, _EXTRANEOUS = EvaluationStatus.VALID, EvaluationStatus.NOT_VALID, EvaluationStatus.EXTRANEOUS
_NONE, _GRACE, _INADVERTENT = Reason.NONE, Reason.GRACE, Reason.INADVERTENT
_TOO_YOUNG, _TOO_OLD, _TOO_SOON = Reason.TOO_YOUNG, Reason.TOO_OLD, Reason.TOO_SOON
_CONFLICT, _WRONG_VACCINE = Reason.CONFLICT, Reason.WRONG_VACCINE
# Named once: looking a member up in its enum costs ten times as much, and this runs for every dose and series.


def age_rule(dose: SeriesDose, anchor: int) -> AgeRule:
    """The age row in force on the anchor date (§3.3)."""
    if dose.only_age is not None:
        return dose.only_age
    for rule in dose.ages:
        if rule.effective <= anchor <= rule.cessation:
            return rule
    return NO_AGES


def evaluate_dose(record: Record, dose: SeriesDose, progress: Progress, patient: Patient) -> Evaluation:
    """Whether the record satisfies the dose (Table 6-31); the first thing that fails is the reason."""
    day, ages = record.day, patient.ages
    if record.cvx in dose.inadvertent:
        return Evaluation(record, dose, _NOT_VALID, _INADVERTENT)
    rule = dose.only_age or age_rule(dose, day)
    limit = ages[rule.absolute_minimum]
    if day < limit:
        return Evaluation(record, dose, _NOT_VALID, _TOO_YOUNG, limit)
    if day >= ages[rule.maximum]:
        return Evaluation(record, dose, _EXTRANEOUS, _TOO_OLD, ages[rule.maximum])
    reason = _GRACE if day < ages[rule.minimum] else _NONE
    if dose.intervals:
        verdict, limit = preferable_intervals_met(record, dose, progress, patient)
        if verdict is _TOO_SOON:
            if not allowable_intervals_met(record, dose, progress, patient):
                return Evaluation(record, dose, _NOT_VALID, _TOO_SOON, limit)
        elif verdict is _GRACE:
            reason = _GRACE
    if record.clashes and (limit := conflict_end(record, progress)):
        return Evaluation(record, dose, _NOT_VALID, _CONFLICT, limit)
    for begin, end in dose.accepts.get(record.cvx, ()):
        if ages[begin] <= day < ages[end]:
            break
    else:
        if preferable_vaccine(record, dose, ages) is None:
            return Evaluation(record, dose, _NOT_VALID, _WRONG_VACCINE)
    if record.dose.volume and not reason:
        preferred = preferable_vaccine(record, dose, ages)
        if preferred is not None and _is_less(record.dose.volume, preferred.volume):
            reason = Reason.LOW_VOLUME
    return Evaluation(record, dose, _VALID, reason)


def preferable_vaccine(record: Record, dose: SeriesDose, ages: list[int]) -> VaccineRule | None:
    """The preferred vaccine the record is (§6.8, Table 6-26): same type, at its age, of the trade name when one is set.

    Records often carry the maker and no trade name; then the maker decides, and when neither is known it may be it.
    Whether a dose counts does not depend on this alone: an allowable vaccine (§6.9) does as well.
    """
    for rule in dose.preferable.get(record.cvx, ()):
        if ages[rule.begin] <= record.day < ages[rule.end]:
            given = record.dose
            if not rule.trade_name or _same(rule.trade_name, given.trade_name, rule.mvx, given.mvx):
                return rule
    return None


def _same(trade_name: str, given_name: str, mvx: str, given_mvx: str) -> bool:
    if given_name:
        return trade_name.casefold() == given_name.casefold()
    return not given_mvx or not mvx or mvx == given_mvx


def _is_less(given: str, wanted: str) -> bool:
    """Volumes are compared only when both are numbers of millilitres, as whole ten-thousandths."""
    found, asked = _ten_thousandths(given), _ten_thousandths(wanted)
    return found is not None and asked is not None and found < asked


def _ten_thousandths(volume: str) -> int | None:
    if not _VOLUME.fullmatch(volume):
        return None
    whole, _, part = volume.partition(".")
    return int(whole or 0) * 10_000 + int((part + "0000")[:4])
