"""BMI above the 95th percentile: the CDC extended method of 2022.

Above the 95th percentile the 2000 reference flattens. CDC extends it with a half-normal distribution fitted to
children with obesity: percentile = 90 + 10 x F((BMI - P95) / sigma). Wei, Ogden, Parsons, Freedman and Hales, Annals
of Human Biology 2020;47:514-521; NCHS Vital and Health Statistics 2(197), 2022.
"""

from __future__ import annotations

from math import erfc

from mainstay.chart.growth.lms import NORMAL, ROOT_TWO, Lms
from mainstay.chart.growth.reference import Sex

ABOVE = NORMAL.inv_cdf(0.95)
"""The z-score from which the extended method applies."""
HIGHEST_Z = 8.21
"""CDC gives this to everything whose percentile cannot be told from 100."""
SIGMA = {Sex.MALE: (0.3728, 0.5196, -0.0091), Sex.FEMALE: (0.8334, 0.3712, -0.0011)}
"""Constant, per year and per year squared of the half-normal spread, kg/m2."""


def sigma_at(sex: Sex, age_years: float) -> float:
    """The spread of the half-normal distribution, kg/m2."""
    constant, per_year, per_square = SIGMA[sex]
    return round(constant + per_year * age_years + per_square * age_years**2, 8)


def extended_z(bmi: float, lms: Lms, sex: Sex, age_years: float) -> float:
    """The z-score of a BMI at or above the 95th percentile, at most 8.21."""
    distance = (bmi - lms.value_at(ABOVE)) / sigma_at(sex, age_years)
    share_above = 0.05 * erfc(distance / ROOT_TWO)
    if share_above < 1e-16:
        return HIGHEST_Z
    return min(-NORMAL.inv_cdf(share_above), HIGHEST_Z)


def extended_bmi_at(percentile: float, lms: Lms, sex: Sex, age_years: float) -> float:
    """The BMI at a percentile from 95 up to, not including, 100."""
    distance = NORMAL.inv_cdf((percentile - 90) / 10)
    return lms.value_at(ABOVE) + sigma_at(sex, age_years) * distance


def percent_of_95th(bmi: float, lms: Lms) -> float:
    """BMI as a percentage of the 95th percentile: 120 and 140 begin obesity classes 2 and 3."""
    return 100 * bmi / lms.value_at(ABOVE)
