"""Roles: which permissions each one carries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from mainstay.foundation.tables import read_toml


@dataclass(frozen=True, slots=True)
class Role:
    """A role with every permission it carries, those of the roles it includes among them."""

    code: str
    label: str
    permissions: frozenset[str]


@cache
def roles() -> Mapping[str, Role]:
    """Every role by code, from `tables/roles.toml`."""
    rows = read_toml("mainstay.workforce", "roles.toml")

    def carried(code: str) -> frozenset[str]:
        row = rows[code]
        return frozenset(row["permissions"]).union(*(carried(other) for other in row.get("includes", [])))

    return {code: Role(code, row["label"], carried(code)) for code, row in rows.items()}


def holders_of(permission: str) -> tuple[str, ...]:
    """The roles that carry a permission, in the order of the table."""
    return tuple(role.label for role in roles().values() if permission in role.permissions)


@cache
def permissions_of(codes: tuple[str, ...]) -> frozenset[str]:
    """The union of what these roles carry; a role that no longer exists carries nothing."""
    known = roles()
    return frozenset().union(*(known[c].permissions for c in codes if c in known))


def labels_of(codes: Iterable[str]) -> list[str]:
    """The roles' names as people say them."""
    known = roles()
    return [known[c].label for c in codes if c in known]
