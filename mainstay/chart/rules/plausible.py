"""What cannot be true, and what is so unlikely that it is asked about once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from mainstay.chart.rules.limits import Limits, adult_from_years
from mainstay.chart.rules.patient import PatientMeasures, Reading
from mainstay.chart.rules.urgency import confirm, stop
from mainstay.foundation.findings import Finding
from mainstay.terminology.units import convert, unit

FAHRENHEIT_SEEMS_MEANT = (Decimal(90), Decimal(110))
CELSIUS_SEEMS_MEANT = (Decimal(30), Decimal(45))
SQUARE_METRE_IN_CM = Decimal(10_000)


def impossible(readings: Mapping[str, Reading], limits: Limits) -> Iterator[Finding]:
    """Values outside the hard limits, slips of unit, and swapped pressures."""
    for key, reading in readings.items():
        measure = limits.measures.get(key)
        if measure is None:
            continue
        if key == "temperature" and (slip := _temperature_slip(reading)):
            yield slip
            continue
        low, high = measure.hard
        if not low <= reading.value <= high:
            yield stop(
                f"{key}-impossible",
                key,
                f"{measure.label} {reading.shown} is not possible. {_range_in_words(measure.unit, low, high, reading)}",
            )
        elif key == "pain" and reading.value != reading.value.to_integral_value():
            yield stop("pain-not-whole", key, "Pain is a whole number from 0 to 10.")
    yield from _pressure_pair(readings, limits)


def unlikely_for_adults(
    readings: Mapping[str, Reading], patient: PatientMeasures, limits: Limits, today: date
) -> Iterator[Finding]:
    """Values of adults outside the soft limits, and a pulse pressure that suggests a reading error."""
    if patient.age_years(today) < adult_from_years():
        return
    for key, reading in readings.items():
        measure = limits.measures.get(key)
        if measure is None or measure.soft is None:
            continue
        low, high = measure.soft
        if not low <= measure.rounded(reading.value) <= high:
            yield confirm(
                f"{key}-unlikely",
                key,
                f"{measure.label} {reading.shown} is unusual. Measure again, or say why it is right.",
            )
    if "systolic" in readings and "diastolic" in readings:
        narrow, wide = limits.pair("blood_pressure", "usual_pulse_pressure")
        apart = readings["systolic"].value - readings["diastolic"].value
        if not narrow <= apart <= wide:
            yield confirm(
                "pulse-pressure-unlikely",
                "diastolic",
                f"Systolic and diastolic lie {apart.normalize():f} mmHg apart. Measure again, or say why it is right.",
            )


def body_mass_index(readings: Mapping[str, Reading], patient: PatientMeasures) -> Decimal | None:
    """BMI in kg/m2 from today's weight and today's or the last known height; `None` without both."""
    weight = readings.get("weight")
    tall = readings.get("height") or readings.get("length")
    height = tall.value if tall else patient.height
    if weight is None or not height or height <= 0:
        return None
    return (weight.value * SQUARE_METRE_IN_CM / (height * height)).quantize(Decimal("0.1"))


def mean_pressure(systolic: Decimal, diastolic: Decimal) -> Decimal:
    """Mean arterial pressure in mmHg: diastolic plus a third of the pulse pressure."""
    return (diastolic + (systolic - diastolic) / 3).quantize(Decimal(1))


def impossible_bmi(readings: Mapping[str, Reading], patient: PatientMeasures, limits: Limits) -> Iterator[Finding]:
    """Height and weight that cannot belong together."""
    bmi = body_mass_index(readings, patient)
    low, high = limits.measures["bmi"].hard
    if bmi is not None and not low <= bmi <= high:
        yield stop(
            "bmi-impossible",
            "weight",
            f"This weight and height give a BMI of {bmi}. One of them, or its unit, is wrong.",
        )


def last_period_findings(day: date, today: date) -> list[Finding]:
    """A first day of the last period cannot lie in the future."""
    if day > today:
        return [stop("last-period-in-future", "last_period", "The last period cannot begin after today.")]
    return []


def _pressure_pair(readings: Mapping[str, Reading], limits: Limits) -> Iterator[Finding]:
    if "systolic" not in readings or "diastolic" not in readings:
        return
    systolic, diastolic = readings["systolic"].value, readings["diastolic"].value
    least = limits.number("blood_pressure", "least_pulse_pressure")
    if systolic < diastolic:
        yield stop(
            "pressures-swapped",
            "systolic",
            f"{systolic:f}/{diastolic:f}: the first number must be the larger one. Are they swapped?",
        )
    elif systolic - diastolic < least:
        yield stop(
            "pressures-too-close",
            "diastolic",
            f"{systolic:f}/{diastolic:f}: systolic and diastolic must lie at least {least} mmHg apart. Measure again.",
        )


def _temperature_slip(reading: Reading) -> Finding | None:
    value, code = reading.typed_value, reading.typed_unit
    if value is None:
        return None
    low, high = FAHRENHEIT_SEEMS_MEANT
    if code == "Cel" and low <= value <= high:
        return stop("temperature-unit", "temperature", f"{value:f} °C is not possible. Did you mean {value:f} °F?")
    low, high = CELSIUS_SEEMS_MEANT
    if code == "[degF]" and low <= value <= high:
        return stop("temperature-unit", "temperature", f"{value:f} °F is not possible. Did you mean {value:f} °C?")
    return None


def _range_in_words(code: str, low: Decimal, high: Decimal, reading: Reading) -> str:
    """The possible range, in the unit the person typed."""
    typed = reading.typed_unit or code
    if typed != code:
        low, high = (convert(limit, code, typed).quantize(Decimal("0.1")) for limit in (low, high))
    label = unit(typed).label
    return f"It must lie between {low:f} and {high:f} {label}".rstrip() + "."
