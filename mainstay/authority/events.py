"""What happened to the practice's own rules."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PolicyWritten:
    """A policy narrower than the tables came into being."""

    policy_id: int


@dataclass(frozen=True, slots=True)
class PolicySigned:
    """The medical director signed a policy that allows more than the tables."""

    policy_id: int


@dataclass(frozen=True, slots=True)
class PolicyWithdrawn:
    """A policy is no longer in force."""

    policy_id: int
