"""What a measurement is called, its unit as people write it, and how it was taken, in words: for every page."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from mainstay.chart.panels.declared import PACKAGE, panels, techniques
from mainstay.foundation.tables import read_toml
from mainstay.terminology.units import UnknownUnit, unit

FIRST = "vitals"
"""The panel whose names win where two panels ask for the same thing."""
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


def number_in_words(value: Decimal) -> str:
    """A number without the noughts the column keeps."""
    return f"{value.normalize():f}"


def technique_in_words(column: str, code: str) -> str:
    """How something was taken: `counted_60_s` is counted for 60 seconds."""
    return techniques().get(column, {}).get(code, code.replace("_", " "))
