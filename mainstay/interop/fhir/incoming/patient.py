"""Patient."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from mainstay.foundation.tables import read_csv
from mainstay.interop.fhir.incoming.words import SSN, NotModelled
from mainstay.interop.fhir.parts import Resource, code_in, day, flag, number, part, parts, text, texts

SEXES = frozenset({"female", "male", "other", "unknown"})
NEVER_IDENTIFIES = frozenset({"SS", "DL", "PPN"})
"""v2 table 0203: social security, driver's license and passport numbers are not kept as keys to a chart."""
_EXTENSION = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-"
_MAIDEN_NAME = "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName"


@dataclass(frozen=True, slots=True)
class PersonSent:
    """Who somebody is, as sent; `phones` and `emails` as typed, `identifiers` as (system, value)."""

    given_name: str
    family_name: str
    birth_date: date
    middle_name: str
    suffix: str
    chosen_name: str
    former_family_name: str
    sex: str
    race: tuple[str, ...]
    ethnicity: str
    language: str
    mother_maiden_name: str
    multiple_birth_order: int | None
    ssn_last4: str
    deceased_on: date | None
    phones: tuple[tuple[str, str], ...]
    emails: tuple[str, ...]
    addresses: tuple[AddressSent, ...]
    identifiers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AddressSent:
    """One postal address in the United States."""

    use: str
    street: str
    street2: str
    city: str
    state: str
    postal_code: str


def from_patient(body: Resource) -> PersonSent:
    """The person a Patient describes. Raises `NotModelled` without a full name or a whole date of birth."""
    name = _name(body, "official", "usual", "")
    given = texts(name, "given")
    if not given or not text(name, "family"):
        raise NotModelled("a patient without given and family name cannot be registered")
    born = text(body, "birthDate")
    birth_date = day(born)
    if birth_date is None or len(born) < len("2000-01-01"):
        raise NotModelled("a patient without a whole date of birth cannot be registered")
    died = body.get("deceasedDateTime")
    nickname = _name(body, "nickname", strictly=True)
    order = number(body, "multipleBirthInteger")
    return PersonSent(
        given_name=given[0][:80],
        middle_name=" ".join(given[1:])[:80],
        family_name=text(name, "family")[:80],
        suffix=" ".join(texts(name, "suffix"))[:12],
        chosen_name=" ".join(texts(nickname, "given"))[:80],
        former_family_name=text(_name(body, "maiden", strictly=True), "family")[:80],
        birth_date=birth_date,
        sex=text(body, "gender") if text(body, "gender") in SEXES else "unknown",
        race=tuple(_ombs(body, "race")),
        ethnicity=next(_ombs(body, "ethnicity"), ""),
        language=_language(body),
        mother_maiden_name=next(
            (text(one, "valueString") for one in parts(body, "extension") if text(one, "url") == _MAIDEN_NAME), ""
        )[:80],
        multiple_birth_order=int(order) if order is not None and 0 < order < 20 else None,
        ssn_last4=_ssn_last4(body),
        deceased_on=day(died),
        phones=tuple(_telecom(body, "phone")),
        emails=tuple(value for _, value in _telecom(body, "email")),
        addresses=tuple(_addresses(body)),
        identifiers=tuple(_identifiers(body)),
    )


def is_dead_without_a_day(body: Resource) -> bool:
    """Whether a Patient is said to have died, but not when."""
    return flag(body, "deceasedBoolean") is True


def _name(body: Resource, *uses: str, strictly: bool = False) -> Resource:
    names = parts(body, "name")
    for use in uses:
        for name in names:
            if text(name, "use") == use and not part(name, "period").get("end"):
                return name
    return {} if strictly or not names else names[0]


def _ombs(body: Resource, which: str) -> Iterator[str]:
    for extension in parts(body, "extension"):
        if text(extension, "url") == f"{_EXTENSION}{which}":
            for inner in parts(extension, "extension"):
                if text(inner, "url") == "ombCategory" and (code := text(part(inner, "valueCoding"), "code")):
                    yield code[:12]


def _language(body: Resource) -> str:
    spoken = sorted(parts(body, "communication"), key=lambda one: flag(one, "preferred") is not True)
    code = next((code_in(part(one, "language")) for one in spoken), "")
    return (code.split("-")[0] or "en")[:10].lower()


def _ssn_last4(body: Resource) -> str:
    for identifier in parts(body, "identifier"):
        digits = "".join(c for c in text(identifier, "value") if c.isascii() and c.isdigit())
        if text(identifier, "system") == SSN and len(digits) == len("000000000"):
            return digits[-4:]
    return ""


def _telecom(body: Resource, system: str) -> Iterator[tuple[str, str]]:
    for point in parts(body, "telecom"):
        if text(point, "system") == system and text(point, "value") and not part(point, "period").get("end"):
            yield text(point, "use")[:10] or "home", text(point, "value")[:120]


def _addresses(body: Resource) -> Iterator[AddressSent]:
    for address in parts(body, "address"):
        lines = texts(address, "line")
        state, postal_code = text(address, "state"), text(address, "postalCode")
        known = _states().get(state.lower(), state.upper())
        if lines and text(address, "city") and len(known) == 2 and not part(address, "period").get("end"):
            yield AddressSent(
                use=text(address, "use")[:10] or "home",
                street=lines[0][:160],
                street2=" ".join(lines[1:])[:80],
                city=text(address, "city")[:80],
                state=known,
                postal_code=postal_code[:10],
            )


def _identifiers(body: Resource) -> Iterator[tuple[str, str]]:
    for identifier in parts(body, "identifier"):
        system, value = text(identifier, "system"), text(identifier, "value")
        if not system or not value or system == SSN or code_in(part(identifier, "type")) in NEVER_IDENTIFIES:
            continue
        if len(system) <= 160 and len(value) <= 160:
            yield system, value


@cache
def _states() -> Mapping[str, str]:
    """State names as some systems send them, lower case, and the postal codes we keep."""
    return {row["name"].lower(): row["code"] for row in read_csv("mainstay.interop", "us_states.csv")}
