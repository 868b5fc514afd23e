"""Blood pressure of children: percentile by age, sex and height (AAP 2017), or a first-pass screen without a height."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum

from mainstay.chart.growth import Measure, Measurement, Sex, Standard, score, z_at
from mainstay.chart.rules.limits import Limits, beyond_percent, child_band, child_pressure_2017, child_pressure_screen
from mainstay.chart.rules.patient import PatientMeasures, Reading, Symptom
from mainstay.chart.rules.urgency import Urgency, alert
from mainstay.foundation.findings import Finding

HEIGHT_COLUMNS = (5, 10, 25, 50, 75, 90, 95)
ADULT_CUTS_FROM_YEARS = 13
STAGE_TWO_ABOVE_95TH = 12
EMERGENCY_ABOVE_95TH = 30


class ChildPressure(StrEnum):
    """The AAP 2017 categories; stages need three visits, so none is a diagnosis."""

    NORMAL = "normal"
    ELEVATED = "elevated"
    STAGE_1 = "stage 1"
    STAGE_2 = "stage 2"


def height_column(sex: str, age_days: int, height_cm: Decimal) -> int | None:
    """The height percentile column nearest to this child's stature; `None` outside the CDC reference."""
    asked = Measurement(Measure.HEIGHT, Sex(sex), age_days, float(height_cm))
    z = next((one.z for one in score(asked) if one.standard is Standard.CDC), None)
    return None if z is None else min(HEIGHT_COLUMNS, key=lambda column: abs(z_at(column) - z))


def childs_category(
    systolic: Decimal, diastolic: Decimal, *, sex: str, age_years: int, age_days: int, height_cm: Decimal | None
) -> ChildPressure | None:
    """The category of a child's pressure from 1 to 17 years; `None` when age, sex or height do not allow one.

    From 13 years adult cut-offs hold; before, the higher of what either number says by percentile.
    """
    if age_years >= ADULT_CUTS_FROM_YEARS:
        return _worst(
            _grade(systolic, Decimal(120), Decimal(130), Decimal(140)),
            _grade(diastolic, Decimal(1000), Decimal(80), Decimal(90)),
        )
    if not sex or height_cm is None or age_years < 1:
        return None
    column = height_column(sex, age_days, height_cm)
    if column is None:
        return None
    table = child_pressure_2017()
    p90, p95 = table[sex, age_years, 90, column], table[sex, age_years, 95, column]
    return _worst(
        _grade(
            systolic,
            min(p90[0], Decimal(120)),
            min(p95[0], Decimal(130)),
            min(p95[0] + STAGE_TWO_ABOVE_95TH, Decimal(140)),
        ),
        _grade(
            diastolic,
            min(p90[1], Decimal(80)),
            min(p95[1], Decimal(80)),
            min(p95[1] + STAGE_TWO_ABOVE_95TH, Decimal(90)),
        ),
    )


def childs_pressure(
    systolic: Decimal,
    diastolic: Decimal,
    readings: Mapping[str, Reading],
    patient: PatientMeasures,
    limits: Limits,
    today: date,
) -> Iterator[Finding]:
    """Alerts about a child's pressure, newest height first."""
    years = patient.age_years(today)
    band = child_band(patient.born, today, years)
    if band is None:
        return
    shown = f"{systolic}/{diastolic}" if diastolic else f"Systolic {systolic}"
    low, high = band.systolic
    if systolic < band.hypotension(years):
        yield alert(Urgency.NOW, "child-pressure-low", "systolic", f"{shown} is too low for {band.label}.")
        return
    measured = readings.get("height") or readings.get("length")
    category = childs_category(
        systolic,
        diastolic,
        sex=patient.sex,
        age_years=years,
        age_days=patient.age_days(today),
        height_cm=measured.value if measured else patient.height,
    )
    if systolic > high * (1 + beyond_percent() / 100) or _is_emergency(systolic, diastolic, years, patient, category):
        yield alert(Urgency.NOW, "child-pressure-very-high", "systolic", f"{shown} is far too high for {band.label}.")
    elif category is None:
        yield from _screened(systolic, diastolic, shown, high, years, patient)
    elif category is not ChildPressure.NORMAL:
        urgency = Urgency.HANDOFF if category is ChildPressure.ELEVATED else Urgency.BEFORE_VISIT
        code = f"child-pressure-{category.replace(' ', '-')}-high"
        how = "Measure twice more by hand on the right arm and use the average."
        yield alert(urgency, code, "systolic", f"{shown} lies in the {category} range for age, sex and height. {how}")
    elif systolic < low:
        yield alert(Urgency.BEFORE_VISIT, "child-pressure-low", "systolic", f"{shown} is low for {band.label}.")


def _screened(
    systolic: Decimal, diastolic: Decimal, shown: str, high: Decimal, years: int, patient: PatientMeasures
) -> Iterator[Finding]:
    """Without a height: the screen from one year, the upper end of the range before."""
    reach = child_pressure_screen().get((patient.sex, min(years, ADULT_CUTS_FROM_YEARS)))
    if reach is None:
        is_high = systolic > high
    else:
        is_high = systolic >= reach[0] or diastolic >= reach[1]
    if is_high:
        yield alert(
            Urgency.BEFORE_VISIT,
            "child-pressure-screen-high",
            "systolic",
            f"{shown} may be high for this age. Measure the height, then the pressure twice more by hand.",
        )


def _is_emergency(
    systolic: Decimal, diastolic: Decimal, years: int, patient: PatientMeasures, category: ChildPressure | None
) -> bool:
    if years >= ADULT_CUTS_FROM_YEARS and (systolic > 180 or diastolic > 120):
        return True
    signs = (Symptom.CHEST_PAIN, Symptom.SHORT_OF_BREATH, Symptom.NEUROLOGICAL, Symptom.VISION_CHANGE)
    if category is ChildPressure.STAGE_2 and patient.has(*signs):
        return True
    if category is None or years >= ADULT_CUTS_FROM_YEARS:
        return False
    tallest = child_pressure_2017()[patient.sex, years, 95, HEIGHT_COLUMNS[-1]]
    return systolic > tallest[0] + EMERGENCY_ABOVE_95TH or diastolic > tallest[1] + EMERGENCY_ABOVE_95TH


def _grade(value: Decimal, elevated: Decimal, stage_1: Decimal, stage_2: Decimal) -> ChildPressure:
    if value >= stage_2:
        return ChildPressure.STAGE_2
    if value >= stage_1:
        return ChildPressure.STAGE_1
    return ChildPressure.ELEVATED if value >= elevated else ChildPressure.NORMAL


def _worst(one: ChildPressure, other: ChildPressure) -> ChildPressure:
    order = list(ChildPressure)
    return max(one, other, key=order.index)
