"""What speaks against an antigen or against single vaccines (CDSi §7.3, Tables 7-5 to 7-7)."""

from __future__ import annotations

from .history import Patient
from .schedule import Antigen, Contraindication, Series

_NOTHING: frozenset[str] = frozenset()


def antigen_contraindication(antigen: Antigen, patient: Patient) -> Contraindication | None:
    """The first contraindication against the whole antigen that applies on the assessment date."""
    codes, ages, today = patient.codes, patient.ages, patient.assessed
    if codes:
        for row in antigen.contraindications:
            if row.code in codes and ages[row.begin] <= today < ages[row.end]:
                return row
    return None


def contraindicated_vaccines(antigen: Antigen, patient: Patient) -> frozenset[str]:
    """The vaccine types (CVX) that may not be used for this antigen on the assessment date."""
    codes, ages, today = patient.codes, patient.ages, patient.assessed
    if not codes or not antigen.vaccine_contraindications:
        return _NOTHING
    return frozenset(
        cvx
        for row in antigen.vaccine_contraindications
        if row.code in codes
        for cvx, begin, end in row.vaccines
        if ages[begin] <= today < ages[end]
    )


def leaves_no_vaccine(series: Series, banned: frozenset[str]) -> bool:
    """Whether every preferable vaccine of the series is contraindicated (Table 7-7, second rule)."""
    if not banned:
        return False
    preferable = {cvx for dose in series.doses for cvx in dose.preferable}
    return bool(preferable) and preferable <= banned
