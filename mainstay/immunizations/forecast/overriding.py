"""Local rows laid over a schedule while it is still a table: an age, an interval, a season, the ages of a risk.

Each gives its reason.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from .periods import parse_period
from .schedule import Override

_INTERVALS = ("absolute_minimum", "minimum", "earliest_recommended", "latest_recommended")
_VALUES = {"ages": (*_INTERVALS, "maximum"), "intervals": _INTERVALS}


def apply_override(table: Any, row: Override) -> None:
    """Change one value of every age or interval row of a dose, or a season; the reason must be given.

    A season (`season.start`, `season.end`) is a day, and with dose 0 that of every dose of the series. The ages a risk
    series is for (`indications.begin`, `indications.end`) are those of all its indications. Raises KeyError or
    ValueError, in words, for a row that would change nothing.
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
    parse_period(row.value)
    if part == "indications" and name in ("begin", "end"):
        indications = [item for item in series[0].get("indications", ()) if "code" in item]
        if not indications:
            raise ValueError(f"{row.series} is for everybody and waits for no risk")
        for item in indications:
            item[name] = row.value
        return
    if part not in ("ages", "intervals") or name not in _VALUES[part]:
        raise ValueError(f"cannot override {row.field!r}")
    dose = doses[row.dose - 1]
    rows = dose.setdefault("ages", [{}]) if part == "ages" else dose.get("intervals")
    if not rows:
        raise ValueError(f"{row.series} dose {row.dose} has no interval to change")
    for item in rows:
        item[name] = row.value
