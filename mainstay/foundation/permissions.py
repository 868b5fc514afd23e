"""Permissions: what a role may use, declared beside the domain that asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from mainstay.foundation.decisions import Decision, no


@dataclass(frozen=True, slots=True)
class Permission:
    """One function of the system somebody may or may not use, e.g. `visits.room_patient`."""

    code: str
    label: str


_declared: dict[str, Permission] = {}


def permission(code: str, label: str) -> str:
    """Declare a permission in a domain's `permissions.py`; returns its code.

    Raises `ValueError` if the code is declared twice with different labels.
    """
    new = Permission(code, label)
    if _declared.setdefault(code, new) != new:
        raise ValueError(f"permission {code} is declared twice")
    return code


Holders = Callable[[str], tuple[str, ...]]
_holders: list[Holders] = []
MOST_NAMED = 4


def holders_told_by(holders: Holders) -> None:
    """Let whoever knows the roles say who holds a permission, so that a refusal can name who could."""
    _holders[:] = [holders]
    refused_to_role.cache_clear()


@cache
def refused_to_role(code: str) -> Decision:
    """The refusal of a function to somebody whose roles do not include it, naming up to four roles that do."""
    who = _holders[0](code)[:MOST_NAMED] if _holders else ()
    if not who:
        return no("Your role does not include this. Ask your lead or clinic manager.")
    return no("Your role does not include this.", who_could=who)


def declared_permissions() -> tuple[Permission, ...]:
    """Every permission of the installed domains, sorted by code."""
    return tuple(sorted(_declared.values(), key=lambda p: p.code))
