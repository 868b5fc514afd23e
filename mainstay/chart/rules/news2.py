"""NEWS2, the National Early Warning Score (Royal College of Physicians, 2017), with this clinic's own actions.

The score is reckoned; the College's chart is not redrawn. For people of 16 years and more who are not pregnant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from mainstay.chart.rules.patient import Condition, PatientMeasures, Reading
from mainstay.chart.rules.urgency import Urgency, alert
from mainstay.foundation.findings import Finding
from mainstay.foundation.tables import read_toml

NEEDED = ("respiratory_rate", "oxygen_saturation", "systolic", "heart_rate", "temperature")


class Consciousness(StrEnum):
    """ACVPU: alert, new confusion, responds to voice, to pain, not at all."""

    ALERT = "alert"
    CONFUSION = "new confusion"
    VOICE = "voice"
    PAIN = "pain"
    UNRESPONSIVE = "unresponsive"


@dataclass(frozen=True, slots=True, kw_only=True)
class News2Signs:
    """The seven signs; every one is needed."""

    respiratory_rate: Decimal
    oxygen_saturation: Decimal
    is_on_oxygen: bool
    systolic: Decimal
    heart_rate: Decimal
    consciousness: Consciousness
    temperature: Decimal
    has_low_saturation_target: bool = False
    """A clinician prescribed 88-92 %: the second oxygen scale is used."""


@dataclass(frozen=True, slots=True)
class EarlyWarning:
    """A score, the points of each sign, and what follows here."""

    total: int
    points: Mapping[str, int]
    findings: tuple[Finding, ...]


def news2_applies(age_years: int, *, is_pregnant: bool) -> bool:
    """Whether the score may be used for this person."""
    return age_years >= int(_table()["least_age_years"]) and not is_pregnant


def news2(signs: News2Signs) -> EarlyWarning:
    """The score from 0 to 20 and what this clinic does with it."""
    table = _table()
    scale = "oxygen_saturation"
    if signs.has_low_saturation_target:
        scale = f"oxygen_saturation_target_on_{'oxygen' if signs.is_on_oxygen else 'air'}"
    points = {
        "respiratory_rate": _points("respiratory_rate", signs.respiratory_rate),
        "oxygen_saturation": _points(scale, signs.oxygen_saturation),
        "oxygen": int(table["single"]["oxygen"]) if signs.is_on_oxygen else 0,
        "systolic": _points("systolic", signs.systolic),
        "heart_rate": _points("heart_rate", signs.heart_rate),
        "consciousness": 0 if signs.consciousness is Consciousness.ALERT else int(table["single"]["not_alert"]),
        "temperature": _points("temperature", signs.temperature),
    }
    total = sum(points.values())
    return EarlyWarning(total, points, _acted_upon(total, points))


def news2_from(
    readings: Mapping[str, Reading], patient: PatientMeasures, consciousness: Consciousness, *, today: date
) -> EarlyWarning | None:
    """The score from a set of vital signs; `None` for people it is not for, or while a sign is missing.

    Whether the saturation was taken on room air or on oxygen has to be known; nobody's breathing is taken for granted.
    """
    if not news2_applies(patient.age_years(today), is_pregnant=patient.is_pregnant):
        return None
    if any(sign not in readings for sign in NEEDED):
        return None
    is_on_oxygen = readings["oxygen_saturation"].is_on_oxygen
    if is_on_oxygen is None:
        return None
    return news2(
        News2Signs(
            respiratory_rate=readings["respiratory_rate"].value,
            oxygen_saturation=readings["oxygen_saturation"].value,
            is_on_oxygen=is_on_oxygen,
            systolic=readings["systolic"].value,
            heart_rate=readings["heart_rate"].value,
            consciousness=consciousness,
            temperature=readings["temperature"].value,
            has_low_saturation_target=patient.has(Condition.LOW_SATURATION_TARGET),
        )
    )


def _points(sign: str, value: Decimal) -> int:
    step = Decimal("0.1") if sign == "temperature" else Decimal(1)
    rounded = value.quantize(step, ROUND_HALF_UP)
    rows: Sequence[Mapping[str, Any]] = _table()["points"][sign]
    return next(int(row["score"]) for row in rows if "upto" not in row or rounded <= row["upto"])


def _acted_upon(total: int, points: Mapping[str, int]) -> tuple[Finding, ...]:
    clinic = _table()["clinic"]
    if total >= clinic["transfer_from"]:
        sentence = f"Early warning score {total}: start the emergency drill and call 911."
        return (alert(Urgency.NOW, "news2-transfer", "news2", sentence),)
    if total >= clinic["now_from"] or max(points.values()) >= clinic["now_single"]:
        return (
            alert(Urgency.NOW, "news2-high", "news2", f"Early warning score {total}: the provider comes to the room."),
        )
    if total >= clinic["tell_from"]:
        return (alert(Urgency.HANDOFF, "news2-raised", "news2", f"Early warning score {total}."),)
    return ()


@cache
def _table() -> Mapping[str, Any]:
    return read_toml("mainstay.chart", "vitals/news2.toml")
