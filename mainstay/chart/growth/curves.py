"""Percentile lines of the references, for drawing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from mainstay.chart.growth.extended_bmi import ABOVE, extended_bmi_at
from mainstay.chart.growth.lms import z_at
from mainstay.chart.growth.reference import LmsTable, Sex, Standard, reference_tables
from mainstay.chart.growth.scores import DAYS_PER_MONTH, Measure

WHO_PERCENTILES = (2.0, 5.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 98.0)
"""CDC draws the WHO standards with the 2nd and 98th percentile as the outer lines (MMWR 2010;59 RR-9)."""
CDC_PERCENTILES = (5.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0)
CDC_BMI_PERCENTILES = (5.0, 10.0, 25.0, 50.0, 75.0, 85.0, 90.0, 95.0, 98.0, 99.0, 99.9, 99.99)
WHO_EVERY_DAYS = 15
WHO_DENSE_UNTIL_DAYS = 75
"""Days between drawn points: a line every half month looks smooth and stays small."""

TABLES: dict[tuple[Standard, Measure], tuple[str, ...]] = {
    (Standard.WHO, Measure.WEIGHT): ("weight_for_age",),
    (Standard.WHO, Measure.LENGTH): ("length_height_for_age",),
    (Standard.WHO, Measure.HEIGHT): ("length_height_for_age",),
    (Standard.WHO, Measure.HEAD): ("head_for_age",),
    (Standard.WHO, Measure.BMI): ("bmi_for_age",),
    (Standard.WHO, Measure.WEIGHT_FOR_LENGTH): ("weight_for_length",),
    (Standard.CDC, Measure.WEIGHT): ("weight_for_age_infant", "weight_for_age"),
    (Standard.CDC, Measure.LENGTH): ("length_for_age",),
    (Standard.CDC, Measure.HEIGHT): ("stature_for_age",),
    (Standard.CDC, Measure.HEAD): ("head_for_age",),
    (Standard.CDC, Measure.BMI): ("bmi_for_age",),
    (Standard.CDC, Measure.WEIGHT_FOR_LENGTH): ("weight_for_length",),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One percentile line: points of (age in days, or cm for weight-for-length; kg, cm or kg/m2)."""

    percentile: float
    points: tuple[tuple[float, float], ...]


@cache
def curves(
    standard: Standard, measure: Measure, sex: Sex, percentiles: tuple[float, ...] | None = None
) -> tuple[Line, ...]:
    """The percentile lines of one reference, lowest first.

    CDC BMI lines above the 95th percentile follow the extended method of 2022.
    """
    if percentiles is None:
        percentiles = _usual_percentiles(standard, measure)
    steps = [step for table in _tables(standard, measure, sex) for step in _drawn_steps(standard, measure, table)]
    return tuple(
        Line(
            percentile, tuple((x, _height(standard, measure, sex, percentile, table, step)) for table, step, x in steps)
        )
        for percentile in percentiles
    )


def _usual_percentiles(standard: Standard, measure: Measure) -> tuple[float, ...]:
    if standard is Standard.WHO:
        return WHO_PERCENTILES
    return CDC_BMI_PERCENTILES if measure is Measure.BMI else CDC_PERCENTILES


def _tables(standard: Standard, measure: Measure, sex: Sex) -> list[LmsTable]:
    return [reference_tables(standard)[name, sex] for name in TABLES[standard, measure]]


def _drawn_steps(standard: Standard, measure: Measure, table: LmsTable) -> list[tuple[LmsTable, float, float]]:
    """The rows that are drawn, each with its place on the horizontal axis."""
    if measure is Measure.WEIGHT_FOR_LENGTH:
        return [(table, step, step) for step in table.steps if step * 2 % 1 == 0]
    if standard is Standard.WHO:
        return [(table, day, day) for day in table.steps if _is_drawn(day) or day == table.last]
    ends = 24 if table.first == 0 and table.last == 36 and measure is Measure.WEIGHT else table.last
    return [
        (table, month, month * DAYS_PER_MONTH) for month in table.steps if month < ends or month == table.last == ends
    ]


def _is_drawn(day: float) -> bool:
    """Denser in the first weeks, where the lines bend, and on both days of the change from lying to standing."""
    return day % (3 if day < WHO_DENSE_UNTIL_DAYS else WHO_EVERY_DAYS) == 0 or day in (730, 731)


def _height(standard: Standard, measure: Measure, sex: Sex, percentile: float, table: LmsTable, step: float) -> float:
    lms = table.at(step)
    assert lms is not None
    z = z_at(percentile)
    if standard is Standard.CDC and measure is Measure.BMI and z > ABOVE:
        return extended_bmi_at(percentile, lms, sex, step / 12)
    return lms.value_at(z)
