"""A Brighton-type early warning score for children under 16, with this clinic's own actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Literal

from mainstay.chart.rules.limits import child_band
from mainstay.chart.rules.news2 import EarlyWarning
from mainstay.chart.rules.patient import PatientMeasures
from mainstay.chart.rules.urgency import Urgency, alert
from mainstay.foundation.findings import Finding
from mainstay.foundation.tables import read_toml

Behaviour = Literal["playing", "sleeping", "irritable", "lethargic"]
Colour = Literal["pink", "pale", "grey", "mottled"]
Effort = Literal["normal", "accessory_muscles", "retractions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PewsSigns:
    """What is seen and measured; rates counted for 60 seconds, oxygen in % and L/min."""

    behaviour: Behaviour
    colour: Colour
    capillary_refill_seconds: int
    effort: Effort
    is_grunting: bool = False
    heart_rate: Decimal
    respiratory_rate: Decimal
    oxygen_percent: Decimal = Decimal(21)
    oxygen_flow: Decimal = Decimal(0)
    has_nebulisers_or_vomiting: bool = False
    """Quarter-hourly nebulisers, or vomiting that persists after surgery."""


def pews_applies(patient: PatientMeasures, today: date) -> bool:
    """Whether the score may be used at this age."""
    return patient.age_years(today) < int(_table()["below_years"])


def pews(signs: PewsSigns, patient: PatientMeasures, today: date) -> EarlyWarning:
    """The score and what this clinic does with it. Raises `ValueError` from 16 years on."""
    band = child_band(patient.born, today, patient.age_years(today))
    if band is None or not pews_applies(patient, today):
        raise ValueError("this score is for children under 16 years")
    table, rates = _table(), _table()["rates"]
    heart_low, heart_high = band.heart_rate
    breath_low, breath_high = band.respiratory_rate
    too_slow = rates["respiratory_rate_below_with_effort"]
    has_effort = signs.effort == "retractions" or signs.is_grunting
    points = {
        "behaviour": int(table["behaviour"][signs.behaviour]),
        "cardiovascular": max(
            int(table["colour"][signs.colour]),
            _reached(table["capillary_refill"], "from_seconds", Decimal(signs.capillary_refill_seconds)),
            _exceeded(rates["heart_rate_over_more_than"], signs.heart_rate - heart_high),
            int(rates["bradycardia"]) if signs.heart_rate < heart_low else 0,
        ),
        "respiratory": max(
            int(table["effort"][signs.effort]),
            _exceeded(rates["respiratory_rate_over_more_than"], signs.respiratory_rate - breath_high),
            int(too_slow)
            if has_effort and breath_low - signs.respiratory_rate >= rates["respiratory_rate_below_from"]
            else 0,
            _reached(table["oxygen"]["percent_from"], "at", signs.oxygen_percent),
            _reached(table["oxygen"]["flow_from"], "at", signs.oxygen_flow),
        ),
        "extra": int(table["extra"]["nebulisers_or_vomiting"]) if signs.has_nebulisers_or_vomiting else 0,
    }
    total = sum(points.values())
    return EarlyWarning(total, points, _acted_upon(total, points))


def _acted_upon(total: int, points: Mapping[str, int]) -> tuple[Finding, ...]:
    clinic = _table()["clinic"]
    if total >= clinic["transfer_from"]:
        sentence = f"Children's early warning score {total}: start the emergency drill and call 911."
        return (alert(Urgency.NOW, "pews-transfer", "pews", sentence),)
    if total >= clinic["now_from"] or max(points.values()) >= clinic["now_single"]:
        return (alert(Urgency.NOW, "pews-high", "pews", f"Children's early warning score {total}."),)
    return ()


def _reached(rows: Sequence[Mapping[str, Any]], key: str, value: Decimal) -> int:
    return max((int(row["score"]) for row in rows if value >= row[key]), default=0)


def _exceeded(rows: Sequence[Mapping[str, Any]], by: Decimal) -> int:
    return max((int(row["score"]) for row in rows if by > row["by"]), default=0)


@cache
def _table() -> Mapping[str, Any]:
    return read_toml("mainstay.chart", "vitals/pews.toml")
