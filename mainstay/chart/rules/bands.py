"""What a value means for this patient: usual, told before the visit, or fetched for now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from mainstay.chart.rules.limits import Bands, Level, Limits, adult_from_years, beyond_percent, child_band
from mainstay.chart.rules.patient import Condition, PatientMeasures, Reading, Symptom
from mainstay.chart.rules.urgency import Urgency, alert
from mainstay.foundation.findings import Finding

PLAIN_ADULT_KEYS = ("respiratory_rate", "pain")


def rates(readings: Mapping[str, Reading], patient: PatientMeasures, limits: Limits, today: date) -> Iterator[Finding]:
    """Heart rate, respiratory rate and pain; children by the band of their age."""
    is_adult = patient.age_years(today) >= adult_from_years()
    band = child_band(patient.born, today, patient.age_years(today))
    for key in ("heart_rate", "respiratory_rate"):
        if key not in readings:
            continue
        if is_adult:
            level = limits.adult[key].level(limits.measures[key].rounded(readings[key].value))
        elif band and (usual := band.range_of(key)):
            level = child_level(limits.measures[key].rounded(readings[key].value), *usual)
        else:
            continue
        yield from _said(key, readings[key], level, patient, limits)
    if "pain" in readings:
        group = limits.adult if is_adult else limits.any_child
        if group["pain"].level(readings["pain"].value) is not Level.USUAL or (
            readings["pain"].value > 0 and patient.has(Symptom.NEW_PAIN)
        ):
            yield alert(Urgency.BEFORE_VISIT, "pain", "pain", f"Pain {readings['pain'].value:.0f} of 10.")
    if patient.has(Symptom.IRREGULAR_PULSE):
        yield alert(Urgency.BEFORE_VISIT, "irregular-pulse", "heart_rate", "The pulse is irregular and that is new.")
    if not is_adult:
        yield from _childs_signs(patient)


def child_level(value: Decimal, low: Decimal, high: Decimal) -> Level:
    """Where a child's value lies: outside the range is told, far outside is fetched for."""
    beyond = beyond_percent() / 100
    bands = Bands(
        now_upto=low * (1 - beyond) - Decimal("0.0001"),
        tell_upto=low - Decimal("0.0001"),
        tell_from=high + Decimal("0.0001"),
        now_from=high * (1 + beyond) + Decimal("0.0001"),
    )
    return bands.level(value)


def oxygen(readings: Mapping[str, Reading], patient: PatientMeasures, limits: Limits, today: date) -> Iterator[Finding]:
    """Oxygen saturation against the usual bands, the 88-92 % target, and the patient's own usual value."""
    reading = readings.get("oxygen_saturation")
    if reading is None:
        return
    value = limits.measures["oxygen_saturation"].rounded(reading.value)
    words = f"Oxygen saturation {value} %{' on oxygen' if reading.is_on_oxygen else ''}"
    if patient.has(Condition.LOW_SATURATION_TARGET):
        yield from _against_target(value, words, reading, limits)
        return
    group = limits.adult if patient.age_years(today) >= adult_from_years() else limits.any_child
    level = group["oxygen_saturation"].level(value)
    if level is Level.NOW_LOW:
        yield alert(Urgency.NOW, "oxygen-low", "oxygen_saturation", f"{words} is low.")
    elif level is Level.TELL_LOW:
        yield alert(Urgency.BEFORE_VISIT, "oxygen-low", "oxygen_saturation", f"{words} is below usual.")
    elif (usual := patient.usual.get("oxygen_saturation")) is not None and usual - value > limits.number(
        "oxygen", "below_usual_more_than"
    ):
        yield alert(
            Urgency.BEFORE_VISIT,
            "oxygen-below-own-usual",
            "oxygen_saturation",
            f"{words}; this patient's usual is {usual.normalize():f} %.",
        )


def bmi_band(bmi: Decimal, patient: PatientMeasures, limits: Limits, today: date) -> Iterator[Finding]:
    """BMI of adults who are not pregnant."""
    if patient.age_years(today) < adult_from_years() or patient.is_pregnant:
        return
    level = limits.adult["bmi"].level(bmi)
    if level is Level.TELL_LOW:
        yield alert(Urgency.HANDOFF, "bmi-low", "weight", f"BMI {bmi} is below 18.5.")
    elif level is Level.TELL_HIGH:
        yield alert(Urgency.HANDOFF, "bmi-high", "weight", f"BMI {bmi} is 30 or more.")


def _said(key: str, reading: Reading, level: Level, patient: PatientMeasures, limits: Limits) -> Iterator[Finding]:
    if level is Level.USUAL:
        return
    label = limits.measures[key].label
    is_high = level in (Level.TELL_HIGH, Level.NOW_HIGH)
    code = f"{key.replace('_', '-')}-{'high' if is_high else 'low'}"
    sentence = f"{label} {limits.measures[key].rounded(reading.value)} /min is {'high' if is_high else 'low'}"
    urgency = Urgency.NOW if level in (Level.NOW_LOW, Level.NOW_HIGH) else Urgency.BEFORE_VISIT
    if key == "heart_rate" and (with_what := _first(patient, Symptom.FAINTING, Symptom.CHEST_PAIN)):
        urgency, sentence = Urgency.NOW, f"{sentence}, with {with_what}"
    yield alert(urgency, code, key, f"{sentence}.")


def _against_target(value: Decimal, words: str, reading: Reading, limits: Limits) -> Iterator[Finding]:
    lowest, highest = limits.number("oxygen", "target_lowest"), limits.number("oxygen", "target_highest")
    target = f"the target is {lowest}-{highest} %"
    if value <= limits.number("oxygen", "target_now_upto"):
        yield alert(Urgency.NOW, "oxygen-below-target", "oxygen_saturation", f"{words}; {target}.")
    elif value > highest and reading.is_on_oxygen:
        yield alert(Urgency.BEFORE_VISIT, "oxygen-above-target", "oxygen_saturation", f"{words}; {target}.")


def _childs_signs(patient: PatientMeasures) -> Iterator[Finding]:
    for symptom in (Symptom.LETHARGY, Symptom.GRUNTING, Symptom.CYANOSIS):
        if patient.has(symptom):
            yield alert(
                Urgency.NOW, f"child-{symptom.name.lower()}", "symptoms", f"{symptom.value.capitalize()} in a child."
            )


def _first(patient: PatientMeasures, *symptoms: Symptom) -> str:
    return next((one.value for one in symptoms if patient.has(one)), "")
