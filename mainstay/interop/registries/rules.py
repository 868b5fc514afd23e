"""What a registry refuses, known before it is asked: the required parts of a dose and its person.

Source: HL7 2.5.1 implementation guide for immunization messaging, release 1.5 (CDC, 2014, addendum 2015), chapters 4
and 5, usage R; a state's own guide may ask for more.
"""

from __future__ import annotations

from datetime import date, datetime

from mainstay.foundation.findings import Finding, Severity
from mainstay.interop.registries.reports import Completion, DoseReport, PersonReport

ADULT_YEARS = 19
"""A registry wants to know who is responsible for anybody younger (IZ guide 1.5, NK1)."""


def before_reporting(person: PersonReport, dose: DoseReport, *, today: date) -> list[Finding]:
    """What is missing or wrong in a report: a stop where the registry refuses it, an alert where it only minds."""
    found = [*_of_person(person, today=today), *_of_dose(dose, person, today=today)]
    if dose.is_new:
        found += _of_new_dose(dose)
    return found


def _of_person(person: PersonReport, *, today: date) -> list[Finding]:
    found = []
    if not person.identifiers:
        found.append(_stop("PID-3", "The patient has no record number."))
    if not person.family or not person.given:
        found.append(_stop("PID-5", "The patient's legal name is not complete."))
    if person.birth_date > today:
        found.append(_stop("PID-7", "The day of birth lies after today."))
    if not person.place.parts:
        found.append(_note("PID-11", "No address is on file: the registry may not find the patient."))
    if _years(person.birth_date, today) < ADULT_YEARS and not person.kin:
        found.append(_note("NK1", "No parent or guardian is on file for a minor."))
    return found


def _of_dose(dose: DoseReport, person: PersonReport, *, today: date) -> list[Finding]:
    found = []
    day = dose.given.date() if isinstance(dose.given, datetime) else dose.given
    if not dose.number:
        found.append(_stop("ORC-3", "The dose has no number of its own."))
    if not dose.vaccine.code:
        found.append(_stop("RXA-5", "There is no vaccine code."))
    if not person.birth_date <= day <= today:
        found.append(_stop("RXA-3", "The dose lies before birth or after today."))
    if dose.completion is Completion.REFUSED and dose.refusal is None:
        found.append(_stop("RXA-18", "A refusal needs its reason."))
    if dose.was_given and dose.vaccine.code == "998":
        found.append(_stop("RXA-5", "CVX 998 means that nothing was given."))
    return found


def _of_new_dose(dose: DoseReport) -> list[Finding]:
    wanted = [
        (dose.lot, "RXA-15", "The lot number is missing."),
        (dose.maker, "RXA-17", "The manufacturer is missing."),
        (dose.expires_on, "RXA-16", "The expiry date is missing."),
        (dose.route, "RXR-1", "The route is missing."),
        (dose.site, "RXR-2", "The body site is missing."),
        (dose.given_by, "RXA-10", "Who gave it is missing."),
        (dose.eligibility, "OBX-5", "The eligibility for public vaccine (VFC) is missing."),
        (dose.funding, "OBX-5", "Who paid for the vaccine is missing."),
    ]
    return [_note(place, words) for value, place, words in wanted if not value]


def _years(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _stop(place: str, words: str) -> Finding:
    return Finding(Severity.STOP, "registry-refuses", place, words)


def _note(place: str, words: str) -> Finding:
    return Finding(Severity.ALERT, "registry-minds", place, words)
