"""Where a child's measurement stands: z-score and percentile on the WHO and the CDC reference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from mainstay.chart.growth.extended_bmi import ABOVE, extended_z
from mainstay.chart.growth.lms import Lms, percentile_of
from mainstay.chart.growth.reference import Sex, Standard, reference_tables

DAYS_PER_MONTH = 30.4375
WHO_STANDS_FROM_DAYS = 731
"""From this day WHO tables are for standing height, before it for lying length (24 months of 30.4375 days)."""
CDC_STANDS_FROM_MONTHS = 24
WHO_LYING_MINUS_STANDING_CM = 0.7
CDC_LYING_MINUS_STANDING_CM = 0.8
BEYOND_SENSE = 100_000


class Measure(StrEnum):
    """What was measured, under the names of the growth file formats."""

    WEIGHT = "WEIGHTKG"
    LENGTH = "LENGTHCM"
    HEIGHT = "HEIGHTCM"
    HEAD = "HEADCM"
    BMI = "BMI"
    WEIGHT_FOR_LENGTH = "WFL"


@dataclass(frozen=True, slots=True)
class Measurement:
    """One measurement of one child: kg, cm or kg/m2 as `measure` says; `length_cm` only for weight-for-length.

    `length_cm` is taken as lying length before 24 months and standing height from then on.
    """

    measure: Measure
    sex: Sex
    age_days: float
    value: float
    length_cm: float | None = None


class GrowthScore(NamedTuple):
    """One answer: `table` names the reference table used."""

    standard: Standard
    table: str
    z: float
    percentile: float


class Place(NamedTuple):
    """The row of a reference a measurement is compared with, and the measurement as that row wants it."""

    table: str
    lms: Lms
    value: float


def score(measurement: Measurement) -> tuple[GrowthScore, ...]:
    """The scores on every standard that covers this child, WHO first; empty when none does.

    Raises `ValueError` in words a person can act on when the measurement cannot be scored at all.
    """
    _refuse_nonsense(measurement)
    return tuple(_scores(measurement))


def _scores(measurement: Measurement) -> Iterator[GrowthScore]:
    if place := who_place(measurement):
        measures_weight = measurement.measure not in (Measure.LENGTH, Measure.HEIGHT, Measure.HEAD)
        z = place.lms.restricted_z_of(place.value) if measures_weight else place.lms.z_of(place.value)
        yield GrowthScore(Standard.WHO, place.table, z, percentile_of(z))
    if place := cdc_place(measurement):
        z = place.lms.z_of(place.value)
        if measurement.measure is Measure.BMI and z >= ABOVE:
            age_years = measurement.age_days / DAYS_PER_MONTH / 12
            z = extended_z(place.value, place.lms, measurement.sex, age_years)
        yield GrowthScore(Standard.CDC, place.table, z, percentile_of(z))


def who_place(measurement: Measurement) -> Place | None:
    """Where WHO 2006 compares this measurement, birth to 1,856 days; heights and lengths as the age asks."""
    measure, value = measurement.measure, measurement.value
    day = round(measurement.age_days)
    stands = day >= WHO_STANDS_FROM_DAYS
    step: float = day
    match measure:
        case Measure.WEIGHT:
            table = "weight_for_age"
        case Measure.BMI:
            table = "bmi_for_age"
        case Measure.HEAD:
            table = "head_for_age"
        case Measure.LENGTH:
            table, value = "length_height_for_age", value - (WHO_LYING_MINUS_STANDING_CM if stands else 0)
        case Measure.HEIGHT:
            table, value = "length_height_for_age", value + (0 if stands else WHO_LYING_MINUS_STANDING_CM)
        case Measure.WEIGHT_FOR_LENGTH:
            if not _is_covered(Standard.WHO, "weight_for_age", measurement.sex, day):
                return None
            table = "weight_for_height" if stands else "weight_for_length"
            step = measurement.length_cm or 0
    return _placed(Standard.WHO, table, measurement.sex, step, value)


def cdc_place(measurement: Measurement) -> Place | None:
    """Where CDC 2000 compares this measurement: lying to 24 months, standing from 24 months to 20 years.

    A length measured lying after 24 months uses the 0-36 month length table, and beyond it stature less
    0.8 cm; a height before 24 months is compared as it is, as CDC's own program does.
    """
    measure, value = measurement.measure, measurement.value
    months = measurement.age_days / DAYS_PER_MONTH
    stands = months >= CDC_STANDS_FROM_MONTHS
    step = months
    match measure:
        case Measure.WEIGHT:
            table = "weight_for_age" if stands else "weight_for_age_infant"
        case Measure.BMI:
            table = "bmi_for_age"
        case Measure.HEAD:
            table = "head_for_age"
        case Measure.HEIGHT:
            table = "stature_for_age" if stands else "length_for_age"
        case Measure.LENGTH:
            table = "length_for_age"
            if not _is_covered(Standard.CDC, table, measurement.sex, months):
                table, value = "stature_for_age", value - CDC_LYING_MINUS_STANDING_CM
        case Measure.WEIGHT_FOR_LENGTH:
            if not _is_covered(
                Standard.CDC, "stature_for_age" if stands else "length_for_age", measurement.sex, months
            ):
                return None
            table = "weight_for_stature" if stands else "weight_for_length"
            step = measurement.length_cm or 0
    return _placed(Standard.CDC, table, measurement.sex, step, value)


def _placed(standard: Standard, table: str, sex: Sex, step: float, value: float) -> Place | None:
    lms = reference_tables(standard)[table, sex].at(step)
    return Place(table, lms, value) if lms and value > 0 else None


def _is_covered(standard: Standard, table: str, sex: Sex, step: float) -> bool:
    reference = reference_tables(standard)[table, sex]
    return reference.first <= step <= reference.last


def _refuse_nonsense(measurement: Measurement) -> None:
    if not 0 <= measurement.age_days < BEYOND_SENSE:
        raise ValueError(f"agedays {measurement.age_days:g} is not an age in days from birth")
    if not 0 < measurement.value < BEYOND_SENSE:
        raise ValueError(f"measurement {measurement.value:g} is not possible")
    if measurement.length_cm is not None and not 0 < measurement.length_cm < BEYOND_SENSE:
        raise ValueError(f"cm {measurement.length_cm:g} is not possible")
    if measurement.measure is Measure.WEIGHT_FOR_LENGTH and measurement.length_cm is None:
        raise ValueError("weight-for-length needs the length or height in the cm column")
