"""Which series concern this patient (CDSi chapter 5, Tables 5-4 and 5-5)."""

from __future__ import annotations

from .history import Patient
from .schedule import Antigen, Indication, Series, SeriesKind


def relevant_series(antigen: Antigen, patient: Patient) -> list[Series]:
    """The series to evaluate: of the patient's gender, and standard, evaluation only, or indicated."""
    gender, codes = patient.gender, patient.codes
    found = []
    for series in antigen.series:
        if series.genders and gender not in series.genders:
            continue
        if series.kind is SeriesKind.RISK and not (codes and applying_indication(series, patient)):
            continue
        found.append(series)
    return found


def applying_indication(series: Series, patient: Patient) -> Indication | None:
    """The first indication of a series that applies: an active observation, and the assessment in its age window."""
    ages, today, codes = patient.ages, patient.assessed, patient.codes
    for indication in series.indications:
        if indication.code in codes and ages[indication.begin] <= today < ages[indication.end]:
            return indication
    return None
