"""How rooms turn over, what a late arrival is offered, and what is left before a visit can close."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from mainstay.foundation.findings import Finding, Severity
from mainstay.foundation.tables import read_toml


def late_decisions() -> Mapping[str, str]:
    """What a provider may decide about somebody who came late, in the words the desk reads (`tables/late.toml`)."""
    return {row["code"]: row["say"] for row in late_table()["decision"]}


MOST_LATE = 240
MUCH_TOO_EARLY = timedelta(hours=12)
"""No site's rule for late arrivals goes beyond this many minutes."""


@dataclass(frozen=True, slots=True)
class Turnover:
    """What a room needs before the next patient: why, planned minutes, minutes the door stays shut."""

    after: str
    minutes: int
    closed_minutes: int


@cache
def turnover_table() -> Mapping[str, Any]:
    """Turnover by what happened in the room (`tables/turnover.toml`)."""
    return read_toml("mainstay.visits", "turnover.toml")


def turnover_for(playbook: str, *, is_airborne_risk: bool) -> Turnover:
    """The turnover a room needs after one visit."""
    table = turnover_table()
    key = "airborne" if is_airborne_risk else table["by_playbook"].get(playbook, "exam")
    row = table["turnover"][key]
    return Turnover(row["after"], row["minutes"], row["closed_minutes"])


@dataclass(frozen=True, slots=True)
class LateWay:
    """One thing to do for somebody who came late."""

    code: str
    say: str


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late somebody is, and what the site's rule offers; nothing within the grace."""

    minutes: int
    ways: tuple[LateWay, ...]

    @property
    def provider_decides(self) -> bool:
        """Whether the desk no longer decides alone."""
        return any(way.code == "ask_provider" for way in self.ways)


@cache
def late_table() -> Mapping[str, Any]:
    """The rule for late arrivals as shipped (`tables/late.toml`)."""
    return read_toml("mainstay.visits", "late.toml")


@dataclass(frozen=True, slots=True)
class LateRule:
    """Minutes after the booked time: up to `grace` nobody is late, up to `as_booked` the desk decides alone."""

    grace: int
    as_booked: int


def late_rule(own: Mapping[str, int]) -> LateRule:
    """The shipped rule with a site's own minutes over it, named like the cells of the table.

    Raises `ValueError` for a name that does not exist and for minutes out of order or beyond four hours.
    """
    table = late_table()
    if unknown := set(own) - {"grace_minutes", "seen_as_booked_minutes"}:
        raise ValueError(f"{min(unknown)} is not in the rule for late arrivals")
    rule = LateRule(
        own.get("grace_minutes", table["grace_minutes"]),
        own.get("seen_as_booked_minutes", table["seen_as_booked_minutes"]),
    )
    if not 0 <= rule.grace <= rule.as_booked <= MOST_LATE:
        raise ValueError(f"the grace ends before the desk stops deciding, and both within {MOST_LATE} minutes")
    return rule


def judge_lateness(expected_at: datetime, now: datetime, rule: LateRule | None = None) -> Lateness | None:
    """What the site's rule offers somebody who is here now; None for whoever came in time or within the grace."""
    rule = rule or late_rule({})
    minutes = int((now - expected_at).total_seconds() // 60)
    if minutes <= rule.grace:
        return None
    rows = {row["code"]: LateWay(row["code"], row["say"]) for row in late_table()["way"]}
    if minutes <= rule.as_booked:
        return Lateness(minutes, (rows["as_booked"],))
    return Lateness(minutes, (rows["ask_provider"], rows["rebook"]))


def is_before_its_day(expected_at: datetime, now: datetime) -> bool:
    """Whether a visit lies more than twelve hours ahead: who comes now came on the wrong day."""
    return expected_at - now > MUCH_TOO_EARLY


def left_to_arrange(open_ends: Collection[str]) -> list[Finding]:
    """What stops a visit from closing: every loose end that is neither arranged, handed on nor declined."""
    return [Finding(Severity.STOP, "checkout.loose_end", "", f"Still to arrange: {text}") for text in open_ends]


@cache
def waiting_table() -> Mapping[str, Any]:
    """Minutes in a stage before the board warns, and before it is late (`tables/waiting.toml`)."""
    return read_toml("mainstay.visits", "waiting.toml")


def waiting_limits(stage: str) -> tuple[int, int]:
    """The minutes after which a stage warns and is late; (0, 0) where nothing is to hurry."""
    row = waiting_table()["stage"].get(stage)
    return (row["warn"], row["late"]) if row else (0, 0)
