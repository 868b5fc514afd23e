"""What changed since last time: slips of unit, jumps, and trends that matter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from mainstay.chart.rules.limits import Limits, adult_from_years
from mainstay.chart.rules.patient import Condition, PastValue, PatientMeasures, Reading
from mainstay.chart.rules.urgency import Urgency, alert, confirm
from mainstay.foundation.findings import Finding

POUNDS_PER_KILOGRAM = Decimal("2.20462")
CENTIMETRES_PER_INCH = Decimal("2.54")


def jumps(readings: Mapping[str, Reading], patient: PatientMeasures, limits: Limits, today: date) -> Iterator[Finding]:
    """Weight and height that differ from last time by more than a person changes."""
    is_adult = patient.age_years(today) >= adult_from_years()
    if (weight := readings.get("weight")) and (last := patient.last.get("weight")):
        yield from _weight_jump(weight, last, limits, is_adult=is_adult)
    if (height := readings.get("height")) and (last := patient.last.get("height")):
        yield from _height_jump(height, last, limits, is_adult=is_adult)


def weight_trends(
    readings: Mapping[str, Reading], patient: PatientMeasures, limits: Limits, today: date
) -> Iterator[Finding]:
    """Fast gain with heart failure, and slow loss nobody intended."""
    weight = readings.get("weight")
    if weight is None:
        return
    if patient.has(Condition.HEART_FAILURE) and (gain := _heart_failure_gain(weight.value, patient, limits, today)):
        yield alert(Urgency.BEFORE_VISIT, "heart-failure-gain", "weight", gain)
    if patient.age_years(today) < adult_from_years() or patient.is_pregnant:
        return
    if patient.has(Condition.INTENDED_WEIGHT_LOSS):
        return
    nearest, farthest = limits.pair("change", "unintended_loss_days")
    before = [
        past for past in patient.earlier_weights if nearest <= (today - past.on).days <= farthest and past.value > 0
    ]
    if not before:
        return
    most = max(before, key=lambda past: past.value)
    lost = (most.value - weight.value) * 100 / most.value
    if lost >= limits.number("change", "unintended_loss_percent"):
        yield alert(
            Urgency.BEFORE_VISIT,
            "weight-loss",
            "weight",
            f"{lost:.0f} % lighter than on {_day(most.on)}. Ask whether the loss was intended.",
        )


def _weight_jump(weight: Reading, last: PastValue, limits: Limits, *, is_adult: bool) -> Iterator[Finding]:
    if slip := _slip(weight.value, last.value, POUNDS_PER_KILOGRAM, limits):
        seems = "pounds typed as kilograms" if slip > 0 else "kilograms typed as pounds"
        yield confirm(
            "weight-unit",
            "weight",
            f"{weight.shown}, after {_kilograms(last.value)} on {_day(last.on)}: "
            f"this looks like {seems}. Check the unit.",
        )
        return
    change = weight.value - last.value
    percent = abs(change) * 100 / last.value
    too_much = percent > limits.number("change", "weight_percent")
    if is_adult:
        too_much = too_much or abs(change) > limits.number("change", "weight_kg")
    elif change > 0:
        too_much = False
    if too_much:
        direction = "more" if change > 0 else "less"
        yield confirm(
            "weight-jump",
            "weight",
            f"{_kilograms(abs(change))} ({percent:.0f} %) {direction} than on {_day(last.on)}. "
            "Weigh again, or say why it is right.",
        )


def _height_jump(height: Reading, last: PastValue, limits: Limits, *, is_adult: bool) -> Iterator[Finding]:
    if slip := _slip(height.value, last.value, CENTIMETRES_PER_INCH, limits):
        seems = "inches typed as centimetres" if slip < 0 else "centimetres typed as inches"
        yield confirm(
            "height-unit",
            "height",
            f"{height.shown}, after {last.value:.1f} cm on {_day(last.on)}: this looks like {seems}. Check the unit.",
        )
        return
    change = height.value - last.value
    if is_adult and abs(change) > limits.number("change", "height_cm"):
        direction = "taller" if change > 0 else "shorter"
    elif not is_adult and change < -limits.number("change", "child_height_loss_cm"):
        direction = "shorter"
    else:
        return
    yield confirm(
        "height-jump",
        "height",
        f"{abs(change):.1f} cm {direction} than on {_day(last.on)}. "
        "Measure again without shoes, or say why it is right.",
    )


def _slip(value: Decimal, last: Decimal, ratio: Decimal, limits: Limits) -> int:
    """1 when the value looks `ratio` times too large, -1 when as much too small, else 0."""
    if last <= 0:
        return 0
    slack = limits.number("change", "slip_tolerance_percent") / 100
    for direction, expected in ((1, ratio), (-1, 1 / ratio)):
        if abs(value / last / expected - 1) <= slack:
            return direction
    return 0


def _heart_failure_gain(weight: Decimal, patient: PatientMeasures, limits: Limits, today: date) -> str:
    """The sentence about a gain that is too fast, or nothing."""
    for days, name in ((1, "heart_failure_day_kg"), (7, "heart_failure_week_kg")):
        recent = [past for past in patient.earlier_weights if 1 <= (today - past.on).days <= days]
        if not recent:
            continue
        least = min(recent, key=lambda past: past.value)
        gain = weight - least.value
        if gain >= limits.number("change", name):
            return f"{_kilograms(gain)} heavier than on {_day(least.on)}, with known heart failure."
    return ""


def _kilograms(value: Decimal) -> str:
    pounds = value * POUNDS_PER_KILOGRAM
    return f"{pounds:.0f} lb ({value:.1f} kg)" if pounds >= 10 else f"{pounds:.1f} lb ({value:.1f} kg)"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
