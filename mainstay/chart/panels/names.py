"""What a measurement is called, its unit as people write it, and how it was taken, in words: for every page."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from mainstay.chart.panels.declared import PACKAGE, panels, techniques
from mainstay.foundation.tables import read_toml
from mainstay.terminology.units import UnitsDiffer, UnknownUnit, convert, unit

FIRST = "vitals"
"""The panel whose names win where two panels ask for the same thing."""
TENTH = Decimal("0.1")
SCORES = ("{score}", "1", "")


@cache
def _names() -> dict[str, str]:
    names = dict(read_toml(PACKAGE, "names.toml")["name"])
    for one in sorted(panels().values(), key=lambda one: one.code != FIRST):
        for item in one.items:
            names.setdefault(item.key, item.label)
    return names


def name_of(key: str) -> str:
    """What a measurement is called: `systolic` is Systolic pressure. What came from elsewhere keeps its own words."""
    if known := _names().get(key):
        return known
    words = key.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def unit_in_words(code: str) -> str:
    """A UCUM unit as it is written in a chart (`mmHg`, `°F`); nothing for scores."""
    if code in SCORES:
        return ""
    try:
        return unit(code).label
    except UnknownUnit:
        return code.replace("[", "").replace("]", "").strip("{}")


@cache
def clinic_unit(key: str) -> str:
    """The UCUM unit a measurement is typed in at this clinic (the first its panel offers); empty for what none asks."""
    for one in sorted(panels().values(), key=lambda one: one.code != FIRST):
        for item in one.items:
            if item.key == key:
                return item.typed_units[0] if item.typed_units else item.unit
    return ""


def in_clinic_unit(key: str, value: Decimal, code: str) -> tuple[Decimal, str]:
    """A value as the clinic reads it: 50.1 kg is 110.5 lb, to a tenth; unchanged where the units are the same."""
    ours = clinic_unit(key)
    if not ours or ours == code:
        return value, code
    try:
        return convert(value, code, ours).quantize(TENTH), ours
    except (UnknownUnit, UnitsDiffer):
        return value, code


def number_in_words(value: Decimal) -> str:
    """A number without the noughts the column keeps."""
    return f"{value.normalize():f}"


def technique_in_words(column: str, code: str) -> str:
    """How something was taken: `counted_60_s` is counted for 60 seconds."""
    return techniques().get(column, {}).get(code, code.replace("_", " "))
