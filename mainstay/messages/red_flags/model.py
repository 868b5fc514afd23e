"""Questions, what a yes leads to, and the facts that raise a band."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from mainstay.foundation.tables import read_toml
from mainstay.work.lifecycle import Band

PACKAGE = "mainstay.messages"
POSTPARTUM_WEEKS = 6
POST_OP_DAYS = 30
REPEAT_HOURS = 72


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about the patient and the call; None means nobody has asked.

    `weeks_since_birth` counts from the last delivery; `hours_since_same_problem` from the last call about it.
    """

    age_days: int | None = None
    sex: str = "unknown"
    is_pregnant: bool | None = None
    weeks_since_birth: int | None = None
    is_immunosuppressed: bool = False
    days_since_operation: int | None = None
    hours_since_same_problem: float | None = None
    caller_is_worried: bool = False
    is_anticoagulated: bool = False
    has_heart_disease: bool = False
    has_diabetes: bool = False
    takes_vital_medicine: bool = False

    @property
    def is_pregnant_or_postpartum(self) -> bool:
        """Pregnant, or gave birth in the last six weeks."""
        recent = self.weeks_since_birth is not None and self.weeks_since_birth <= POSTPARTUM_WEEKS
        return bool(self.is_pregnant) or recent

    @property
    def is_post_op(self) -> bool:
        """Operated on in the last 30 days."""
        return self.days_since_operation is not None and self.days_since_operation <= POST_OP_DAYS

    @property
    def is_repeat_call(self) -> bool:
        """Called about the same problem in the last 72 hours."""
        return self.hours_since_same_problem is not None and self.hours_since_same_problem <= REPEAT_HOURS


NOTHING_KNOWN = Facts()


@dataclass(frozen=True, slots=True)
class Words:
    """One text in the languages patients speak."""

    en: str
    es: str


@dataclass(frozen=True, slots=True)
class Say:
    """What the medical assistant does, and the sentence to read aloud."""

    code: str
    do: str
    aloud: Words


@dataclass(frozen=True, slots=True)
class Limits:
    """Whom a question or sign is about. What is not known does not exclude."""

    min_days: int = 0
    max_days: int | None = None
    sex: str = ""
    is_pregnant: bool = False
    is_immunosuppressed: bool = False
    fact: str = ""
    """One more thing that must be known: the name of a fact that is true or false."""

    def admit(self, facts: Facts) -> bool:
        """Whether somebody with these facts may be meant."""
        if facts.age_days is not None:
            if facts.age_days < self.min_days:
                return False
            if self.max_days is not None and facts.age_days > self.max_days:
                return False
        if self.sex and facts.sex in ("female", "male") and facts.sex != self.sex:
            return False
        if self.is_pregnant and facts.is_pregnant is False and not facts.is_pregnant_or_postpartum:
            return False
        return not (self.is_pregnant and facts.sex == "male")

    def are_met(self, facts: Facts) -> bool:
        """Whether somebody is known to be meant."""
        if (self.min_days or self.max_days is not None) and facts.age_days is None:
            return False
        if self.is_pregnant and not facts.is_pregnant_or_postpartum:
            return False
        if self.is_immunosuppressed and not facts.is_immunosuppressed:
            return False
        if self.fact and not getattr(facts, self.fact):
            return False
        return self.admit(facts)


def read_limits(row: Mapping[str, Any]) -> Limits:
    """The limits a table row sets."""
    return Limits(
        min_days=row.get("min_days", 0),
        max_days=row.get("max_days"),
        sex=row.get("sex", ""),
        is_pregnant=row.get("is_pregnant", False),
        is_immunosuppressed=row.get("is_immunosuppressed", False),
        fact=row.get("fact", ""),
    )


@dataclass(frozen=True, slots=True)
class Question:
    """One question read aloud. A yes, or not being sure, gives its band."""

    code: str
    topic: str
    band: Band
    say: Say
    ask: Words
    limits: Limits


@dataclass(frozen=True, slots=True)
class Topic:
    """Questions about one kind of trouble, most urgent first."""

    code: str
    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Raise:
    """A fact that raises a band by one. Facts of one body count once together; those that add up count each."""

    code: str
    title: str
    limits: Limits
    fact: str
    adds_up: bool

    def applies(self, facts: Facts) -> bool:
        """Whether this raises the band of somebody with these facts."""
        if self.fact:
            return bool(getattr(facts, self.fact))
        return self.limits.are_met(facts)


@dataclass(frozen=True, slots=True)
class Script:
    """The whole list as its table has it."""

    opening: Words
    closing: Words
    topics: Mapping[str, Topic]
    says: Mapping[str, Say]
    raises: tuple[Raise, ...]
    raise_ceiling: Band
    band_without_flag: Band
    leave_holds_days: int
    source: str
    effective: date
    reviewed_by: str

    def question(self, code: str) -> Question:
        """The question of that code; raises `KeyError` if there is none."""
        for topic in self.topics.values():
            for question in topic.questions:
                if question.code == code:
                    return question
        raise KeyError(code)


def _words(row: Mapping[str, str]) -> Words:
    return Words(row["en"], row["es"])


@cache
def script() -> Script:
    """The red-flag script (`tables/red_flags.toml`)."""
    table = read_toml(PACKAGE, "red_flags.toml")
    says = {code: Say(code, row["do"], _words(row)) for code, row in table["say"].items()}
    topics = {
        topic["code"]: Topic(
            topic["code"],
            topic["title"],
            tuple(
                Question(
                    code=row["code"],
                    topic=topic["code"],
                    band=Band(row["band"]),
                    say=says[row["do"]],
                    ask=_words(row),
                    limits=read_limits(row),
                )
                for row in topic["question"]
            ),
        )
        for topic in table["topic"]
    }
    return Script(
        opening=_words(table["opening"]),
        closing=_words(table["closing"]),
        topics=topics,
        says=says,
        raises=tuple(
            Raise(r["code"], r["title"], read_limits(r), r.get("fact", ""), r.get("adds_up", False))
            for r in table["raise"]["rule"]
        ),
        raise_ceiling=Band(table["raise"]["no_higher_than"]),
        band_without_flag=Band(table["band_without_flag"]),
        leave_holds_days=table["leave_holds_days"],
        source=table["source"],
        effective=table["effective"],
        reviewed_by=table["reviewed_by"],
    )
