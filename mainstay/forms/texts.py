"""What forms say and ask: every text pinned to the day it took effect, in English and Spanish."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any

from mainstay.forms.rules import PACKAGE, Words, form_kinds
from mainstay.foundation.tables import read_toml

LANGUAGES = ("en", "es")


class PartKind(StrEnum):
    """What one part of a form is."""

    HEADING = "heading"
    TEXT = "text"
    YES_NO = "yes_no"
    CHOICE = "choice"
    MANY = "many"
    LINE = "line"
    LONG = "long"
    DAY = "day"


ASKED = frozenset(PartKind) - {PartKind.HEADING, PartKind.TEXT}
YES_NO = (("yes", Words("Yes", "Sí")), ("no", Words("No", "No")))


@dataclass(frozen=True, slots=True)
class Part:
    """One paragraph or question. `only_if` is another question's key and the answer that brings this one up."""

    kind: PartKind
    words: Words
    key: str = ""
    options: tuple[tuple[str, Words], ...] = ()
    is_required: bool = False
    is_for_staff: bool = False
    only_if: tuple[str, str] | None = None
    covers: str = ""

    @property
    def is_asked(self) -> bool:
        """Whether somebody answers it."""
        return self.kind in ASKED

    def applies(self, answers: Mapping[str, Any]) -> bool:
        """Whether it is asked, given the answers so far."""
        return self.only_if is None or answers.get(self.only_if[0]) == self.only_if[1]


@dataclass(frozen=True, slots=True)
class FormText:
    """One version of one form, whole."""

    form: str
    title: Words
    effective: date
    source: str
    parts: tuple[Part, ...]
    is_paper_only: bool

    @property
    def version(self) -> str:
        """The name a response is pinned to: the day the text took effect."""
        return self.effective.isoformat()

    @property
    def questions(self) -> tuple[Part, ...]:
        """The parts somebody answers."""
        return tuple(part for part in self.parts if part.is_asked)

    def covered(self, answers: Mapping[str, Any]) -> frozenset[str]:
        """The elements of a consent or release this text covers, as far as its questions are answered."""
        return frozenset(p.covers for p in self.parts if p.covers and (not p.is_asked or answers.get(p.key)))


def in_language(words: Words, language: str) -> str:
    """A text in the language of ours nearest to a language tag: Spanish for `es…`, English for everything else."""
    return words.es if language.lower().startswith("es") else words.en


def _part(row: Mapping[str, Any]) -> Part:
    unknown = set(row) - {"kind", "en", "es", "key", "options", "required", "by", "when", "covers"}
    if unknown:
        raise ValueError(f"unknown fields of a part: {sorted(unknown)}")
    kind = PartKind(row["kind"])
    options = tuple((code, Words(en, es)) for code, en, es in row.get("options", ()))
    when = row.get("when")
    return Part(
        kind=kind,
        words=Words(row["en"], row["es"]),
        key=row["key"] if kind in ASKED else "",
        options=YES_NO if kind is PartKind.YES_NO else options,
        is_required=row.get("required", False),
        is_for_staff=row.get("by") == "staff",
        only_if=(when["key"], when["is"]) if when else None,
        covers=row.get("covers", ""),
    )


@cache
def texts_of(form: str) -> Mapping[str, FormText]:
    """Every text of a form by version (`tables/texts/<form>.toml`)."""
    title = form_kinds()[form].title
    found = (
        FormText(
            form=form,
            title=title,
            effective=row["effective"],
            source=row["source"],
            parts=tuple(_part(part) for part in row["parts"]),
            is_paper_only=row.get("is_paper_only", False),
        )
        for row in read_toml(PACKAGE, f"texts/{form}.toml")["version"]
    )
    return MappingProxyType({text.version: text for text in found})


def text_of(form: str, version: str) -> FormText:
    """One text of a form. Raises `KeyError` for a form or version that never was."""
    return texts_of(form)[version]


@cache
def _phrases() -> Mapping[str, Mapping[str, str]]:
    table = read_toml(PACKAGE, "tablet.toml")
    return MappingProxyType({language: MappingProxyType(dict(table[language])) for language in LANGUAGES})


@cache
def _relations_in_spanish() -> Mapping[str, str]:
    return MappingProxyType(dict(read_toml(PACKAGE, "tablet.toml")["relations_es"]))


def relation_in(language: str, relation: str) -> str:
    """A relation to the patient in a language; a word the table lacks stays as it was written."""
    if not language.lower().startswith("es"):
        return relation
    return _relations_in_spanish().get(relation.strip().lower(), relation)


def phrases(language: str) -> Mapping[str, str]:
    """The fixed words around a form in a language (`tables/tablet.toml`)."""
    return _phrases()["es" if language.lower().startswith("es") else "en"]


def answer_in_words(part: Part, answer: Any, language: str) -> str:
    """An answer as a person reads it."""
    chosen: Iterable[str] = answer if isinstance(answer, list) else [answer] if answer else []
    named = dict(part.options)
    return ", ".join(in_language(named[c], language) if c in named else c for c in chosen)
