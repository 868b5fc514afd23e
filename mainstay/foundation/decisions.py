"""Yes, or no with a reason a person can read, and who could do it instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from mainstay.foundation.errors import NotPermitted


class Outcome(StrEnum):
    """How a decision ends, from free to barred."""

    ALLOW = "allow"
    ALLOW_WITH_CONDITIONS = "allow_with_conditions"
    ASK = "ask"
    REFUSE = "refuse"


class Confidence(StrEnum):
    """How well the source behind a decision is known; users see `unverified` as such."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to "may I?": truthy when the act may go ahead.

    `ASK` is falsy: somebody named in `who_could` has to agree first.
    """

    outcome: Outcome
    reason: str = ""
    citation: str = ""
    confidence: Confidence = Confidence.HIGH
    conditions: tuple[str, ...] = ()
    who_could: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.outcome in (Outcome.ALLOW, Outcome.ALLOW_WITH_CONDITIONS)

    def or_raise(self) -> None:
        """Pass, or raise `NotPermitted` carrying this decision."""
        if not self:
            raise NotPermitted(self.reason, decision=self)


YES = Decision(Outcome.ALLOW)


def no(reason: str, *, citation: str = "", who_could: Iterable[str] = ()) -> Decision:
    """Refuse with one sentence that helps."""
    return Decision(Outcome.REFUSE, reason, citation=citation, who_could=tuple(who_could))
