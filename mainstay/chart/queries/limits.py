"""The limits vital signs are judged by at one site: the table's, with the practice's own values over them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from mainstay.chart.panels.names import name_of
from mainstay.chart.rules import Limits, limits_with, vital_limits
from mainstay.foundation.errors import InvalidInput
from mainstay.practice.queries import OwnTable, values_of_our_own

OWN = "vital_limits"
"""The name under which a practice sets limits of its own."""
GROUPS = ("adult", "any_child", "oxygen", "blood_pressure")
GROUP_WORDS = {"adult": "adults", "any_child": "children", "oxygen": "oxygen", "blood_pressure": "blood pressure"}
COLUMN_WORDS = {
    "now_upto": "fetch the provider at or below",
    "tell_upto": "tell the provider at or below",
    "tell_from": "tell the provider from",
    "now_from": "fetch the provider from",
}


def limits_at(site_id: int | None, *, on: date) -> Limits:
    """The limits that hold at a site on a day. One query."""
    values = values_of_our_own(OWN, on=on, site_id=site_id)
    return _laid_over(tuple(sorted(values.items()))) if values else vital_limits()


def limits_of_our_own() -> OwnTable:
    """What a practice may change of the limits, for its settings."""
    return OwnTable(OWN, "Limits of vital signs", cells_of_limits, check_limit)


def cells_of_limits() -> dict[tuple[str, str], tuple[str, str]]:
    """Every limit by (row, column): what it is, and the value of the table."""
    cells: dict[tuple[str, str], tuple[str, str]] = {}
    table = vital_limits().table
    for group in GROUPS:
        for key, limits in table[group].items():
            if isinstance(limits, dict):
                for column, value in limits.items():
                    words = f"{name_of(key)}, {GROUP_WORDS[group]}: {COLUMN_WORDS.get(column, column)}"
                    cells[f"{group}.{key}", column] = (words, str(value))
            elif isinstance(limits, int | Decimal):
                cells[group, key] = (f"{GROUP_WORDS[group].capitalize()}: {key.replace('_', ' ')}", str(limits))
    return cells


def check_limit(row: str, column: str, value: str, beside: Mapping[str, str]) -> None:
    """Raise `InvalidInput` for a limit that does not exist, is no number, or breaks the order of the bands."""
    if (row, column) not in cells_of_limits():
        raise InvalidInput("There is no such limit.", field="cell")
    try:
        _laid_over(tuple(sorted({**beside, f"{row}.{column}": value}.items())))
    except InvalidOperation:
        raise InvalidInput("Enter a number.", field="value") from None
    except ValueError as wrong:
        raise InvalidInput(f"This cannot be: {wrong}.", field="value") from None


@lru_cache(maxsize=64)
def _laid_over(values: tuple[tuple[str, str], ...]) -> Limits:
    return limits_with({name: Decimal(value.strip()) for name, value in values})
