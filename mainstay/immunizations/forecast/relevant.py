"""Which series concern this patient (CDSi chapter 5, Tables 5-4 and 5-5)."""

from __future__ import annotations

from collections.abc import Sequence

from .history import Patient
from .schedule import Antigen, Indication, Series, SeriesKind


def relevant_series(antigen: Antigen, patient: Patient) -> Sequence[Series]:
    """The series to evaluate: of the patient's gender, and standard, evaluation only, or indicated.

    When nothing else concerns the patient, a risk series whose indication only waits for an age is looked at ahead of
    time, so that the answer is "due on the ninth birthday" and not silence.
    """
    gender, codes = patient.gender, patient.codes
    if antigen.is_plain and codes.isdisjoint(antigen.watched_codes):
        return [series for series in antigen.standing[gender] if _can_compete(series, antigen, patient)]
    found = []
    ahead = []
    for series in antigen.series:
        if series.genders and gender not in series.genders:
            continue
        if series.kind is not SeriesKind.RISK or applying_indication(series, patient):
            found.append(series)
        elif _is_indicated_later(series, patient):
            ahead.append(series)
    return found or ahead


def _can_compete(series: Series, antigen: Antigen, patient: Patient) -> bool:
    """Whether a series that is not its group's default could be scorable at all (SELECTSCORE-2).

    It needs a valid dose, the first one before the maximum age to start. A series whose first dose none of the records
    can satisfy is left out here; walking it would change nothing.
    """
    if series.is_default or series.series_group not in antigen.defaulted:
        return True
    opens = patient.ages[series.opens]
    for record in patient.records.get(antigen.name, ()):
        if record.day >= opens and record.cvx in series.starters:
            return record.day < patient.ages[series.maximum_start]
    return False


def applying_indication(series: Series, patient: Patient) -> Indication | None:
    """The first indication of a series that applies: an active observation, and the assessment in its age window."""
    ages, today, codes = patient.ages, patient.assessed, patient.codes
    for indication in series.indications:
        if indication.code in codes and ages[indication.begin] <= today < ages[indication.end]:
            return indication
    return None


def _is_indicated_later(series: Series, patient: Patient) -> bool:
    ages, today, codes = patient.ages, patient.assessed, patient.codes
    return any(item.code in codes and today < ages[item.begin] for item in series.indications)
