"""What is reckoned from a panel: the early warning score of adults or of children, and the body mass index."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import cast

from mainstay.chart.rules.news2 import Consciousness, EarlyWarning, news2_from
from mainstay.chart.rules.patient import PatientMeasures, Reading
from mainstay.chart.rules.pews import Behaviour, Colour, Effort, PewsSigns, pews, pews_applies
from mainstay.chart.rules.plausible import body_mass_index

SCORE_SHOWN_AT = {"news2": "consciousness", "pews": "behaviour"}
"""The field of the form a score is said under."""
CONSCIOUSNESS = {
    "alert": Consciousness.ALERT,
    "confusion": Consciousness.CONFUSION,
    "voice": Consciousness.VOICE,
    "pain": Consciousness.PAIN,
    "unresponsive": Consciousness.UNRESPONSIVE,
}
ROOM_AIR_PERCENT = Decimal(21)
NO_FLOW = Decimal(0)
CHILDS_READINGS = ("heart_rate", "respiratory_rate", "capillary_refill")
CHILDS_CHOICES = ("behaviour", "colour", "effort")


def early_warnings(
    readings: Mapping[str, Reading], choices: Mapping[str, str], patient: PatientMeasures, today: date
) -> dict[str, EarlyWarning]:
    """NEWS2 or the children's score by key, once every sign it needs is there: none is ever taken for normal."""
    if pews_applies(patient, today):
        score = _childs(readings, choices, patient, today)
        return {"pews": score} if score else {}
    if "consciousness" not in choices:
        return {}
    adults = news2_from(readings, patient, CONSCIOUSNESS[choices["consciousness"]], today=today)
    return {"news2": adults} if adults else {}


def calculated_from(
    readings: Mapping[str, Reading], choices: Mapping[str, str], patient: PatientMeasures, today: date
) -> dict[str, tuple[Decimal, str]]:
    """What to keep beside what was typed: key -> (value, UCUM unit)."""
    found = {
        key: (Decimal(score.total), "{score}")
        for key, score in early_warnings(readings, choices, patient, today).items()
    }
    if (bmi := body_mass_index(readings, patient)) is not None:
        found["bmi"] = (bmi, "kg/m2")
    return found


def _childs(
    readings: Mapping[str, Reading], choices: Mapping[str, str], patient: PatientMeasures, today: date
) -> EarlyWarning | None:
    saturation = readings.get("oxygen_saturation")
    is_on_oxygen = saturation.is_on_oxygen if saturation else None
    if any(key not in readings for key in CHILDS_READINGS) or any(key not in choices for key in CHILDS_CHOICES):
        return None
    if is_on_oxygen is None:
        return None
    percent, flow = readings.get("oxygen_concentration"), readings.get("oxygen_flow")
    effort = choices["effort"]
    return pews(
        PewsSigns(
            behaviour=cast(Behaviour, choices["behaviour"]),
            colour=cast(Colour, choices["colour"]),
            capillary_refill_seconds=int(readings["capillary_refill"].value),
            effort=cast(Effort, "retractions" if effort == "grunting" else effort),
            is_grunting=effort == "grunting",
            heart_rate=readings["heart_rate"].value,
            respiratory_rate=readings["respiratory_rate"].value,
            oxygen_percent=percent.value if percent else ROOM_AIR_PERCENT,
            oxygen_flow=flow.value if flow else NO_FLOW,
        ),
        patient,
        today,
    )
