"""What a chart says about somebody that changes how urgent a complaint is, or what a measurement means. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from mainstay.foundation.tables import read_toml

NO_ARMS: Mapping[str, str] = {}
BOTH_ARMS = ("left", "right")
_WEEKS_BORN = re.compile(r"\bborn (?:at )?(2[2-9]|3[0-6])\s*(?:\+\d )?(?:w|weeks|wks)")


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of a chart's lists: its ICD-10-CM code if it has one, its words, since when, and when it ended.

    The `note` beside it is read only where a fact says so, and for the side of an arm: notes deny as often as they say.
    """

    text: str
    code: str = ""
    since: date | None = None
    ended: date | None = None
    is_active: bool = True
    note: str = ""

    @property
    def all_words(self) -> str:
        """The words and the note."""
        return f"{self.text} {self.note}".strip()


@dataclass(frozen=True, slots=True)
class Known:
    """What the chart says. `facts` are codes of `tables/known/facts.toml`; one that is missing says nothing."""

    facts: frozenset[str] = frozenset()
    gave_birth_on: date | None = None
    operated_on: date | None = None
    arm_to_avoid: Mapping[str, str] = field(default_factory=lambda: NO_ARMS)
    gestation_weeks: int | None = None

    def has(self, *any_of: str) -> bool:
        """Whether any of these is known."""
        return any(one in self.facts for one in any_of)


@dataclass(frozen=True, slots=True)
class FactRule:
    """How one fact is read from lists."""

    code: str
    title: str
    icd10: tuple[str, ...]
    excepted: tuple[str, ...]
    words: tuple[str, ...]
    spares: tuple[str, ...]
    medicines: tuple[str, ...]
    except_forms: tuple[str, ...]
    operations: tuple[str, ...]
    until_days: int | None
    reads_notes: bool

    def is_met(
        self, problems: Sequence[Listed], medicines: Sequence[Listed], operations: Sequence[Listed], on: date
    ) -> bool:
        """Whether any line of the three lists says so on a day."""
        return (
            any(self._is_problem(one) for one in problems if one.is_active and not self._is_old(one, on))
            or any(self._is_medicine(one) for one in medicines if one.is_active and not self._is_old(one, on))
            or any(_says(one.text, self.operations) for one in operations)
        )

    def _is_problem(self, one: Listed) -> bool:
        code = _bare(one.code)
        if code and code.startswith(self.icd10) and not code.startswith(self.excepted or ("\0",)):
            return True
        text = one.all_words if self.reads_notes else one.text
        return _says(text, self.words) and not _says(text, self.spares)

    def _is_medicine(self, one: Listed) -> bool:
        return _says(one.text, self.medicines) and not _says(one.text, self.except_forms)

    def _is_old(self, one: Listed, on: date) -> bool:
        return self.until_days is not None and one.since is not None and (on - one.since).days > self.until_days


def what_is_known(
    *, problems: Sequence[Listed], medicines: Sequence[Listed], operations: Sequence[Listed], on: date
) -> Known:
    """Everything the table knows how to read from a chart's lists on a day."""
    rules = (rule for rule in fact_rules() if rule.is_met(problems, medicines, operations, on))
    facts = {rule.code for rule in rules}
    past = [one.since for one in operations if one.since is not None and one.since <= on]
    born = _birth(problems, operations, on)
    if born is not None and "pregnant" in facts and not _is_pregnant_since(problems, born):
        facts.discard("pregnant")
    return Known(
        facts=frozenset(facts),
        gave_birth_on=born,
        operated_on=max(past, default=None),
        arm_to_avoid=_arms([*(p for p in problems if p.is_active), *operations]),
        gestation_weeks=_gestation(problems),
    )


@cache
def fact_rules() -> tuple[FactRule, ...]:
    """Every fact the table can read (`tables/known/facts.toml`)."""
    return tuple(
        FactRule(
            code=row["code"],
            title=row["title"],
            icd10=tuple(row.get("icd10", ())) or ("\0",),
            excepted=tuple(row.get("except", ())),
            words=tuple(row.get("words", ())),
            spares=tuple(row.get("spares", ())),
            medicines=tuple(row.get("medicines", ())),
            except_forms=tuple(row.get("except_forms", ())),
            operations=tuple(row.get("operations", ())),
            until_days=row.get("until_days"),
            reads_notes=row.get("reads_notes", False),
        )
        for row in _table()["fact"]
    )


def _is_pregnant_since(problems: Iterable[Listed], born: date) -> bool:
    """Whether a pregnancy was written down after the last birth."""
    rule = next(one for one in fact_rules() if one.code == "pregnant")
    return any(rule.is_met([one], (), (), born) for one in problems if one.since is not None and one.since > born)


def _birth(problems: Sequence[Listed], operations: Sequence[Listed], on: date) -> date | None:
    row = _table()["birth"]
    codes, spares = tuple(row["icd10"]), tuple(row["spares"])
    days = [
        one.since
        for one in problems
        if (_bare(one.code).startswith(codes) or _says(one.text, tuple(row["words"]))) and not _says(one.text, spares)
    ]
    days += [
        one.since for one in operations if _says(one.text, tuple(row["operations"])) and not _says(one.text, spares)
    ]
    rule = next(one for one in fact_rules() if one.code == "pregnant")
    days += [one.ended for one in problems if one.ended and rule.is_met([_active(one)], (), (), one.ended)]
    return max((day for day in days if day is not None and day <= on), default=None)


def _active(one: Listed) -> Listed:
    return Listed(one.text, one.code, one.since, one.ended)


def _arms(entries: Iterable[Listed]) -> dict[str, str]:
    arms: dict[str, str] = {}
    for one in entries:
        for row in _table()["arm"]:
            for side in _sides(one, row):
                arms.setdefault(side, row["why"])
    return arms


def _sides(one: Listed, row: Mapping[str, Any]) -> tuple[str, ...]:
    side = next((side for code, side in row["icd10"].items() if _bare(one.code).startswith(code)), "")
    if not side:
        text = one.all_words.lower()
        if not _says(one.text, tuple(row["words"])) or _says(text, tuple(row.get("spares", ()))):
            return ()
        if "needs" in row and not any(word in text for word in row["needs"]):
            return ()
        if re.search(r"\bbilateral\b|\bboth\b", text):
            side = "both"
        else:
            found = re.search(r"\b(left|right|lt|rt)\b", text)
            side = {"l": "left", "r": "right"}[found[1][0]] if found else ""
    return BOTH_ARMS if side == "both" else (side,) if side else ()


def _gestation(problems: Iterable[Listed]) -> int | None:
    for one in problems:
        if weeks := _table()["gestation"].get(_bare(one.code)[:5]):
            return int(weeks)
        if said := _WEEKS_BORN.search(one.text.lower()):
            return int(said[1])
    return None


def _says(text: str, words: Sequence[str]) -> bool:
    """Whether any word of a text begins with any of these."""
    spaced = f" {re.sub(r'[^a-z0-9/–-]+', ' ', text.lower())} "
    return any(f" {word}" in spaced for word in words)


def _bare(code: str) -> str:
    return code.replace(".", "").upper()


@cache
def _table() -> Mapping[str, Any]:
    return read_toml("mainstay.chart", "known/facts.toml")
