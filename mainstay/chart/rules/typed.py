"""Measurements as people type them: "98.6 F", "37,2", "5'11\\"", "12 lb 4 oz", "120/80"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from mainstay.chart.rules.patient import Reading
from mainstay.foundation.errors import InvalidInput
from mainstay.terminology.units import canonical, unit, unit_as_typed

NUMBER = r"[+-]?(?:\d+(?:[.,]\d+)?|[.,]\d+)"
ONE_QUANTITY = re.compile(rf"^\s*({NUMBER})\s*(.*?)\s*$", re.DOTALL)
HALVES = {"½": ".5", "¼": ".25", "¾": ".75"}
STRAIGHT = str.maketrans({"’": "'", "′": "'", "‘": "'", "”": '"', "″": '"', "“": '"', "−": "-", "\u00a0": " "})
COMPOUND = (
    (
        re.compile(
            rf"^\s*(\d+)\s*(?:'|ft\.?|feet|foot)\s*(?:({NUMBER})\s*(?:\"|''|in\.?|inch|inches)?)?\s*$", re.IGNORECASE
        ),
        "[in_i]",
        12,
    ),
    (
        re.compile(rf"^\s*(\d+)\s*(?:lbs?\.?|pounds?|#)\s*({NUMBER})\s*(?:oz\.?|ounces?)?\s*$", re.IGNORECASE),
        "[oz_av]",
        16,
    ),
)
PRESSURE = re.compile(
    r"^\s*(?:bp\s*:?\s*)?(\d{1,3})\s*(?:/|\\|-|\s+over\s+|\s)\s*(\d{1,3})\s*(?:mm\s*\[?hg\]?)?\s*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and its UCUM unit, as typed."""

    value: Decimal
    unit: str

    @property
    def canonical(self) -> tuple[Decimal, str]:
        """Value and code in the canonical unit of the quantity."""
        return canonical(self.value, self.unit)


def quantity_as_typed(text: str, units: Sequence[str], *, field: str = "") -> Quantity:
    """The quantity a person typed; without a unit the first of `units` is meant.

    A comma may stand for the decimal point. Feet with inches and pounds with ounces are read when `units`
    contains inches or pounds. Raises `InvalidInput` with a sentence saying how to write it.
    """
    plain = _straightened(text)
    if not plain:
        raise InvalidInput("Type a value.", field=field)
    for pattern, small_unit, per_big in COMPOUND:
        if ("[in_i]" if small_unit == "[in_i]" else "[lb_av]") in units and (found := pattern.match(plain)):
            return _compound(found, small_unit, per_big, field)
    found = ONE_QUANTITY.match(plain)
    if not found:
        raise InvalidInput(f"“{text.strip()}” is not a number. {_example(units)}", field=field)
    number, words = found.groups()
    if not words:
        return Quantity(_decimal(number, field), units[0])
    meant = unit_as_typed(words, units)
    if meant is None:
        labels = " or ".join(unit(code).label for code in units if unit(code).label) or "a plain number"
        raise InvalidInput(f"“{words}” is not a unit for this. Use {labels}.", field=field)
    return Quantity(_decimal(number, field), meant.code)


def reading_as_typed(text: str, units: Sequence[str], *, field: str = "") -> Reading:
    """A reading with its canonical value, ready to be judged. Raises `InvalidInput`."""
    quantity = quantity_as_typed(text, units, field=field)
    value, code = quantity.canonical
    label = unit(quantity.unit).label
    shown = text.strip() if not text.strip()[-1:].isdigit() else f"{text.strip()} {label}".strip()
    return Reading(value=value, unit=code, typed=shown, typed_value=quantity.value, typed_unit=quantity.unit)


def blood_pressure_as_typed(text: str, *, field: str = "") -> tuple[Reading, Reading]:
    """Systolic and diastolic pressure from "120/80", "120 over 80" or "BP 120-80". Raises `InvalidInput`."""
    found = PRESSURE.match(_straightened(text))
    if not found:
        raise InvalidInput(f"“{text.strip()}” is not a blood pressure. Write it like 120/80.", field=field)
    systolic, diastolic = (
        Reading(Decimal(part), "mm[Hg]", typed=part, typed_value=Decimal(part), typed_unit="mm[Hg]")
        for part in found.groups()
    )
    return systolic, diastolic


def _straightened(text: str) -> str:
    plain = text.strip().translate(STRAIGHT)
    for sign, decimals in HALVES.items():
        plain = re.sub(rf"(?<=\d)\s*{sign}", decimals, plain).replace(sign, f"0{decimals}")
    return plain


def _compound(found: re.Match[str], small_unit: str, per_big: int, field: str) -> Quantity:
    big, small = Decimal(found.group(1)), _decimal(found.group(2) or "0", field)
    if not 0 <= small < per_big:
        small_label = unit(small_unit).label
        raise InvalidInput(f"There are only {per_big} {small_label} in one; {small} is too many.", field=field)
    return Quantity(big * per_big + small, small_unit)


def _decimal(number: str, field: str) -> Decimal:
    if re.fullmatch(r"[+-]?\d{1,3},\d{3}", number):
        without, point = number.replace(",", ""), number.replace(",", ".")
        raise InvalidInput(f"{number} can be read two ways. Write {without} or {point}.", field=field)
    return Decimal(number.replace(",", "."))


def _example(units: Sequence[str]) -> str:
    label = unit(units[0]).label
    return (
        f"Write it like 37.2 {label}."
        if units[0] == "Cel"
        else f"Write a number, then the unit ({label})."
        if label
        else ""
    )
