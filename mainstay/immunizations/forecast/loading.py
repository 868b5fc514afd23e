"""Find the compiled tables that ship with the product, unpack them, and lay local override rows over them."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from functools import cache
from importlib import resources

import orjson

from mainstay.foundation.tables import read_toml

from .overriding import apply_override
from .reading import read_table
from .schedule import Override, Schedule

DEFAULT_SCHEDULE = "cdc-4.64"


def schedule_names() -> list[str]:
    """The schedules that ship with the product, by file name."""
    folder = resources.files("mainstay.immunizations") / "tables" / "schedules"
    return sorted(entry.name.removesuffix(".json.gz") for entry in folder.iterdir() if entry.name.endswith(".json.gz"))


@cache
def load_schedule(name: str = DEFAULT_SCHEDULE) -> Schedule:
    """One of the schedules of `schedule_names`, read once. Raises FileNotFoundError when there is none by that name."""
    return read_schedule(packed_table(name))


def packed_table(name: str) -> bytes:
    """The compiled table a schedule is read from. Raises FileNotFoundError when there is none by that name."""
    path = resources.files("mainstay.immunizations") / "tables" / "schedules" / f"{name}.json.gz"
    return path.read_bytes()


@cache
def other_vaccines() -> frozenset[str]:
    """The vaccine codes (CVX) CDC knows and no schedule maps to an antigen; a dose of one is judged for none."""
    return frozenset(read_toml("mainstay.immunizations", "other_vaccines.toml")["codes"])


def read_schedule(packed: bytes, overrides: Iterable[Override] = ()) -> Schedule:
    """The schedule in a gzipped table, with local override rows laid over it. Raises KeyError or ValueError."""
    laid = tuple(overrides)
    table = orjson.loads(gzip.decompress(packed))
    for row in laid:
        apply_override(table, row)
    return read_table(table, laid)
