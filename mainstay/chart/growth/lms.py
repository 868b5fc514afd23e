"""The LMS method: where one measurement stands in a reference distribution (Cole and Green 1992).

Scores are statistics, not measurements, so they are floats; what was measured stays `Decimal` outside this package.
"""

from __future__ import annotations

from math import erfc, exp, inf, log, sqrt
from statistics import NormalDist
from typing import NamedTuple

NORMAL = NormalDist()
ROOT_TWO = sqrt(2.0)


class Lms(NamedTuple):
    """Skewness, median and coefficient of variation of a reference at one age or length."""

    skew: float
    median: float
    spread: float

    def z_of(self, value: float) -> float:
        """The plain LMS z-score of a measurement greater than zero."""
        if self.skew == 0:
            return log(value / self.median) / self.spread
        return float(((value / self.median) ** self.skew - 1) / (self.skew * self.spread))

    def value_at(self, z: float) -> float:
        """The measurement that has this plain LMS z-score; infinite where a skewed reference never reaches it."""
        if self.skew == 0:
            return self.median * exp(self.spread * z)
        base = 1 + self.skew * self.spread * z
        if base <= 0:
            return inf if self.skew < 0 else 0.0
        return float(self.median * base ** (1 / self.skew))

    def restricted_z_of(self, value: float) -> float:
        """The z-score whose tails beyond three are counted in steps of the last standard deviation.

        WHO 2006 uses it for every measure that has weight in it, because the far tails of a skewed
        fit are not to be trusted (WHO Child Growth Standards: Methods and development, 2006, §7).
        """
        z = self.z_of(value)
        if z > 3:
            third = self.value_at(3)
            return 3 + (value - third) / (third - self.value_at(2))
        if z < -3:
            third = self.value_at(-3)
            return -3 + (value - third) / (self.value_at(-2) - third)
        return z

    def modified_z_of(self, value: float) -> float:
        """The z-score CDC uses to find values that cannot be right: half the distance to two SD is one step."""
        reach = self.value_at(2) - self.median if value > self.median else self.median - self.value_at(-2)
        return (value - self.median) / (reach / 2)


def percentile_of(z: float) -> float:
    """The percentage of the reference population below this z-score, 0 to 100."""
    return 50 * erfc(-z / ROOT_TWO)


def z_at(percentile: float) -> float:
    """The z-score at a percentile between 0 and 100, both excluded."""
    return NORMAL.inv_cdf(percentile / 100)
