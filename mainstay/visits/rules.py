"""How rooms turn over, what an arriving patient's signs demand, and what is left before a visit can close."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from mainstay.foundation.findings import Finding, Severity
from mainstay.foundation.tables import read_toml


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


def judge_arrival(*, fever: bool | None, rash: bool | None, cough: bool | None) -> list[Finding]:
    """What the arrival screen demands: room a rash with fever at once, mask a cough with fever.

    Source: CDC, airborne and droplet precautions in outpatient settings.
    """
    found = []
    if rash and fever:
        found.append(
            Finding(
                Severity.ALERT,
                "arrival.rash_with_fever",
                "rash",
                "Rash with fever: mask on, not the waiting room. Room directly, door shut, tell a clinician now.",
            )
        )
    elif cough and fever:
        found.append(
            Finding(
                Severity.ALERT, "arrival.cough_with_fever", "cough", "Cough with fever: give a mask and seat apart."
            )
        )
    return found


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
