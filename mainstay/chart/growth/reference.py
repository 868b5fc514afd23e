"""The published reference tables: WHO 2006 by day and by centimetre, CDC 2000 by half month and by centimetre."""

from __future__ import annotations

import csv
import gzip
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

    __slots__ = ("points", "steps")

    def __init__(self, points: list[tuple[float, Lms]]) -> None:
        self.points = points
        self.steps = [step for step, _ in points]

    @property
    def first(self) -> float:
        """Where the table begins."""
        return self.steps[0]

    @property
    def last(self) -> float:
        """Where the table ends; the end itself is covered."""
        return self.steps[-1]

    def at(self, step: float) -> Lms | None:
        """L, M and S at an age or length, linear between rows; `None` outside the table."""
        if not self.steps[0] <= step <= self.steps[-1]:
            return None
        place = bisect_right(self.steps, step) - 1
        low, here = self.points[place]
        if low == step:
            return here
        high, following = self.points[place + 1]
        share = (step - low) / (high - low)
        return Lms(*(a + share * (b - a) for a, b in zip(here, following, strict=True)))


@cache
def reference_tables(standard: Standard) -> dict[tuple[str, Sex], LmsTable]:
    """Every table of one standard, by table name and sex."""
    packed = resources.files("mainstay.chart").joinpath("tables", "growth", FILES[standard]).read_bytes()
    collected: dict[tuple[str, Sex], list[tuple[float, Lms]]] = defaultdict(list)
    for row in csv.DictReader(gzip.decompress(packed).decode("ascii").splitlines()):
        point = Lms(float(row["l"]), float(row["m"]), float(row["s"]))
        collected[row["table"], Sex(row["sex"])].append((float(row["x"]), point))
    return {key: LmsTable(points) for key, points in collected.items()}
