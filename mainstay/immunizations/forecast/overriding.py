"""Local rows laid over a schedule while it is still a table: an age, an interval or a season, each with its reason."""

from __future__ import annotations

from datetime import date
from typing import Any

from .periods import parse_period
from .schedule import Override


def apply_override(table: Any, row: Override) -> None:
    """Change one value of every age or interval row of a dose, or a season; the reason must be given.

    A season (`season.start`, `season.end`) is a day, and with dose 0 that of every dose of the series.
    """
    if not row.reason.strip():
        raise ValueError(f"{row.series} dose {row.dose}: an override needs a reason")
    series = [item for item in table["antigens"][row.antigen]["series"] if item["name"] == row.series]
    if not series:
        raise KeyError(f"{row.antigen} has no series {row.series!r}")
    doses = series[0]["doses"]
    part, _, name = row.field.partition(".")
    if part == "season" and name in ("start", "end"):
        day = date.fromisoformat(row.value).isoformat()
        for dose in [doses[row.dose - 1]] if row.dose else doses:
            dose[f"season_{name}"] = day
        return
    if part not in ("ages", "intervals") or name not in (
        "absolute_minimum",
        "minimum",
        "earliest_recommended",
        "latest_recommended",
        "maximum",
    ):
        raise ValueError(f"cannot override {row.field!r}")
    parse_period(row.value)
    for item in doses[row.dose - 1].get(part) or [{}]:
        item[name] = row.value
