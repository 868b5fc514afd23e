"""Panels as declared data: what is asked together, how it is typed, coded and laid out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from mainstay.chart.rules.urgency import Urgency
from mainstay.foundation.tables import read_toml

PACKAGE = "mainstay.chart"
FOLDER = "panels"


class ItemKind(StrEnum):
    """What is entered."""

    NUMBER = "number"
    PRESSURE = "pressure"
    """Two numbers typed as one, like 120/80; `components` names both."""
    CHOICE = "choice"
    DATE = "date"
    TEXT = "text"
    CALCULATED = "calculated"
    """Shown, never typed."""


class Rules(StrEnum):
    """Which judgement a panel gets."""

    VITALS = "vitals"
    ORTHOSTATIC = "orthostatic"
    ENTRIES = "entries"
    """By what the items themselves declare."""


class Asked(StrEnum):
    """When an item is shown at all."""

    ALWAYS = ""
    ON_OXYGEN = "on_oxygen"
    UNDER_3_YEARS = "under_3_years"
    FROM_2_YEARS = "from_2_years"
    UNDER_16_YEARS = "under_16_years"
    FROM_16_YEARS = "from_16_years"
    MAY_MENSTRUATE = "may_menstruate"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: its code, its words, its place on a scale, and how soon somebody must hear of it."""

    code: str
    label: str
    score: Decimal | None = None
    level: Urgency | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One field of a panel. Limits are in `unit`, the canonical UCUM unit; `typed_units` begins with the default."""

    key: str
    label: str
    kind: ItemKind
    row: int
    width: int
    loinc: str = ""
    more_loinc: tuple[str, ...] = ()
    unit: str = ""
    typed_units: tuple[str, ...] = ()
    components: Mapping[str, str] = field(default_factory=dict)
    """Observation key -> LOINC of the two halves of a pressure."""
    choices: tuple[Choice, ...] = ()
    technique: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    """How it was taken: side, body_site, method, cuff, position -> answers offered."""
    keeps_device: bool = False
    asks_oxygen: bool = False
    is_required: bool = False
    repeats: int = 1
    asked: Asked = Asked.ALWAYS
    measure: str = ""
    """The vital sign whose limits hold, where the key is another."""
    hard: tuple[Decimal, Decimal] | None = None
    percent_of: str = ""
    tell_below_percent: Decimal | None = None
    now_below_percent: Decimal | None = None
    tell_score_above: Decimal | None = None
    compare_with: str = ""
    tell_difference_from: Decimal | None = None
    read_after_seconds: int = 0
    hint: str = ""

    def choice(self, code: str) -> Choice | None:
        """The answer with a code."""
        return next((one for one in self.choices if one.code == code), None)


@dataclass(frozen=True, slots=True)
class Panel:
    """What is measured or asked together."""

    code: str
    title: str
    rules: Rules
    items: tuple[Item, ...]
    loinc: str
    source: str
    effective: date
    reviewed_by: str

    def item(self, key: str) -> Item:
        """The item with a key. Raises `KeyError`."""
        return {one.key: one for one in self.items}[key]

    def rows(self) -> list[list[Item]]:
        """The items as they are laid out, row by row."""
        numbers = sorted({one.row for one in self.items})
        return [[one for one in self.items if one.row == number] for number in numbers]


@cache
def panels() -> Mapping[str, Panel]:
    """Every declared panel by code."""
    folder = resources.files(PACKAGE).joinpath("tables", FOLDER)
    names = sorted(one.name for one in folder.iterdir() if one.name.endswith(".toml") and one.name != "techniques.toml")
    found = [_panel(read_toml(PACKAGE, f"{FOLDER}/{name}")) for name in names]
    return {one.code: one for one in found}


def panel(code: str) -> Panel:
    """One panel. Raises `KeyError`."""
    return panels()[code]


@cache
def techniques() -> Mapping[str, Mapping[str, str]]:
    """Column -> code -> words, for everything a technique may be."""
    table = read_toml(PACKAGE, f"{FOLDER}/techniques.toml")
    return {column: dict(words) for column, words in table.items() if isinstance(words, dict)}


def _panel(table: Mapping[str, Any]) -> Panel:
    return Panel(
        code=table["code"],
        title=table["title"],
        rules=Rules(table["rules"]),
        items=tuple(_item(row) for row in table["items"]),
        loinc=table.get("loinc", ""),
        source=table["source"],
        effective=table["effective"],
        reviewed_by=table["reviewed_by"],
    )


def _item(row: Mapping[str, Any]) -> Item:
    def number(name: str) -> Decimal | None:
        return Decimal(row[name]) if name in row else None

    unit = row.get("unit", "")
    return Item(
        key=row["key"],
        label=row["label"],
        kind=ItemKind(row["kind"]),
        row=row["layout"]["row"],
        width=row["layout"]["width"],
        loinc=row.get("loinc", ""),
        more_loinc=tuple(row.get("more_loinc", ())),
        unit=unit,
        typed_units=tuple(row.get("typed_units", (unit,) if unit else ())),
        components=row.get("components", {}),
        choices=tuple(_choice(one) for one in row.get("choices", ())),
        technique={column: _offered(column, codes) for column, codes in row.get("technique", {}).items()},
        keeps_device=row.get("keeps_device", False),
        asks_oxygen=row.get("asks_oxygen", False),
        is_required=row.get("required", False),
        repeats=row.get("repeats", 1),
        asked=Asked(row.get("only_when", "")),
        measure=row.get("measure", row["key"]),
        hard=(Decimal(row["hard"][0]), Decimal(row["hard"][1])) if "hard" in row else None,
        percent_of=row.get("percent_of", ""),
        tell_below_percent=number("tell_below_percent"),
        now_below_percent=number("now_below_percent"),
        tell_score_above=number("tell_score_above"),
        compare_with=row.get("compare_with", ""),
        tell_difference_from=number("tell_difference_from"),
        read_after_seconds=row.get("read_after_seconds", 0),
        hint=row.get("hint", ""),
    )


def _choice(row: Mapping[str, Any]) -> Choice:
    return Choice(
        code=row["code"],
        label=row["label"],
        score=Decimal(row["score"]) if "score" in row else None,
        level=Urgency(row["level"]) if "level" in row else None,
    )


def _offered(column: str, codes: list[str]) -> tuple[Choice, ...]:
    words = techniques()[column]
    return tuple(Choice(code, words[code]) for code in codes)
