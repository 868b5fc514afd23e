"""The screening tools as values, read once from `rooming/tables/screenings`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from mainstay.foundation.tables import read_toml

PACKAGE = "mainstay.rooming"


@dataclass(frozen=True, slots=True)
class Words:
    """One text in the languages patients read."""

    en: str
    es: str

    def in_language(self, language: str) -> str:
        """The text in a language, English where we do not have it."""
        return self.es if language.lower().startswith("es") else self.en


@dataclass(frozen=True, slots=True)
class Answer:
    """One choice: its value, its words, and its LOINC answer code where there is one."""

    value: int
    text: Words
    loinc: str


@dataclass(frozen=True, slots=True)
class Item:
    """One question. An item whose `zero_when` holds is not asked and counts 0."""

    code: str
    text: Words
    answers: tuple[Answer, ...]
    loinc: str
    is_scored: bool
    is_optional: bool
    zero_when: tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class Band:
    """A range of totals under the tool's own name for it; `sex` is set where cut-offs differ."""

    low: int
    high: int
    name: Words
    sex: str


@dataclass(frozen=True, slots=True)
class Rule:
    """What has to follow from one answer, from the total, or from the band."""

    code: str
    message: str
    item: str
    at_least: int
    total_at_least: int | None
    band: str
    follow_on: str
    is_now: bool


@dataclass(frozen=True, slots=True)
class Tool:
    """One screening tool, ready to be shown, answered and scored."""

    code: str
    title: Words
    intro: Words
    items: tuple[Item, ...]
    bands: tuple[Band, ...]
    rules: tuple[Rule, ...]
    is_summed: bool
    loinc_panel: str
    loinc_total: str
    attribution: str
    source: str
    effective: date
    reviewed_by: str

    def item(self, code: str) -> Item | None:
        """The item of that code, if the tool has it."""
        return next((item for item in self.items if item.code == code), None)

    def bands_for(self, sex: str) -> tuple[Band, ...]:
        """The bands that apply; where cut-offs differ and sex is not known, the lower ones."""
        own = tuple(band for band in self.bands if band.sex and band.sex == sex)
        return own or tuple(band for band in self.bands if not band.sex)

    @property
    def highest(self) -> int:
        """The highest total there is."""
        return sum(max(a.value for a in item.answers) for item in self.items if item.is_scored)


def _words(row: Mapping[str, str]) -> Words:
    return Words(row["en"], row["es"])


def _item(row: Mapping[str, Any], answers: Mapping[str, tuple[Answer, ...]]) -> Item:
    zero = row.get("zero_when")
    return Item(
        code=row["code"],
        text=_words(row["text"]),
        answers=answers[row["answers"]],
        loinc=row.get("loinc", ""),
        is_scored=row.get("is_scored", True),
        is_optional=row.get("is_optional", False),
        zero_when=(zero["item"], zero["value"]) if zero else None,
    )


def _read_tool(name: str) -> Tool:
    table = read_toml(PACKAGE, f"screenings/{name}")
    answers = {
        code: tuple(Answer(int(value), _words(row), row.get("loinc", "")) for value, row in choices.items())
        for code, choices in table["answers"].items()
    }
    return Tool(
        code=table["code"],
        title=_words(table["title"]),
        intro=_words(table["intro"]),
        items=tuple(_item(row, answers) for row in table["item"]),
        bands=tuple(Band(r["from"], r["to"], _words(r["name"]), r.get("sex", "")) for r in table.get("band", ())),
        rules=tuple(
            Rule(
                code=r["code"],
                message=r["message"],
                item=r.get("item", ""),
                at_least=r.get("at_least", 0),
                total_at_least=r.get("total_at_least"),
                band=r.get("band", ""),
                follow_on=r.get("follow_on", ""),
                is_now=r.get("is_now", False),
            )
            for r in table.get("rule", ())
        ),
        is_summed=table["scoring"] == "sum",
        loinc_panel=table["loinc_panel"],
        loinc_total=table["loinc_total"],
        attribution=table["attribution"],
        source=table["source"],
        effective=table["effective"],
        reviewed_by=table["reviewed_by"],
    )


@cache
def tools() -> Mapping[str, Tool]:
    """Every screening tool by code (`tables/screenings/*.toml`)."""
    folder = resources.files(PACKAGE).joinpath("tables", "screenings")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return {found.code: found for found in map(_read_tool, names)}


def tool(code: str) -> Tool:
    """The tool of that code; raises `KeyError` if there is none."""
    return tools()[code]
