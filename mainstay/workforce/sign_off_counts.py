"""How often an act should be seen under supervision before somebody does it alone."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from mainstay.foundation.tables import read_toml


@cache
def _counts() -> Mapping[str, int]:
    return {code: int(row["times"]) for code, row in read_toml("mainstay.workforce", "sign_offs.toml")["act"].items()}


def suggested_times(act: str) -> int:
    """The suggested number of supervised performances of an act; 1 where nothing is suggested."""
    return _counts().get(act, 1)


def acts_with_counts() -> frozenset[str]:
    """The acts the table speaks of."""
    return frozenset(_counts())
