"""Small reminders about how a value was taken, and the habits a practice can see over many of them.

A reminder asks for nothing and is not stored; it is a line under the field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import comb

from mainstay.chart.rules.patient import PatientMeasures, Reading

FAVOURITE_RATES = (Decimal(16), Decimal(18), Decimal(20))
SAME_RATE_TIMES = 3
UNLIKELY = 0.01


@dataclass(frozen=True, slots=True)
class DigitPreference:
    """How many values end in nought, of how many, and how probable that many would be by chance."""

    ending_in_nought: int
    values: int
    chance: float

    @property
    def is_unlikely(self) -> bool:
        """Whether rounding is a better explanation than chance."""
        return self.chance < UNLIKELY


def technique_hints(
    readings: Mapping[str, Reading],
    patient: PatientMeasures,
    *,
    earlier_rates: Sequence[Decimal] = (),
) -> dict[str, str]:
    """One line of help by field, where the way a value was taken may be improved.

    `earlier_rates`: respiratory rates the same person recorded for the patients just before, the latest last.
    """
    hints: dict[str, str] = {}
    systolic, diastolic = readings.get("systolic"), readings.get("diastolic")
    if systolic and diastolic and systolic.method == "auscultation":
        if systolic.value % 2 or diastolic.value % 2:
            hints["systolic"] = "A gauge is marked in steps of 2: read to the nearest mark."
        elif systolic.value % 10 == 0 and diastolic.value % 10 == 0:
            hints["systolic"] = "Both end in 0: read to the nearest 2 mmHg."
    if systolic and systolic.position not in ("", "sitting"):
        hints.setdefault("systolic", "The usual reading is taken sitting.")
    if systolic and patient.arm_circumference and not systolic.cuff:
        hints.setdefault("systolic", "Name the cuff that was used.")
    rate = readings.get("respiratory_rate")
    if rate and rate.method == "counted_30_s" and rate.value % 2:
        hints["respiratory_rate"] = "Counted for 30 seconds and doubled, a rate is even. Count again."
    elif rate and _is_habit(rate.value, earlier_rates):
        hints["respiratory_rate"] = (
            f"{rate.value:.0f} again, as for the last {SAME_RATE_TIMES} patients. Count a full minute, unannounced."
        )
    return hints


def end_digit_preference(values: Sequence[Decimal], *, steps_of_two: bool) -> DigitPreference:
    """Whether too many values end in nought: one in five do by chance in steps of two, one in ten otherwise."""
    expected = 0.2 if steps_of_two else 0.1
    count, noughts = len(values), sum(value % 10 == 0 for value in values)
    chance = sum(
        comb(count, times) * expected**times * (1 - expected) ** (count - times) for times in range(noughts, count + 1)
    )
    return DigitPreference(noughts, count, min(1.0, chance))


def _is_habit(rate: Decimal, earlier: Sequence[Decimal]) -> bool:
    last = list(earlier[-SAME_RATE_TIMES:])
    return rate in FAVOURITE_RATES and len(last) == SAME_RATE_TIMES and all(one == rate for one in last)
