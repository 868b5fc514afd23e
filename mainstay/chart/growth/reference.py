"""The published reference tables: WHO 2006 by day and by centimetre, CDC 2000 by half month and by centimetre."""

from __future__ import annotations

import csv
import gzip
from array import array
from bisect import bisect_right
from collections import defaultdict
from enum import StrEnum
from functools import cache
from importlib import resources

from mainstay.chart.growth.lms import Lms

FILES = {"WHO": "who_2006.csv.gz", "CDC": "cdc_2000.csv.gz"}


class Sex(StrEnum):
    """The sex whose reference is used."""

    MALE = "m"
    FEMALE = "f"


class Standard(StrEnum):
    """Who published the reference."""

    WHO = "WHO"
    CDC = "CDC"


class LmsTable:
    """One reference curve family for one sex: L, M and S at rising ages (days or months) or lengths (cm)."""

    __slots__ = ("_medians", "_skews", "_spreads", "steps")

    def __init__(self, points: list[tuple[float, Lms]]) -> None:
        self.steps = array("d", (step for step, _ in points))
        self._skews = array("d", (lms.skew for _, lms in points))
        self._medians = array("d", (lms.median for _, lms in points))
        self._spreads = array("d", (lms.spread for _, lms in points))

    @property
    def first(self) -> float:
        """Where the table begins."""
        return self.steps[0]

    @property
    def last(self) -> float:
        """Where the table ends; the end itself is covered."""
        return self.steps[-1]

    def row(self, place: int) -> Lms:
        """L, M and S of one row of the table."""
        return Lms(self._skews[place], self._medians[place], self._spreads[place])

    def at(self, step: float) -> Lms | None:
        """L, M and S at an age or length, linear between rows; `None` outside the table."""
        steps = self.steps
        if not steps[0] <= step <= steps[-1]:
            return None
        place = bisect_right(steps, step) - 1
        low = steps[place]
        if low == step:
            return self.row(place)
        share = (step - low) / (steps[place + 1] - low)
        skew, median, spread = self.row(place)
        next_skew, next_median, next_spread = self.row(place + 1)
        return Lms(
            skew + share * (next_skew - skew),
            median + share * (next_median - median),
            spread + share * (next_spread - spread),
        )


@cache
def reference_tables(standard: Standard) -> dict[tuple[str, Sex], LmsTable]:
    """Every table of one standard, by table name and sex."""
    packed = resources.files("mainstay.chart").joinpath("tables", "growth", FILES[standard]).read_bytes()
    collected: dict[tuple[str, Sex], list[tuple[float, Lms]]] = defaultdict(list)
    for row in csv.DictReader(gzip.decompress(packed).decode("ascii").splitlines()):
        point = Lms(float(row["l"]), float(row["m"]), float(row["s"]))
        collected[row["table"], Sex(row["sex"])].append((float(row["x"]), point))
    return {key: LmsTable(points) for key, points in collected.items()}
