"""Evidence of immunity (CDSi §7.2, Table 7-3)."""

from __future__ import annotations

from .history import Patient
from .schedule import Antigen


def is_immune(antigen: Antigen, patient: Patient) -> bool:
    """Whether a clinical finding, or birth before a date without an exclusion, makes the patient immune.

    Where the schedule names a country of birth, the patient's must be known and be that country.
    """
    codes = patient.codes
    if codes and not codes.isdisjoint(antigen.immune_codes):
        return True
    for rule in antigen.birth_immunity:
        if patient.born < rule.before and codes.isdisjoint(rule.exclusions) and _is_from(rule.country, patient):
            return True
    return False


def _is_from(country: str, patient: Patient) -> bool:
    return not country or _plain(country) == _plain(patient.person.birth_country)


def _plain(name: str) -> str:
    word = name.replace(".", "").strip().upper()
    return "US" if word in ("US", "USA", "UNITED STATES", "UNITED STATES OF AMERICA") else word
