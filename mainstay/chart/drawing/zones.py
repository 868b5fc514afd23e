"""The bands behind a trend, from the same limits the values are judged by."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from mainstay.chart.drawing.trend import Zone
from mainstay.chart.rules.limits import Limits, adult_from_years, beyond_percent, child_band, vital_limits
from mainstay.chart.rules.patient import PatientMeasures


def zones_for(key: str, patient: PatientMeasures, today: date, limits: Limits | None = None) -> tuple[Zone, ...]:
    """The bands of one vital sign for this patient's age; none where it has none.

    `blood_pressure`, drawn as two lines, gets the high band of the systolic one only: a low band would run through the
    diastolic line.
    """
    limits = limits or vital_limits()
    if key == "blood_pressure":
        return tuple(
            replace(zone, label=f"systolic: {zone.label}")
            for zone in zones_for("systolic", patient, today, limits)
            if not zone.lies_below
        )
    is_adult = patient.age_years(today) >= adult_from_years()
    band = None if is_adult else child_band(patient.born, today, patient.age_years(today))
    if band and (pair := band.range_of(key)):
        low, high = (float(edge) for edge in pair)
        beyond = float(beyond_percent()) / 100
        return (
            Zone("now", "fetch the provider", high=low * (1 - beyond), lies_below=True),
            Zone("tell", "tell the provider", low=low * (1 - beyond), high=low, lies_below=True),
            Zone("tell", "tell the provider", low=high, high=high * (1 + beyond)),
            Zone("now", "fetch the provider", low=high * (1 + beyond)),
        )
    bands = (limits.adult if is_adult else limits.any_child).get(key)
    if bands is None:
        return ()
    now_low, tell_low, tell_high, now_high = (
        None if edge is None else float(edge)
        for edge in (bands.now_upto, bands.tell_upto, bands.tell_from, bands.now_from)
    )
    zones = []
    if now_low is not None:
        zones.append(Zone("now", "fetch the provider", high=now_low, lies_below=True))
    if tell_low is not None:
        zones.append(Zone("tell", "tell the provider", low=now_low, high=tell_low, lies_below=True))
    if tell_high is not None:
        zones.append(Zone("tell", "tell the provider", low=tell_high, high=now_high))
    if now_high is not None:
        zones.append(Zone("now", "fetch the provider", low=now_high))
    return tuple(zones)
