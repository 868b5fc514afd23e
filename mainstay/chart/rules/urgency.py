"""Findings of vital signs, and how soon somebody must hear of each."""

from __future__ import annotations

from enum import StrEnum

from mainstay.foundation.findings import Finding, Severity


class Urgency(StrEnum):
    """How soon the provider hears of an alert."""

    NOW = "now"
    """Somebody fetches the provider before doing anything else."""
    BEFORE_VISIT = "tell"
    """The provider is told before walking into the room."""
    HANDOFF = "note"
    """It is said at the hand-off."""


ORDER = {Urgency.NOW: 0, Urgency.BEFORE_VISIT: 1, Urgency.HANDOFF: 2}
WHAT_TO_DO = {
    Urgency.NOW: "Tell the provider now.",
    Urgency.BEFORE_VISIT: "Tell the provider before the visit.",
    Urgency.HANDOFF: "Say it at the hand-off.",
}


def stop(code: str, field: str, message: str) -> Finding:
    """It cannot be saved like this."""
    return Finding(Severity.STOP, code, field, message)


def confirm(code: str, field: str, message: str) -> Finding:
    """It is saved with a reason."""
    return Finding(Severity.CONFIRM, code, field, message)


def alert(urgency: Urgency, code: str, field: str, sentence: str) -> Finding:
    """It is saved and somebody is told; what to do is added to the sentence."""
    return Finding(Severity.ALERT, f"{urgency}.{code}", field, f"{sentence} {WHAT_TO_DO[urgency]}")


def how_urgent(finding: Finding) -> Urgency | None:
    """How soon somebody must hear of it; `None` for what concerns only the person typing."""
    if finding.severity is not Severity.ALERT:
        return None
    level, dot, _ = finding.code.partition(".")
    return Urgency(level) if dot and level in set(Urgency) else Urgency.BEFORE_VISIT


def most_urgent_first(findings: list[Finding]) -> list[Finding]:
    """What cannot be saved, then what needs a reason, then alerts by urgency; the same code and field once."""
    severities = {Severity.STOP: 0, Severity.CONFIRM: 1, Severity.ALERT: 2}
    unique = {(one.code, one.field): one for one in reversed(findings)}
    kept = [one for one in findings if unique[one.code, one.field] is one]
    return sorted(kept, key=lambda one: (severities[one.severity], ORDER[how_urgent(one) or Urgency.NOW]))
