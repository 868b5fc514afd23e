"""Which series concern this patient (CDSi chapter 5, Tables 5-4 and 5-5)."""

from __future__ import annotations

from collections.abc import Sequence

from .history import Patient
from .schedule import Antigen, Indication, Series, SeriesKind

_RISK, _EVALUATION_ONLY = SeriesKind.RISK, SeriesKind.EVALUATION_ONLY


def relevant_series(antigen: Antigen, patient: Patient) -> Sequence[Series]:
    """The series to evaluate: of the patient's gender, and standard, evaluation only, or indicated.

    When nothing else concerns the patient, a risk series whose indication only waits for an age is looked at ahead of
    time, so that the answer is "due on the ninth birthday" and not silence.
    """
    gender = patient.gender
    found = []
    ahead = []
    for series in antigen.series:
        if series.genders and gender not in series.genders:
            continue
        if series.kind is not _RISK or applying_indication(series, patient):
            found.append(series)
        elif _is_indicated_later(series, patient):
            ahead.append(series)
    return found or ahead


def can_compete(series: Series, patient: Patient) -> bool:
    """Whether a challenger could be scorable at all: it needs a valid dose, the first one in time (SELECTSCORE-2).

    One whose first dose none of the records can satisfy, or not before the maximum age to start, cannot; walking it
    would change nothing. Nor can one that is only evaluated and lacks records enough to be complete.
    """
    if series.starters.isdisjoint(patient.received):
        return False
    records = patient.records.get(series.antigen, ())
    if series.kind is _EVALUATION_ONLY and len(records) < series.fewest:
        return False
    opens = patient.ages[series.opens]
    for record in records:
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
