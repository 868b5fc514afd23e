"""Permissions: what a role may use, declared beside the domain that asks."""

from __future__ import annotations

from dataclasses import dataclass


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


def declared_permissions() -> tuple[Permission, ...]:
    """Every permission of the installed domains, sorted by code."""
    return tuple(sorted(_declared.values(), key=lambda p: p.code))
