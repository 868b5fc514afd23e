"""Readings of vital signs as typed, and what the rules say about them, for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from mainstay.chart.rules import (
    PatientMeasures,
    Reading,
    Symptom,
    judge_vitals,
    reading_as_typed,
    vital_limits,
)
from mainstay.foundation.findings import Finding

D = Decimal
NOW = datetime(2026, 11, 21, 9, 30)  # noqa: DTZ001 - the rules read the site's own wall clock
TODAY = NOW.date()
ADULT = PatientMeasures(born=date(1980, 5, 5), sex="f", height=D(165))
UNITS = {
    "temperature": ("Cel", "[degF]"),
    "weight": ("kg", "[lb_av]", "[oz_av]"),
    "height": ("cm", "[in_i]"),
    "length": ("cm", "[in_i]"),
    "head_circumference": ("cm",),
}
MORE_UNITS = {"heart_rate": ("/min",), "respiratory_rate": ("/min",), "oxygen_saturation": ("%",), "pain": ("{score}",)}


def readings(**typed: str) -> dict[str, Reading]:
    made = {}
    for key, text in typed.items():
        units = (UNITS | MORE_UNITS).get(key, (vital_limits().measures[key].unit,))
        made[key] = reading_as_typed(text, units)
    if "temperature" in made:
        made["temperature"] = replace(made["temperature"], site="oral")
    return made


def judged(patient: PatientMeasures = ADULT, **typed: str) -> list[Finding]:
    return judge_vitals(readings(**typed), patient, now=NOW)


def codes(patient: PatientMeasures = ADULT, **typed: str) -> list[str]:
    return [one.code for one in judged(patient, **typed)]


def child(days: int, **more: object) -> PatientMeasures:
    return PatientMeasures(born=TODAY - timedelta(days=days), sex="m", **more)  # type: ignore[arg-type]  # facts by name


def with_symptoms(*symptoms: Symptom) -> PatientMeasures:
    return replace(ADULT, symptoms=frozenset(symptoms))
