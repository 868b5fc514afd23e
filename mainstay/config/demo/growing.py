"""How people of the demo clinic grow: one curve from birth on, which ends at the height and weight of the adult."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

Curve = Sequence[tuple[float, float, float]]
"""Age in years, height in cm, weight in kg; straight between the ages."""

MIDDLE: dict[str, Curve] = {
    "male": ((0, 50, 3.5), (0.5, 67.5, 7.9), (1, 75.5, 9.6), (2, 87, 12.6), (5, 109, 18.4), (8, 128, 25.6),
             (10, 138.5, 32), (12, 149, 40.5), (14, 163.5, 51), (16, 173, 61), (18, 176, 67)),
    "female": ((0, 49, 3.4), (0.5, 65.5, 7.3), (1, 74, 9), (2, 85.5, 12), (5, 108, 18), (8, 127.5, 25.6),
               (10, 138, 33), (12, 151.5, 42), (14, 160, 49.5), (16, 162.5, 54), (18, 163, 57)),
}  # fmt: skip
"""Rounded medians of the CDC growth charts of 2000 (cdc.gov/growthcharts), fit for made-up people only."""


@dataclass(frozen=True, slots=True)
class Build:
    """Height in cm and weight in kg of somebody grown up."""

    sex: str
    height: float
    weight: float


def size_at(build: Build, years: float) -> tuple[float, float]:
    """Height and weight at an age: always on the way to the adult's, and never down."""
    curve = MIDDLE["male" if build.sex == "male" else "female"]
    _, grown_height, grown_weight = curve[-1]
    height, weight = _between(curve, years)
    share = min(1.0, years / curve[-1][0])
    leaning = 1 + (build.weight / grown_weight - 1) * share
    return height * build.height / grown_height, weight * leaning


def _between(curve: Curve, years: float) -> tuple[float, float]:
    after = bisect_right([age for age, *_ in curve], years)
    if after == len(curve):
        return curve[-1][1:]
    (age, *sizes), (next_age, *next_sizes) = curve[after - 1], curve[after]
    part = (years - age) / (next_age - age)
    height, weight = (a + (b - a) * part for a, b in zip(sizes, next_sizes, strict=True))
    return height, weight
