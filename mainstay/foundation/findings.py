"""What a rule says about something a person is about to save."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from mainstay.foundation.errors import NeedsConfirmation, StopFound


class Severity(StrEnum):
    """What a finding demands."""

    STOP = "stop"
    """It cannot be saved."""
    CONFIRM = "confirm"
    """It is saved only with a reason, which is stored."""
    ALERT = "alert"
    """It is saved, and a named person is told and must acknowledge."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a rule noticed: `code` for machines, `message` for people, `field` for the form."""

    severity: Severity
    code: str
    field: str
    message: str
    is_answered: bool = False
    """Its reason was given, and something else is in the way."""

    @property
    def is_now(self) -> bool:
        """Whether somebody is fetched before anything else is done: an alert whose code begins with `now.`."""
        return self.severity is Severity.ALERT and self.code.startswith("now.")


@dataclass(frozen=True, slots=True)
class Confirmations:
    """Reasons a person gave, by finding code."""

    reasons: Mapping[str, str] = field(default_factory=dict)

    def answer(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Let findings through that are answered; return the alerts.

        Raises `StopFound` if any finding stops, `NeedsConfirmation` if one lacks its reason.
        """
        found = tuple(findings)
        asked = [f for f in found if f.severity is Severity.CONFIRM]
        answered = [replace(f, is_answered=True) for f in asked if self.reason_for(f.code)]
        if stops := [f for f in found if f.severity is Severity.STOP]:
            raise StopFound(stops, answered=answered)
        if open_ := [f for f in asked if not self.reason_for(f.code)]:
            raise NeedsConfirmation(open_, answered=answered)
        return tuple(f for f in found if f.severity is Severity.ALERT)

    def reason_for(self, code: str) -> str:
        """The reason given for one finding code, stripped, or the empty string."""
        return self.reasons.get(code, "").strip()


NOTHING_CONFIRMED = Confirmations()
