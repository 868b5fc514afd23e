"""Refills: whether a request meets every line of the protocol, and which line it misses.

All met means that a medical assistant may queue it for approval. Nobody is approved here.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from mainstay.foundation.tables import read_toml

PACKAGE = "mainstay.messages"


@dataclass(frozen=True, slots=True)
class Value:
    """A laboratory value, a vital sign or a score. `is_in_range` is the laboratory's own judgement, if it gave one."""

    on: date
    value: Decimal | None = None
    is_in_range: bool | None = None


@dataclass(frozen=True, slots=True)
class RefillFacts:
    """What the chart says about one request.

    `holds` names the lines of `[[always]]` a person or the chart has confirmed; `not_if` the exclusions known to
    apply, and `ruled_out` those known not to. `values` are the latest by code.
    """

    drug_class: str
    holds: frozenset[str]
    last_seen: date | None
    values: Mapping[str, Value] = field(default_factory=dict)
    not_if: frozenset[str] = frozenset()
    ruled_out: frozenset[str] = frozenset()
    days_early: int = 0
    is_change: bool = False


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of the protocol, whether it is met, and what is missing if not."""

    code: str
    title: str
    is_met: bool
    missing: str = ""


@dataclass(frozen=True, slots=True)
class RefillCheck:
    """The whole protocol for one request. `days` and `fills` are what the protocol would ask the approver for."""

    may_be_queued: bool
    is_never_by_protocol: bool
    criteria: tuple[Criterion, ...]
    days: int
    fills: int

    @property
    def missed(self) -> tuple[Criterion, ...]:
        """The lines not met, in order."""
        return tuple(line for line in self.criteria if not line.is_met)


@cache
def _table() -> Mapping[str, Any]:
    return read_toml(PACKAGE, "refills.toml")


@cache
def drug_classes() -> Mapping[str, Mapping[str, Any]]:
    """The classes the protocol covers, by code (`tables/refills.toml`)."""
    return {row["code"]: row for row in _table()["class"]}


def never_by_protocol() -> frozenset[str]:
    """The classes no protocol covers: a prescriber decides each time."""
    return frozenset(_table()["never"]["classes"])


def class_of(name: str) -> str:
    """The class of a medicine by its name as listed; empty when the table does not know it, which means: never.

    Medicines no protocol covers are looked for first, so that a combination is never taken for its harmless half.
    """
    words = f" {re.sub(r'[^a-z0-9]+', ' ', name.lower())} "
    named = [(code, starts) for code, starts in _table()["never"]["names"].items()]
    named += [(code, row.get("names", ())) for code, row in drug_classes().items()]
    return next((code for code, starts in named if any(f" {start}" in words for start in starts)), "")


def exclusions_of(drug_class: str) -> Mapping[str, str]:
    """What sends a class up if it applies: code -> words."""
    return {code: _table()["not_if"][code] for code in drug_classes().get(drug_class, {}).get("not_if", ())}


def codes_measured() -> Mapping[str, tuple[str, ...]]:
    """The laboratory values of the protocol: our code -> the LOINC codes they come under."""
    return {code: tuple(known) for code, known in _table()["loinc"].items()}


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _always(facts: RefillFacts, months: int, on: date) -> Iterable[Criterion]:
    for row in _table()["always"]:
        code, title = row["code"], row["title"]
        match code:
            case "seen":
                is_met = facts.last_seen is not None and facts.last_seen >= _months_before(on, months)
                last = facts.last_seen.isoformat() if facts.last_seen else "never"
                yield Criterion(
                    code, f"Seen in the last {months} months", is_met, "" if is_met else f"Last seen: {last}"
                )
            case "not_early":
                is_met = facts.days_early <= _table()["early_fill_days"]
                yield Criterion(code, title, is_met, "" if is_met else f"{facts.days_early} days early")
            case "same_prescription" if facts.is_change:
                yield Criterion(code, title, False, "A change is asked for; a prescriber decides")
            case _:
                is_met = code in facts.holds
                yield Criterion(code, title, is_met, "" if is_met else "Not confirmed")


def _measured(row: Mapping[str, Any], facts: RefillFacts, on: date) -> Criterion:
    code, title, months = row["code"], row["title"], row["months"]
    known = facts.values.get(code)
    label = f"{title} in the last {months} months"
    if known is None:
        return Criterion(code, label, False, "None on file")
    if known.on < _months_before(on, months):
        return Criterion(code, label, False, f"Last: {known.on.isoformat()}")
    if row.get("in_range") and known.is_in_range is not True:
        return Criterion(code, f"{label}, in range", False, "Not in range, or not known")
    low, high = row.get("from"), row.get("to")
    if low is not None or high is not None:
        if known.value is None:
            return Criterion(code, label, False, "No number on file")
        if (low is not None and known.value < low) or (high is not None and known.value > high):
            return Criterion(code, label, False, f"{known.value} is outside the protocol")
    return Criterion(code, label, True)


def check_refill(facts: RefillFacts, *, on: date) -> RefillCheck:
    """Hold a request against every line of the protocol on a day.

    What is not known counts as not met. A class the protocol does not name, or names as never, is not queued.
    """
    row = drug_classes().get(facts.drug_class)
    never = row is None or facts.drug_class in never_by_protocol()
    months = (row or {}).get("seen_within_months", _table()["seen_within_months"])
    criteria = [*_always(facts, months, on)]
    for measured in (*(row or {}).get("labs", ()), *(row or {}).get("vitals", ())):
        criteria.append(_measured(measured, facts, on))
    for code in (row or {}).get("not_if", ()):
        clear = code in facts.ruled_out and code not in facts.not_if
        missing = "" if clear else ("Applies" if code in facts.not_if else "Not asked yet")
        criteria.append(Criterion(code, f"Not: {_table()['not_if'][code].lower()}", clear, missing))
    if never:
        criteria.append(
            Criterion("class", "The protocol covers this medicine", False, "A prescriber decides each time")
        )
    return RefillCheck(
        may_be_queued=all(line.is_met for line in criteria),
        is_never_by_protocol=never,
        criteria=tuple(criteria),
        days=(row or {}).get("days", 0),
        fills=(row or {}).get("fills", 0),
    )
