"""Playbooks, the steps they share, traits and screening intervals, read once from `visits/tables`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

from mainstay.foundation.ages import Period, read_age_range, read_period
from mainstay.foundation.tables import read_toml
from mainstay.messages.red_flags import Phrase, mentions, read_phrase
from mainstay.visits.playbooks.model import Playbook, Stage, Step, When

PACKAGE = "mainstay.visits"


def _read_when(row: Mapping[str, Any]) -> When:
    unknown = set(row) - {"age", "sex", "pregnant", "first_visit", "any_of", "all_of", "none_of", "not_done_for"}
    if unknown:
        raise ValueError(f"unknown conditions {sorted(unknown)}")
    return When(
        age=read_age_range(row["age"]) if "age" in row else None,
        sex=row.get("sex", ""),
        is_pregnant=row.get("pregnant"),
        is_first_visit=row.get("first_visit"),
        any_of=frozenset(row.get("any_of", ())),
        all_of=frozenset(row.get("all_of", ())),
        none_of=frozenset(row.get("none_of", ())),
        not_done_for=read_period(row["not_done_for"]) if "not_done_for" in row else None,
    )


_PLAIN = ("title", "minutes", "act", "panel", "form", "screening", "leaflet")


def _changes(row: Mapping[str, Any]) -> dict[str, Any]:
    """The fields a table row sets, under the names of `Step`."""
    unknown = set(row) - {*_PLAIN, "code", "use", "stage", "supplies", "required", "when"}
    if unknown:
        raise ValueError(f"unknown fields {sorted(unknown)}")
    changed: dict[str, Any] = {name: row[name] for name in _PLAIN if name in row}
    if "stage" in row:
        changed["stage"] = Stage(row["stage"])
    if "supplies" in row:
        changed["supplies"] = tuple(row["supplies"])
    if "required" in row:
        changed["is_required"] = row["required"]
    if "when" in row:
        changed["when"] = _read_when(row["when"])
    return changed


@cache
def step_library() -> Mapping[str, Step]:
    """The steps playbooks share, by code (`tables/steps.toml`)."""
    rows = read_toml(PACKAGE, "steps.toml")["step"]
    library = {row["code"]: Step(code=row["code"], **_changes(row)) for row in rows}
    if len(library) != len(rows):
        raise ValueError("two shared steps have one code")
    return library


@cache
def step_groups() -> Mapping[str, tuple[str, ...]]:
    """Names for steps that are always asked together (`tables/steps.toml`)."""
    return {name: tuple(codes) for name, codes in read_toml(PACKAGE, "steps.toml")["groups"].items()}


def _expand(rows: Iterable[str | Mapping[str, Any]]) -> Iterable[Step]:
    for row in rows:
        if isinstance(row, str):
            yield from (step_library()[code] for code in step_groups().get(row, (row,)))
        elif "use" in row:
            yield replace(step_library()[row["use"]], **_changes(row))
        else:
            yield Step(code=row["code"], **_changes(row))


def _read_playbook(name: str) -> Playbook:
    table = read_toml(PACKAGE, f"playbooks/{name}")
    return Playbook(
        code=table["code"],
        title=table["title"],
        minutes=table["minutes"],
        steps=tuple(_expand(table["steps"])),
        screenings=tuple(table.get("screenings", ())),
        source=table["source"],
        effective=table["effective"],
        reviewed_by=table["reviewed_by"],
        ages=read_age_range(table["ages"]) if "ages" in table else None,
    )


@cache
def playbooks() -> Mapping[str, Playbook]:
    """Every playbook by code (`tables/playbooks/*.toml`); a new file there is a new kind of visit."""
    folder = resources.files(PACKAGE).joinpath("tables", "playbooks")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    books = {book.code: book for book in map(_read_playbook, names)}
    if len(books) != len(names):
        raise ValueError("two playbooks have one code")
    return books


@dataclass(frozen=True, slots=True)
class TraitKind:
    """A mark that steps may ask for: conditions carry the ICD-10-CM prefixes that set it, complaints the words."""

    code: str
    title: str
    icd10: tuple[str, ...]
    words: tuple[Phrase, ...]


@cache
def trait_kinds() -> Mapping[str, TraitKind]:
    """Every mark a condition may name (`tables/traits.toml`)."""
    rows = read_toml(PACKAGE, "traits.toml")["trait"]
    return {
        r["code"]: TraitKind(
            r["code"], r["title"], tuple(r.get("icd10", ())), tuple(map(read_phrase, r.get("words", ())))
        )
        for r in rows
    }


def conditions_of(icd10_codes: Iterable[str]) -> frozenset[str]:
    """The marks that active problems set, from their ICD-10-CM codes, with or without the dot."""
    codes = [code.replace(".", "").upper() for code in icd10_codes]
    return frozenset(
        kind.code
        for kind in trait_kinds().values()
        if any(code.startswith(prefix) for prefix in kind.icd10 for code in codes)
    )


def complaints_of(reason: str) -> frozenset[str]:
    """The marks that the reason of a visit sets, from the patient's own words in English or Spanish."""
    return frozenset(kind.code for kind in trait_kinds().values() if kind.words and mentions(reason, kind.words))


@dataclass(frozen=True, slots=True)
class ScreeningInterval:
    """When a screening is due: by age, yearly or at certain ages, or after another tool's score."""

    code: str
    title: str
    minutes: int
    is_reminder: bool
    when: When
    every: Period | None
    at_ages: tuple[Period, ...]
    after_tool: str
    after_score: int
    after_within: Period | None
    source: str


@cache
def screening_intervals() -> tuple[ScreeningInterval, ...]:
    """Every reason a screening falls due (`tables/screenings_due.toml`); a code may have several."""
    rows = read_toml(PACKAGE, "screenings_due.toml")["screening"]
    return tuple(
        ScreeningInterval(
            code=r["code"],
            title=r["title"],
            minutes=r["minutes"],
            is_reminder=r.get("kind", "tool") == "reminder",
            when=_read_when(r.get("when", {})),
            every=read_period(r["every"]) if "every" in r else None,
            at_ages=tuple(read_period(age) for age in r.get("at_ages", ())),
            after_tool=r.get("after", {}).get("tool", ""),
            after_score=r.get("after", {}).get("at_least", 0),
            after_within=read_period(r["after"]["within"]) if "after" in r else None,
            source=r["source"],
        )
        for r in rows
    )
