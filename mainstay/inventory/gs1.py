"""Barcodes on vials, syringes and cartons: GS1 DataMatrix, GS1-128 and linear NDC codes, read into plain facts.

Pure: no Django, no clock. Which identifiers there are and how long each is: `tables/gs1_identifiers.csv`
(GS1 General Specifications, sections 3 and 7).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from urllib.parse import parse_qsl, unquote, urlsplit

from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.tables import read_csv


class UnreadableBarcode(InvalidInput):
    """This barcode cannot be read. Scan the square code on the vial, or type lot and expiry from the label."""

    code = "unreadable-barcode"


@dataclass(frozen=True, slots=True)
class BarCode:
    """What a barcode says. Empty or None where it does not say.

    `gtin` has 14 digits. `ndc` has the 10 digits of the label without hyphens (11 if it was typed in three parts of
    5-4-2); how they part is not in the barcode, see `ndc_forms`.
    """

    gtin: str = ""
    lot_number: str = ""
    expires_on: date | None = None
    serial: str = ""
    ndc: str = ""


@dataclass(frozen=True, slots=True)
class Identifier:
    """One GS1 application identifier: its value's longest length, whether that is exact, whether digits only."""

    code: str
    longest: int
    is_fixed: bool
    is_numeric: bool
    title: str


@cache
def identifiers() -> Mapping[str, Identifier]:
    """Every application identifier read here, by code."""
    rows = read_csv("mainstay.inventory", "gs1_identifiers.csv")
    return {
        r["code"]: Identifier(r["code"], int(r["length"]), r["fixed"] == "yes", r["kind"] == "digits", r["title"])
        for r in rows
    }


SEPARATOR = "\x1d"
SPELLED_SEPARATORS = ("<GS>", "{GS}", "[GS]", "<FNC1>", "{FNC1}", "[FNC1]", "\\x1d", "\\u001d", "~d029", "^]", "␝", "|")
"""How scanners and test tools write the invisible separator when they do not send it as it is."""
SYMBOLOGY = re.compile(r"^\][A-Za-z][0-9A-Za-z]")
GS1_SYMBOLOGIES = ("]d2", "]C1", "]e0", "]Q3", "]J1")
BRACKETED = re.compile(r"\((\d{2,4})\)")
TYPED_NDC = re.compile(r"(\d{2,6})[- ](\d{2,6})[- ](\d{1,4})")
NDC_DIGITS = 11
"""An NDC as claims write it, without hyphens: 5-4-2 with its zeros."""
REFERENCE = date(2026, 1, 1)
"""The day the century rule counts from where the caller gives none."""


def read_barcode(text: str, *, today: date = REFERENCE) -> BarCode:
    """What a scanned or typed barcode says; raises `UnreadableBarcode` with a sentence for what is wrong.

    Reads element strings with or without symbology prefix (`]d2`), with the separator as sent or spelled, with
    identifiers in brackets, as a GS1 web link, linear UPC-A, EAN-13 and GTIN-14, and a typed NDC with hyphens, with
    blanks between its parts, or as eleven digits.
    A two-digit year more than 50 years ahead of `today` is in the past, one more than 49 behind is in the future;
    day 00 is the last day of its month.
    """
    plain = _plain(text)
    if not plain:
        raise UnreadableBarcode("Nothing was scanned.")
    if ndc := TYPED_NDC.fullmatch(plain):
        return BarCode(ndc=_typed_ndc(*ndc.groups()))
    if plain.isdigit() and len(plain) == NDC_DIGITS:
        return BarCode(ndc=plain)
    if plain.startswith("+"):
        raise UnreadableBarcode("This is a HIBC barcode, not a GS1 one. Scan the other code, or type lot and expiry.")
    if plain.lower().startswith(("http://", "https://")):
        return _facts(_web_link(plain), today)
    if BRACKETED.match(plain):
        return _facts(_bracketed(plain), today)
    if plain.isdigit() and len(plain) in (8, 12, 13, 14):
        return _linear(plain)
    return _facts(_elements(plain), today)


def ndc_forms(ndc: str) -> tuple[str, ...]:
    """The 11-digit codes a 10-digit NDC may stand for: 4-4-2, 5-3-2 and 5-4-1, each filled with its zero."""
    digits = re.sub(r"\D", "", ndc)
    if len(digits) == 11:
        return (digits,)
    if len(digits) != 10:
        return ()
    return ("0" + digits, digits[:5] + "0" + digits[5:], digits[:9] + "0" + digits[9:])


def check_digit(digits: str) -> str:
    """The GS1 check digit of everything before it (weights 3 and 1 from the right)."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def _plain(text: str) -> str:
    """The text with one kind of separator, without what scanners put before and after it."""
    plain = text.strip(" \t\r\n\x00\x02\x03\x04")
    for spelled in SPELLED_SEPARATORS:
        plain = plain.replace(spelled, SEPARATOR)
    if (prefix := SYMBOLOGY.match(plain)) is not None:
        if prefix[0] not in GS1_SYMBOLOGIES and prefix[0][:2] not in ("]E", "]I", "]A", "]C", "]d"):
            raise UnreadableBarcode("This is not a barcode of a medicine or vaccine.")
        plain = plain[3:]
    return plain.strip(SEPARATOR + " ")


def _typed_ndc(labeler: str, product: str, package: str) -> str:
    lengths = len(labeler), len(product), len(package)
    if lengths not in ((4, 4, 2), (5, 3, 2), (5, 4, 1), (5, 4, 2)):
        raise UnreadableBarcode("An NDC has 4-4-2, 5-3-2, 5-4-1 or 5-4-2 digits.")
    return labeler.zfill(5) + product.zfill(4) + package.zfill(2)


def _linear(digits: str) -> BarCode:
    return BarCode(gtin=_gtin(digits.zfill(14)), ndc=_ndc_in(digits.zfill(14)))


def _gtin(digits: str) -> str:
    if check_digit(digits[:-1]) != digits[-1]:
        raise UnreadableBarcode(f"The product number {digits} does not add up. Scan it again.")
    return digits


def _ndc_in(gtin: str) -> str:
    """The NDC in a product number: US drugs have 03 after the packaging digit."""
    return gtin[3:13] if gtin[1:3] == "03" else ""


def _web_link(link: str) -> Iterator[tuple[str, str]]:
    parts = urlsplit(link)
    path = [unquote(part) for part in parts.path.split("/") if part]
    known = [place for place, part in enumerate(path) if part == "01"]
    if not known:
        raise UnreadableBarcode("This link names no product. Scan the square code on the vial.")
    path = path[known[0] :]
    yield from zip(path[::2], path[1::2], strict=False)
    yield from ((code, value) for code, value in parse_qsl(parts.query) if code in identifiers())


def _bracketed(text: str) -> Iterator[tuple[str, str]]:
    """Identifiers in brackets, as printed under the code. A lot number may have brackets of its own."""
    starts = [found for found in BRACKETED.finditer(text) if found[1] in identifiers()]
    if not starts or starts[0].start() != 0:
        raise UnreadableBarcode(f"{BRACKETED.match(text)[0]} is not something a barcode of a medicine says.")  # type: ignore[index]  # it matched just above
    for place, found in enumerate(starts):
        end = starts[place + 1].start() if place + 1 < len(starts) else len(text)
        yield found[1], text[found.end() : end].strip(SEPARATOR + " ")


def _elements(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        if text[at] == SEPARATOR:
            at += 1
            continue
        begins = (text[at : at + length] for length in (2, 3, 4))
        identifier = next((identifiers()[begin] for begin in begins if begin in identifiers()), None)
        if identifier is None:
            place = "It starts" if at == 0 else f"After {at} characters it goes on"
            raise UnreadableBarcode(f"This is not a GS1 barcode. {place} with “{text[at : at + 4]}”. Type the lot.")
        at += len(identifier.code)
        end = text.find(SEPARATOR, at)
        end = len(text) if end < 0 else end
        if identifier.is_fixed:
            end = min(end, at + identifier.longest)
        yield identifier.code, text[at:end]
        at = end


def _facts(elements: Iterator[tuple[str, str]], today: date) -> BarCode:
    found: dict[str, str] = {}
    for code, value in elements:
        if code not in identifiers():
            raise UnreadableBarcode(f"({code}) is not something a barcode of a medicine says.")
        if found.setdefault(code, _checked(identifiers()[code], value)) != value:
            raise UnreadableBarcode(f"This barcode says two different things for {identifiers()[code].title}.")
    gtin = _gtin(found["01"]) if "01" in found else ""
    if not gtin and not found.get("10"):
        raise UnreadableBarcode("This barcode names neither product nor lot. Scan the square code on the vial.")
    return BarCode(
        gtin=gtin,
        lot_number=found.get("10", "").strip(),
        expires_on=_day(found["17"], today) if "17" in found else None,
        serial=found.get("21", ""),
        ndc=_ndc_in(gtin) if gtin else "",
    )


def _checked(identifier: Identifier, value: str) -> str:
    name = identifier.title
    if not value:
        raise UnreadableBarcode(f"This barcode breaks off before the {name}. Scan it again.")
    if not value.isascii() or not value.isprintable():
        raise UnreadableBarcode(f"The {name} has letters a barcode cannot have. Scan it again.")
    if len(value) > identifier.longest:
        raise UnreadableBarcode(
            f"The {name} reads longer than {identifier.longest} characters: the scanner leaves out the separators. "
            "Type lot and expiry from the label, and have the scanner set to send the group separator."
        )
    if identifier.is_fixed and len(value) < identifier.longest:
        raise UnreadableBarcode(
            f"The {name} is cut short: {len(value)} of {identifier.longest} characters. Scan again."
        )
    if identifier.is_numeric and not value.isdigit():
        raise UnreadableBarcode(f"The {name} should be digits, not “{value}”. Scan it again.")
    return value


def _day(digits: str, today: date) -> date:
    """A date of six digits (GS1 General Specifications 7.12): the century by distance, day 00 the end of the month."""
    year, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    ahead = year - today.year % 100
    century = today.year // 100 * 100 + (-100 if ahead >= 51 else 100 if ahead <= -50 else 0)
    if not 1 <= month <= 12:
        raise UnreadableBarcode(f"The expiry {digits} has no month {digits[2:4]}. Read it from the label.")
    last = calendar.monthrange(century + year, month)[1]
    if day > last:
        raise UnreadableBarcode(f"The expiry {digits} has a day {digits[4:]} its month does not have. Read the label.")
    return date(century + year, month, day or last)
