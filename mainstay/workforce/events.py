"""What happened to who works here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StaffEnded:
    """Somebody no longer works here; what they own goes to the successor, or back to where it came from."""

    staff_id: int
    successor_id: int | None = None


@dataclass(frozen=True, slots=True)
class CredentialExpiring:
    """A credential ends in so many days (one of 180, 90, 60, 30, 7), told once for each."""

    credential_id: int
    days: int


@dataclass(frozen=True, slots=True)
class CredentialRenewed:
    """A credential that was about to end was renewed, revoked or replaced: nothing is owed for it any more."""

    credential_id: int


@dataclass(frozen=True, slots=True)
class CompetencyFailed:
    """Somebody did not pass the check of an act, and may not do it until they do."""

    sign_off_id: int
