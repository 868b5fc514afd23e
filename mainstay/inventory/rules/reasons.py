"""The reasons people choose from (`tables/reasons.toml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from mainstay.foundation.tables import read_toml


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, and whether a second person signs."""

    code: str
    title: str
    needs_witness: bool = False


@cache
def reasons(kind: str) -> Mapping[str, Reason]:
    """The reasons of one kind (`waste`, `adjust`, `count`, `borrow`) by code, in their order."""
    rows = read_toml("mainstay.inventory", "reasons.toml")[kind]
    return {r["code"]: Reason(r["code"], r["title"], r.get("witness") == "always") for r in rows}


def title_of(kind: str, code: str) -> str:
    """A reason in words; the code itself if the table no longer has it."""
    known = reasons(kind).get(code)
    return known.title if known else code
