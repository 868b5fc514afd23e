"""Codes as people type them, and what makes a code well formed. Plain Python, no database."""

from __future__ import annotations

import re
from enum import StrEnum


class CodeSystem(StrEnum):
    """The code systems kept here; the value is how a row names its system."""

    ICD10CM = "icd10cm"
    """ICD-10-CM diagnoses (CDC and CMS, public domain)."""
    CVX = "cvx"
    """Vaccines administered (CDC)."""
    MVX = "mvx"
    """Vaccine manufacturers (CDC)."""
    POS = "pos"
    """Place of service on professional claims (CMS)."""
    LOINC = "loinc"
    """The observations and documents this clinic records (Regenstrief Institute)."""


_ICD10CM = re.compile(r"([A-Z][0-9][0-9A-Z]|QA[0-9])(\.[0-9A-Z]{1,4})?")
_ICD10CM_TYPED = re.compile(r"([A-Za-z][0-9][0-9A-Za-z]|[Qq][Aa][0-9])[.\s]?([0-9A-Za-z]{0,4})")
_LOINC = re.compile(r"([0-9]{1,7})-([0-9])")


def icd10cm_from_typing(text: str) -> str | None:
    """The ICD-10-CM code somebody typed, dotted and in capitals ("e119" is "E11.9"), or None if it is not one.

    Only the shape is judged: the code need not exist.
    """
    match = _ICD10CM_TYPED.fullmatch(text.strip())
    if match is None:
        return None
    category, rest = match.groups()
    return f"{category}.{rest}".upper() if rest else category.upper()


def icd10cm_is_well_formed(code: str) -> bool:
    """Whether a code has the shape of ICD-10-CM with its dot: a letter, a digit, one more, and up to four after it.

    The codes QA0 of fiscal year 2026 are the only ones with a letter in second place.
    """
    return _ICD10CM.fullmatch(code) is not None


def mod10_check_digit(digits: str) -> int:
    """The mod 10 check digit of a row of digits (doubling every second one from the right).

    LOINC Users' Guide, appendix "Calculating mod 10 check digits".
    """
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return -total % 10


def loinc_is_valid(code: str) -> bool:
    """Whether a LOINC number is well formed and its check digit is right: "2345-7" is, "2345-8" is not."""
    match = _LOINC.fullmatch(code)
    return match is not None and mod10_check_digit(match[1]) == int(match[2])
