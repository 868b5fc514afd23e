"""One schedule out of several: each vaccine group after the edition chosen for it, local rows laid over all of it.

The editions are put together while they are still tables, so that forecasting is no slower than with a single one.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from .loading import packed_table
from .overriding import apply_override
from .reading import read_table
from .schedule import Header, Override, Schedule

UNUSED = "unused"
"""The field of an override that leaves a whole series out."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One issuer's edition: whose it is, and the compiled table it is read from."""

    header: Header
    table: str


def combined_schedule(default: Edition, chosen: Mapping[str, Edition], overrides: Sequence[Override] = ()) -> Schedule:
    """The schedule in which each group of `chosen` follows its edition and all others follow `default`.

    An override that fits no series of it is left out of `Schedule.overrides`. Raises FileNotFoundError for a table that
    does not exist and ValueError for an override that cannot be read.
    """
    table = _raw(default.table)
    groups = {row["name"]: row["antigens"] for row in table["groups"]}
    headers = {}
    for group, edition in chosen.items():
        headers[group] = edition.header
        if edition.table == default.table:
            continue
        other = _raw(edition.table)
        for row in other["groups"]:
            if row["name"] == group:
                groups[group] = row["antigens"]
                table["groups"] = [item for item in table["groups"] if item["name"] != group] + [row]
                table["antigens"].update({name: other["antigens"][name] for name in row["antigens"]})
        table["vaccines"] = other["vaccines"] | table["vaccines"]
        table["observations"] = other["observations"] | table["observations"]
    laid = tuple(row for row in overrides if _lay(table, row))
    return replace(read_table(table, laid), header=default.header, headers=headers)


def series_of(edition: str) -> Mapping[str, Sequence[tuple[str, int]]]:
    """For every antigen of a table its series by name, each with its number of doses."""
    table = _raw(edition)
    return {
        name: [(series["name"], len(series["doses"])) for series in row["series"]]
        for name, row in sorted(table["antigens"].items())
    }


def _lay(table: Any, row: Override) -> bool:
    """Lay one override over the table; whether it fitted."""
    antigen = table["antigens"].get(row.antigen)
    series = [item for item in antigen["series"] if item["name"] == row.series] if antigen else []
    if not series or row.dose > len(series[0]["doses"]):
        return False
    if row.field == UNUSED:
        if not row.reason.strip():
            raise ValueError(f"{row.series}: an override needs a reason")
        antigen["series"] = [item for item in antigen["series"] if item["name"] != row.series]
    else:
        apply_override(table, row)
    return True


def check_override(edition: str, row: Override) -> None:
    """Raise ValueError or KeyError, in words, for an override that the table of an edition cannot take."""
    table = _raw(edition)
    if row.antigen not in table["antigens"]:
        raise KeyError(f"the schedule has no {row.antigen}")
    names = [item["name"] for item in table["antigens"][row.antigen]["series"]]
    if row.field == UNUSED and names == [row.series]:
        raise ValueError(f"{row.series} is the only series against {row.antigen}")
    if not _lay(table, row):
        raise KeyError(f"{row.antigen} has no series {row.series!r} with a dose {row.dose}")


def _raw(name: str) -> Any:
    """A fresh copy of a compiled table, to be changed at will."""
    return json.loads(_text(name))


@cache
def _text(name: str) -> bytes:
    return gzip.decompress(packed_table(name))
