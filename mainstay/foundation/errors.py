"""Every refusal the system can give, as one tree.

    ClinicError                 anything a person can put right
    ├── InvalidInput            the shape is wrong                         422
    ├── StopFound               a rule says: this cannot be saved          422
    ├── NeedsConfirmation       a rule says: only with a reason            422
    ├── NotPermitted            this person may not do this here and now   403
    ├── NotFound                no such record, or not one you may see     404
    ├── IllegalMove             the record is not in a state for this      409
    ├── Stale                   somebody else changed it first             409
    ├── TooMuch                 more was sent at once than is taken in     413
    └── Busy                    try again in a moment                      503

The docstring of a class is its default message. Domains derive from these in their `errors.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mainstay.foundation.decisions import Decision
    from mainstay.foundation.findings import Finding


class ClinicError(Exception):
    """Something could not be done."""

    code = "error"
    status = 422

    def __init__(self, message: str = "", *, field: str = "") -> None:
        self.message = message or (type(self).__doc__ or "").strip().split("\n", 1)[0]
        self.field = field
        super().__init__(self.message)


class InvalidInput(ClinicError):
    """What was typed cannot be read."""

    code = "invalid"


class FindingsRaised(ClinicError):
    """Something here needs your attention before it can be saved."""

    code = "findings"

    def __init__(self, findings: Sequence[Finding], *, answered: Sequence[Finding] = ()) -> None:
        """What is in the way, and what is not because its reason was given already."""
        self.findings, self.answered = tuple(findings), tuple(answered)
        first = self.findings[0]
        super().__init__(" ".join(f.message for f in self.findings), field=first.field)


class StopFound(FindingsRaised):
    """This cannot be saved."""

    code = "stop"


class NeedsConfirmation(FindingsRaised):
    """This is saved only with a reason."""

    code = "confirm"


class NotPermitted(ClinicError):
    """You may not do this."""

    code = "not-permitted"
    status = 403

    def __init__(self, message: str = "", *, decision: Decision | None = None) -> None:
        super().__init__(message)
        self.decision = decision


class NotFound(ClinicError):
    """There is no such record, or it is not one you may see."""

    code = "not-found"
    status = 404


class IllegalMove(ClinicError):
    """The record is not in a state from which this can be done."""

    code = "illegal-move"
    status = 409


class Stale(ClinicError):
    """Somebody else changed this first. Look at the new state, then try again."""

    code = "stale"
    status = 409


class TooMuch(ClinicError):
    """Too much was sent at once. Nothing was saved or changed. Go back and send less: fewer lines, or in parts."""

    code = "too-much"
    status = 413


class Busy(ClinicError):
    """The system is busy. Nothing was saved; try again in a moment."""

    code = "busy"
    status = 503
