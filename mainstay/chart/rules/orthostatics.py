"""Pressure and pulse from lying to standing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mainstay.chart.rules.limits import Limits, vital_limits
from mainstay.chart.rules.patient import PatientMeasures, Symptom
from mainstay.chart.rules.urgency import Urgency, alert, confirm
from mainstay.foundation.findings import Finding

STANDING_MINUTES = (1, 3)


@dataclass(frozen=True, slots=True)
class Posture:
    """One measurement of the test: minutes spent in that position, mmHg, beats a minute."""

    position: str
    minute: int
    systolic: Decimal
    diastolic: Decimal
    heart_rate: Decimal | None = None


def judge_orthostatics(
    lying: Posture,
    standing: Sequence[Posture],
    patient: PatientMeasures,
    *,
    today: date,
    limits: Limits | None = None,
) -> list[Finding]:
    """Falls of pressure and rises of pulse on standing, and whether the test was done as it should be."""
    limits = limits or vital_limits()
    return [*_technique(lying, standing, limits), *_changes(lying, standing, patient, limits, today)]


def _technique(lying: Posture, standing: Sequence[Posture], limits: Limits) -> Iterator[Finding]:
    least = limits.number("orthostatic", "lying_minutes")
    if lying.minute < least:
        yield confirm("orthostatic-rest", "lying", f"The first reading wants {least} minutes lying down.")
    missing = [minute for minute in STANDING_MINUTES if minute not in {one.minute for one in standing}]
    if missing:
        minutes = " and ".join(map(str, missing))
        yield confirm("orthostatic-minutes", "standing", f"Readings after {minutes} min standing are missing. Say why.")


def _changes(
    lying: Posture, standing: Sequence[Posture], patient: PatientMeasures, limits: Limits, today: date
) -> Iterator[Finding]:
    if patient.has(Symptom.FAINTING):
        yield alert(
            Urgency.NOW, "orthostatic-faint", "standing", "Fainted or nearly fainted on standing: lay down, stop."
        )
    fell = [
        one
        for one in standing
        if lying.systolic - one.systolic >= limits.number("orthostatic", "systolic_drop")
        or lying.diastolic - one.diastolic >= limits.number("orthostatic", "diastolic_drop")
    ]
    if fell:
        worst = min(fell, key=lambda one: one.systolic)
        yield alert(
            Urgency.BEFORE_VISIT,
            "orthostatic-drop",
            "standing",
            f"Pressure fell from {lying.systolic:.0f}/{lying.diastolic:.0f} lying to "
            f"{worst.systolic:.0f}/{worst.diastolic:.0f} after {worst.minute} min standing.",
        )
        return
    rise = "heart_rate_rise_12_to_19" if 12 <= patient.age_years(today) <= 19 else "heart_rate_rise"
    rates = [one.heart_rate for one in standing if one.heart_rate is not None]
    if lying.heart_rate is not None and rates and max(rates) - lying.heart_rate >= limits.number("orthostatic", rise):
        yield alert(
            Urgency.BEFORE_VISIT,
            "orthostatic-pulse",
            "standing",
            f"Pulse rose from {lying.heart_rate:.0f} to {max(rates):.0f} on standing, without a fall of pressure.",
        )
