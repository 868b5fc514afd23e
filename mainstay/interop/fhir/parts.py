"""Looking into foreign JSON safely: what is not there, or is of another shape, is simply absent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

Resource = dict[str, Any]


def part(body: Any, *names: str) -> Resource:
    """The object found by following names, or an empty one."""
    for name in names:
        body = body.get(name) if isinstance(body, dict) else None
    return body if isinstance(body, dict) else {}


def parts(body: Any, name: str) -> list[Resource]:
    """The objects of a list, without whatever is not an object."""
    found = body.get(name) if isinstance(body, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def text(body: Any, name: str) -> str:
    """A string, stripped, or the empty one."""
    found = body.get(name) if isinstance(body, dict) else None
    return found.strip() if isinstance(found, str) else ""


def texts(body: Any, name: str) -> list[str]:
    """The strings of a list."""
    found = body.get(name) if isinstance(body, dict) else None
    return [one.strip() for one in found if isinstance(one, str) and one.strip()] if isinstance(found, list) else []


def number(body: Any, name: str) -> Decimal | None:
    """A number, exactly as written; None if there is none."""
    found = body.get(name) if isinstance(body, dict) else None
    if isinstance(found, bool) or not isinstance(found, int | Decimal):
        return None
    try:
        return Decimal(found)
    except InvalidOperation:
        return None


def flag(body: Any, name: str) -> bool | None:
    """A boolean, or None."""
    found = body.get(name) if isinstance(body, dict) else None
    return found if isinstance(found, bool) else None


_BY_NUMBER = {
    "urn:oid:2.16.840.1.113883.12.292": "http://hl7.org/fhir/sid/cvx",
    "urn:oid:2.16.840.1.113883.6.1": "http://loinc.org",
    "urn:oid:2.16.840.1.113883.6.88": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "urn:oid:2.16.840.1.113883.6.90": "http://hl7.org/fhir/sid/icd-10-cm",
}
"""Code systems that converters of C-CDA and v2 name by their OID (HL7 terminology, external code systems)."""


def code_in(concept: Resource, *systems: str) -> str:
    """The first code of a CodeableConcept in one of these systems (any, if none is named)."""
    for coding in parts(concept, "coding"):
        system = text(coding, "system")
        if (not systems or _BY_NUMBER.get(system, system) in systems) and text(coding, "code"):
            return text(coding, "code")
    return ""


def words_of(concept: Resource) -> str:
    """What a CodeableConcept says: its text, else the first display, else the first code."""
    codings = parts(concept, "coding")
    displays = [text(coding, "display") for coding in codings if text(coding, "display")]
    return text(concept, "text") or (displays or [code_in(concept), ""])[0]


def moment(value: Any) -> datetime | None:
    """The moment of a FHIR dateTime or instant. Without a zone UTC is meant; a date alone is noon UTC, so that no
    American time zone makes it another day; a year or month is its first day."""
    if not isinstance(value, str):
        return None
    try:
        if "T" in value:
            found = datetime.fromisoformat(value)
            return found if found.tzinfo else found.replace(tzinfo=UTC)
    except ValueError:
        return None
    found_day = day(value)
    return datetime(found_day.year, found_day.month, found_day.day, 12, tzinfo=UTC) if found_day else None


def day(value: Any) -> date | None:
    """The calendar day of a FHIR date or dateTime as its sender wrote it; a year or month is its first day."""
    if not isinstance(value, str):
        return None
    written = value[:10]
    for padded in (written, f"{written}-01", f"{written}-01-01"):
        if len(padded) == len("2026-01-01"):
            try:
                return date.fromisoformat(padded)
            except ValueError:
                return None
    return None


def choice(body: Resource, name: str) -> tuple[str, Any]:
    """Which of the choices of `name[x]` is there, and its value: ("Quantity", {...}); ("", None) if none is."""
    for key, value in body.items():
        if key.startswith(name) and len(key) > len(name) and key[len(name)].isupper():
            return key[len(name) :], value
    return "", None


def references(body: Any) -> Iterator[str]:
    """Every literal reference in a resource, those of its contained resources among them."""
    waiting = [body]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            found = here.get("reference")
            if isinstance(found, str):
                yield found
            waiting.extend(value for value in here.values() if isinstance(value, dict | list))
        elif isinstance(here, list):
            waiting.extend(value for value in here if isinstance(value, dict | list))
