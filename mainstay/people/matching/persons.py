"""What a record says of a person, and the same made comparable."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from mainstay.people.matching.names import SUFFIXES, fold, main_parts, name_tokens, split_suffix


@dataclass(frozen=True, slots=True)
class Person:
    """One record of a person, as typed. Everything may be missing; nothing is trusted.

    `birth_typed` holds a date of birth that is no date (`19561345`): its digits are still compared.
    `former` are earlier or other family names, `aliases` other given names, the chosen one among them.
    """

    id: str = ""
    given: str = ""
    middle: str = ""
    family: str = ""
    suffix: str = ""
    aliases: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    birth_date: date | None = None
    birth_typed: str = ""
    sex: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    street: str = ""
    street2: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    ssn: str = ""
    mrns: tuple[str, ...] = ()
    mother_maiden: str = ""
    mother_given: str = ""
    guardian: str = ""
    multiple_birth: bool | None = None
    birth_order: int | None = None


@dataclass(frozen=True, slots=True)
class Features:
    """A person made comparable: folded, split, cleaned of placeholders."""

    id: str
    given: tuple[str, ...]
    given_whole: str
    aliases: tuple[str, ...]
    middle: tuple[str, ...]
    family: tuple[str, ...]
    family_whole: str
    family_parts: tuple[str, ...]
    former: tuple[str, ...]
    suffix: str
    birth: str
    sex: str
    phones: frozenset[str]
    emails: frozenset[str]
    house: str
    street: str
    unit: str
    street2: str
    city: str
    state: str
    postcode: str
    ssn: str
    ssn_last4: str
    mrns: frozenset[str]
    mother_maiden: str
    mother_given: str
    guardian: tuple[str, ...]
    multiple_birth: bool | None
    birth_order: int | None


_SEXES = {
    "f": "f", "female": "f", "w": "f", "woman": "f", "girl": "f", "2": "f",
    "m": "m", "male": "m", "man": "m", "boy": "m", "1": "m",
    "x": "x", "nonbinary": "x", "non binary": "x",
}  # fmt: skip
_STREET_WORDS = {
    "street": "st", "str": "st", "avenue": "ave", "av": "ave", "road": "rd", "drive": "dr", "lane": "ln", "court": "ct",
    "place": "pl", "boulevard": "blvd", "circle": "cir", "highway": "hwy", "parkway": "pkwy", "terrace": "ter",
    "trail": "trl",
    "crescent": "cres", "square": "sq", "north": "n", "south": "s", "east": "e", "west": "w", "northeast": "ne",
    "northwest": "nw", "southeast": "se", "southwest": "sw", "mount": "mt", "saint": "st", "fort": "ft",
}  # fmt: skip
_UNIT = re.compile(r"\b(?:apartment|apt|unit|suite|ste|lot|room|rm|no|bldg)\b\.?\s*#?\s*(\w+)|#\s*(\w+)")


def prepare(person: Person) -> Features:
    """The comparable form of a person."""
    given = name_tokens(person.given)
    middle = name_tokens(person.middle)
    if not middle and len(given) > 1 and len(given[-1]) == 1:
        given, middle = given[:-1], given[-1:]
    family, suffix = split_suffix(name_tokens(person.family))
    given, given_suffix = split_suffix(given)
    stated = SUFFIXES.get(fold(person.suffix) or person.suffix.strip().lower(), "")
    house, street, unit = split_street(person.street)
    ssn, last4 = clean_ssn(person.ssn)
    return Features(
        id=person.id,
        given=given,
        given_whole="".join(given),
        aliases=tuple("".join(t) for alias in person.aliases if (t := name_tokens(alias))),
        middle=middle,
        family=family,
        family_whole="".join(family),
        family_parts=main_parts(family),
        former=tuple("".join(t) for name in person.former if (t := name_tokens(name))),
        suffix=stated or suffix or given_suffix,
        birth=person.birth_date.strftime("%Y%m%d") if person.birth_date else re.sub(r"\D", "", person.birth_typed),
        sex=_SEXES.get(fold(person.sex) or person.sex.strip(), ""),
        phones=frozenset(p for phone in person.phones if (p := clean_phone(phone))),
        emails=frozenset(e.strip().lower() for e in person.emails if "@" in e),
        house=house,
        street=street,
        unit=unit,
        street2=fold(person.street2).replace(" ", ""),
        city=fold(person.city).replace(" ", ""),
        state=fold(person.state),
        postcode=re.sub(r"\W", "", person.postcode)[:5].lower() if re.sub(r"[\W0]", "", person.postcode) else "",
        ssn=ssn,
        ssn_last4=last4,
        mrns=frozenset(m for mrn in person.mrns if (m := re.sub(r"\W", "", mrn).lstrip("0").lower())),
        mother_maiden="".join(name_tokens(person.mother_maiden)),
        mother_given="".join(name_tokens(person.mother_given)[:1]),
        guardian=name_tokens(person.guardian),
        multiple_birth=person.multiple_birth,
        birth_order=person.birth_order,
    )


@lru_cache(maxsize=100_000)
def clean_phone(phone: str) -> str:
    """The national digits of a phone; empty for what cannot be one (all one digit, 555-1212, under seven digits)."""
    digits = re.sub(r"\D", "", re.split(r"(?i)x|ext", phone, maxsplit=1)[0])
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    if (
        len(digits) < 7
        or len(set(digits[-7:])) == 1
        or digits.endswith("5551212")
        or digits in ("1234567890", "1234567")
    ):
        return ""
    return digits[-10:]


def clean_ssn(text: str) -> tuple[str, str]:
    """(all digits, last four) of a social security number; placeholders are empty, four digits are a last-four only."""
    digits = re.sub(r"\D", "", text)
    if len(digits) == 4 and (len(text.strip()) == 4 or digits != "0000"):
        return "", digits
    if not 7 <= len(digits) <= 10 or len(set(digits)) <= 2 or digits in ("123456789", "987654321", "078051120"):
        return "", ""
    return digits, digits[-4:]


@lru_cache(maxsize=100_000)
def split_street(text: str) -> tuple[str, str, str]:
    """(house number, street in postal abbreviations, unit) of an address line."""
    line = text.lower()
    unit = ""
    if found := _UNIT.search(line):
        unit = found[1] or found[2]
        line = line[: found.start()] + " " + line[found.end() :]
    words = [w for w in re.split(r"[^\w]+", line) if w]
    if words[:2] == ["p", "o"] or words[:1] == ["po"] or words[:1] == ["pobox"]:
        return (words[-1] if words[-1].isdigit() else ""), "pobox", unit
    house = words.pop(0) if words and words[0][0].isdigit() and not words[0].endswith(("st", "nd", "rd", "th")) else ""
    return house, "".join(_STREET_WORDS.get(w, w) for w in words), unit
