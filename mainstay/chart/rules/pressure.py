"""Blood pressure of adults: categories, alerts, repeats, cuffs and arms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from mainstay.chart.rules.limits import Level, Limits, adult_from_years, vital_limits
from mainstay.chart.rules.patient import PatientMeasures, Reading, Symptom
from mainstay.chart.rules.pressure_of_children import childs_pressure
from mainstay.chart.rules.urgency import Urgency, alert, confirm
from mainstay.foundation.findings import Finding

SYMPTOMS_THAT_COUNT = (
    Symptom.CHEST_PAIN,
    Symptom.SHORT_OF_BREATH,
    Symptom.NEUROLOGICAL,
    Symptom.VISION_CHANGE,
    Symptom.BACK_PAIN,
)


@dataclass(frozen=True, slots=True)
class Pressure:
    """One complete blood pressure of this visit, mmHg."""

    systolic: Decimal
    diastolic: Decimal
    taken_at: datetime
    arm: str = ""
    position: str = "sitting"
    method: str = ""

    def __str__(self) -> str:
        return f"{self.systolic:.0f}/{self.diastolic:.0f}"


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next with the cuff: not before `earliest`."""

    code: str
    message: str
    earliest: datetime


def pressure_category(systolic: Decimal, diastolic: Decimal, limits: Limits | None = None) -> str:
    """normal, elevated, stage 1, stage 2 or severe: the higher of what either number says.

    AHA/ACC 2025 keeps these categories of 2017. A category is no diagnosis: that needs two readings on two occasions.
    """
    worst = ""
    for row in (limits or vital_limits()).table["adult_category"]:
        by_systolic = "systolic_from" in row and systolic >= row["systolic_from"]
        by_diastolic = "diastolic_from" in row and diastolic >= row["diastolic_from"]
        if by_systolic or by_diastolic:
            worst = row["name"]
    return worst


def pressure_alerts(
    readings: Mapping[str, Reading], patient: PatientMeasures, limits: Limits, today: date
) -> Iterator[Finding]:
    """Who has to hear of this pressure, and how soon."""
    if "systolic" not in readings:
        return
    systolic = limits.measures["systolic"].rounded(readings["systolic"].value)
    diastolic = (
        limits.measures["diastolic"].rounded(readings["diastolic"].value) if "diastolic" in readings else Decimal(0)
    )
    found: list[Finding]
    if _is_expecting(patient, limits, today):
        found = list(_expecting(systolic, diastolic, _shown(systolic, diastolic), limits))
    else:
        found = []
    if patient.age_years(today) < adult_from_years():
        found = found or list(childs_pressure(systolic, diastolic, readings, patient, limits, today))
    elif not any(one.code.startswith("now.") for one in found):
        adults = list(_adult(systolic, diastolic, patient, limits))
        is_high = any("pressure-high" in one.code for one in found)
        found += [one for one in adults if one.code.startswith("now.") or not (is_high and one.code.endswith("-high"))]
    yield from found
    usual = patient.usual.get("systolic")
    if usual is not None and usual - systolic >= limits.number("blood_pressure", "below_usual_from"):
        yield alert(
            Urgency.BEFORE_VISIT,
            "pressure-below-own-usual",
            "systolic",
            f"Systolic {systolic} lies {usual - systolic:.0f} below this patient's usual {usual:.0f}.",
        )


def pressure_technique(readings: Mapping[str, Reading], patient: PatientMeasures, limits: Limits) -> Iterator[Finding]:
    """An arm that must be spared, and a cuff that does not fit."""
    reading = readings.get("systolic")
    if reading is None:
        return
    if why := patient.arm_to_avoid.get(reading.arm):
        other = "right" if reading.arm == "left" else "left"
        instead = "Ask the provider where to measure" if other in patient.arm_to_avoid else f"Use the {other} arm"
        yield confirm("arm-to-avoid", "systolic", f"Not the {reading.arm} arm: {why}. {instead}, or say why this one.")
    measured = readings.get("arm_circumference")
    around = measured.value if measured else patient.arm_circumference
    fitting = cuff_for(around, limits) if around else None
    if around and fitting and reading.cuff and reading.cuff != fitting:
        order = [row["name"] for row in limits.table["cuff"]]
        effect = "high" if reading.cuff in order and order.index(reading.cuff) < order.index(fitting) else "low"
        yield confirm(
            "cuff-size",
            "systolic",
            f"An arm of {around.normalize():f} cm takes the {fitting} cuff; "
            f"the {reading.cuff} cuff reads too {effect}. Measure again, or say why.",
        )


def cuff_for(arm_cm: Decimal, limits: Limits | None = None) -> str | None:
    """The adult cuff for a mid-arm circumference; `None` outside all of them."""
    whole = arm_cm.to_integral_value()
    for row in (limits or vital_limits()).table["cuff"]:
        if row["from_cm"] <= whole <= row["to_cm"]:
            return str(row["name"])
    return None


def next_pressure_steps(
    pressures: Sequence[Pressure],
    patient: PatientMeasures,
    *,
    is_first_visit: bool,
    now: datetime,
    limits: Limits | None = None,
) -> tuple[Step, ...]:
    """What still has to be measured after the pressures taken so far in this visit.

    A raised first reading is repeated after a minute and the last two are averaged; a severe or pregnancy-severe one
    likewise, the latter after fifteen; a first visit wants both arms; an irregular pulse wants three by hand.
    """
    limits = limits or vital_limits()
    if not pressures:
        return ()
    last, steps = pressures[-1], []
    if patient.has(Symptom.IRREGULAR_PULSE):
        by_hand = sum(one.method == "auscultation" for one in pressures)
        if by_hand < 3:
            steps.append(
                Step(
                    "by-hand", f"The pulse is irregular: measure by hand three times ({by_hand} done).", _after(last, 1)
                )
            )
    elif len(pressures) == 1 or (patient.age_years(now.date()) < adult_from_years() and len(pressures) == 2):
        steps += _repeat(last, patient, limits, now)
    arms = {one.arm for one in pressures if one.arm}
    if is_first_visit and len(arms) == 1 and not steps:
        other = "right" if "left" in arms else "left"
        if other not in patient.arm_to_avoid:
            steps.append(Step("other-arm", f"First visit: measure the {other} arm too.", _after(last, 1)))
    return tuple(steps)


def pressure_to_use(pressures: Sequence[Pressure]) -> tuple[Decimal, Decimal] | None:
    """The pressure that stands for the visit: the average of the last two on the arm that reads higher."""
    if not pressures:
        return None
    arms = {one.arm for one in pressures}
    higher = max(arms, key=lambda arm: max(one.systolic for one in pressures if one.arm == arm))
    last_two = [one for one in pressures if one.arm == higher][-2:]
    count = len(last_two)
    return (
        (sum((one.systolic for one in last_two), Decimal(0)) / count).quantize(Decimal(1)),
        (sum((one.diastolic for one in last_two), Decimal(0)) / count).quantize(Decimal(1)),
    )


def arm_difference(pressures: Sequence[Pressure], limits: Limits | None = None) -> list[Finding]:
    """An alert when the two arms read far apart."""
    by_arm = {one.arm: one for one in pressures if one.arm in ("left", "right")}
    if len(by_arm) < 2:
        return []
    apart = abs(by_arm["left"].systolic - by_arm["right"].systolic)
    if apart < (limits or vital_limits()).number("blood_pressure", "arms_differ_from"):
        return []
    higher = max(by_arm.values(), key=lambda one: one.systolic).arm
    sentence = (
        f"The arms differ by {apart:.0f} mmHg (left {by_arm['left']}, right {by_arm['right']}). Use the {higher} arm."
    )
    return [alert(Urgency.BEFORE_VISIT, "arms-differ", "systolic", sentence)]


def _repeat(last: Pressure, patient: PatientMeasures, limits: Limits, now: datetime) -> list[Step]:
    def at_least(prefix: str) -> bool:
        group = "blood_pressure"
        return last.systolic >= limits.number(group, f"{prefix}systolic_from") or last.diastolic >= limits.number(
            group, f"{prefix}diastolic_from"
        )

    if _is_expecting(patient, limits, now.date()) and at_least("pregnant_now_"):
        minutes = int(limits.number("blood_pressure", "pregnant_repeat_minutes"))
        return [
            Step("repeat", f"Measure again after {minutes} minutes, and stay with the patient.", _after(last, minutes))
        ]
    minutes = int(limits.number("blood_pressure", "repeat_minutes"))
    if patient.age_years(now.date()) < adult_from_years():
        readings = {"systolic": Reading(last.systolic, "mm[Hg]"), "diastolic": Reading(last.diastolic, "mm[Hg]")}
        raised = any(
            "high" in one.code or "stage" in one.code or "elevated" in one.code
            for one in childs_pressure(last.systolic, last.diastolic, readings, patient, limits, now.date())
        )
        message = "Measure twice more by hand on the right arm; the average counts."
        return [Step("repeat", message, _after(last, minutes))] if raised else []
    if at_least("repeat_"):
        return [
            Step("repeat", "Measure again after a minute of rest; the last two are averaged.", _after(last, minutes))
        ]
    return []


def _shown(systolic: Decimal, diastolic: Decimal) -> str:
    return f"{systolic}/{diastolic}" if diastolic else f"Systolic {systolic}"


def _after(last: Pressure, minutes: int) -> datetime:
    return last.taken_at + timedelta(minutes=minutes)


def _is_expecting(patient: PatientMeasures, limits: Limits, today: date) -> bool:
    """Pregnant, or so shortly after birth that the same limits hold."""
    weeks = int(limits.number("blood_pressure", "weeks_after_birth"))
    return patient.is_pregnant or patient.is_within_weeks_of_birth(weeks, today)


def _expecting(systolic: Decimal, diastolic: Decimal, shown: str, limits: Limits) -> Iterator[Finding]:
    def reaches(name: str) -> bool:
        group = "blood_pressure"
        return systolic >= limits.number(group, f"pregnant_{name}_systolic_from") or diastolic >= limits.number(
            group, f"pregnant_{name}_diastolic_from"
        )

    minutes = limits.number("blood_pressure", "pregnant_repeat_minutes")
    if reaches("now"):
        yield alert(
            Urgency.NOW,
            "pregnancy-pressure-high",
            "systolic",
            f"{shown} in pregnancy or soon after birth. Measure again in {minutes} minutes.",
        )
    elif reaches("tell"):
        yield alert(
            Urgency.BEFORE_VISIT,
            "pregnancy-pressure-high",
            "systolic",
            f"{shown} in pregnancy or soon after birth is high.",
        )


def _adult(systolic: Decimal, diastolic: Decimal, patient: PatientMeasures, limits: Limits) -> Iterator[Finding]:
    level = limits.adult["systolic"].level(systolic)
    is_severe = systolic >= limits.number("blood_pressure", "severe_systolic_from") or diastolic >= limits.number(
        "blood_pressure", "severe_diastolic_from"
    )
    shown = _shown(systolic, diastolic)
    with_what = next((one.value for one in SYMPTOMS_THAT_COUNT if patient.has(one)), "")
    with_what = with_what or ("pregnancy" if patient.is_pregnant else "")
    if level is Level.NOW_LOW:
        yield alert(Urgency.NOW, "pressure-low", "systolic", f"Systolic {systolic} is very low.")
    elif is_severe and with_what:
        yield alert(Urgency.NOW, "pressure-severe", "systolic", f"{shown}, with {with_what}. Measure once more.")
    elif is_severe:
        yield alert(
            Urgency.BEFORE_VISIT,
            "pressure-severe-high",
            "systolic",
            f"{shown} is severely high. Ask about chest pain, breathing, weakness, vision and back pain; "
            "measure once more.",
        )
    elif level is Level.TELL_HIGH or limits.adult["diastolic"].level(diastolic) is Level.TELL_HIGH:
        yield alert(Urgency.BEFORE_VISIT, "pressure-high", "systolic", f"{shown} is high.")
    elif level is Level.TELL_LOW:
        yield alert(Urgency.BEFORE_VISIT, "pressure-low", "systolic", f"Systolic {systolic} is low.")
