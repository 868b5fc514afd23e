"""Units of measurement: the UCUM codes a clinic needs, how people type them, and exact conversion between them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import cache

from mainstay.foundation.tables import read_toml

KEPT_DIGITS = Context(prec=12, rounding=ROUND_HALF_EVEN)
MG_PER_DL_PER_MMOL_PER_L = {"glucose": Decimal("18.016")}
"""What one mmol/L of a substance weighs in mg/dL: its molar mass divided by ten."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: UCUM code, printed label, what it measures, and how it turns into the canonical unit of that."""

    code: str
    label: str
    quantity: str
    canonical: str
    factor: Fraction
    offset: Fraction
    typed: tuple[str, ...]


class UnknownUnit(LookupError):
    """This unit is not one Mainstay knows."""


class UnitsDiffer(ValueError):
    """These units measure different things."""


@cache
def units() -> dict[str, Unit]:
    """Every unit by UCUM code."""
    known: dict[str, Unit] = {}
    for quantity, group in read_toml("mainstay.terminology", "ucum_units.toml").items():
        if not isinstance(group, dict):
            continue
        for row in group["units"]:
            known[row["code"]] = Unit(
                code=row["code"],
                label=row["label"],
                quantity=quantity,
                canonical=group["canonical"],
                factor=_ratio(row.get("factor", "1")),
                offset=_ratio(row.get("offset", "0")),
                typed=tuple(row["typed"]),
            )
    return known


def unit(code: str) -> Unit:
    """The unit with a UCUM code. Raises `UnknownUnit`."""
    try:
        return units()[code]
    except KeyError:
        raise UnknownUnit(f"{code!r} is not a unit known here") from None


def unit_as_typed(text: str, among: Collection[str]) -> Unit | None:
    """The unit a person meant, among the UCUM codes that are possible here; `None` when it is none of them."""
    wanted = " ".join(text.replace("º", "°").split())
    if wanted in among:
        return unit(wanted)
    wanted = wanted.lower().rstrip(".")
    return next((unit(code) for code in among if wanted == code.lower() or wanted in unit(code).typed), None)


def convert(value: Decimal, source: str, target: str) -> Decimal:
    """A value in another unit of the same quantity, to twelve significant digits.

    Raises `UnknownUnit`, or `UnitsDiffer` when the two units measure different things.
    """
    if source == target:
        return value
    start, end = unit(source), unit(target)
    if start.quantity != end.quantity:
        raise UnitsDiffer(f"{source} and {target} measure different things")
    exact = (Fraction(value) * start.factor + start.offset - end.offset) / end.factor
    return _plain(KEPT_DIGITS.divide(Decimal(exact.numerator), Decimal(exact.denominator)))


def canonical(value: Decimal, code: str) -> tuple[Decimal, str]:
    """The value in the canonical unit of its quantity, and that unit's code. Raises `UnknownUnit`."""
    target = unit(code).canonical
    return convert(value, code, target), target


def mmol_per_l(mg_per_dl: Decimal, substance: str) -> Decimal:
    """A mass concentration as a substance concentration. Raises `UnknownUnit` for an unlisted substance."""
    try:
        return _plain(KEPT_DIGITS.divide(mg_per_dl, MG_PER_DL_PER_MMOL_PER_L[substance]))
    except KeyError:
        raise UnknownUnit(f"no molar mass is listed for {substance}") from None


def _ratio(text: str) -> Fraction:
    over, _, under = text.partition("/")
    return Fraction(over) / Fraction(under or "1")


def _plain(value: Decimal) -> Decimal:
    """Without trailing zeros and without an exponent."""
    shorter = value.normalize()
    return shorter.quantize(Decimal(1)) if shorter.as_tuple().exponent > 0 else shorter  # type: ignore[operator]  # a finite number has one
