"""The judgement of a set of vital signs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from mainstay.chart.rules.bands import bmi_band, oxygen, rates
from mainstay.chart.rules.changes import jumps, weight_trends
from mainstay.chart.rules.growth_flags import growth_findings
from mainstay.chart.rules.limits import Limits, adult_from_years, vital_limits
from mainstay.chart.rules.patient import PatientMeasures, Reading
from mainstay.chart.rules.plausible import body_mass_index, impossible, impossible_bmi, unlikely_for_adults
from mainstay.chart.rules.pressure import pressure_alerts, pressure_technique
from mainstay.chart.rules.temperature import temperature_band, temperature_technique
from mainstay.chart.rules.urgency import most_urgent_first, stop
from mainstay.foundation.findings import Finding


def judge_vitals(
    readings: Mapping[str, Reading], patient: PatientMeasures, *, now: datetime, limits: Limits | None = None
) -> list[Finding]:
    """Everything there is to say about these readings, most urgent first.

    Keys: systolic, diastolic, heart_rate, respiratory_rate, temperature, oxygen_saturation, oxygen_concentration,
    oxygen_flow, height, length, weight, head_circumference, pain; values in canonical units. `now` is in the site's
    zone. A value that cannot be saved is not judged further. No message is a diagnosis.
    """
    limits, today = limits or vital_limits(), now.date()
    if today < patient.born:
        return [stop("born-in-future", "born", "The date of birth lies after today. Correct it first.")]
    stops = list(impossible(readings, limits))
    unsound = {one.field for one in stops}
    if unsound & {"systolic", "diastolic"}:
        unsound |= {"systolic", "diastolic"}
    sound = {key: reading for key, reading in readings.items() if key not in unsound}
    if mismatch := list(impossible_bmi(sound, patient, limits)):
        stops += mismatch
        sound = {key: reading for key, reading in sound.items() if key not in ("weight", "height", "length")}
    bmi = body_mass_index(sound, patient)
    return most_urgent_first(
        [
            *stops,
            *unlikely_for_adults(sound, patient, limits, today),
            *jumps(sound, patient, limits, today),
            *pressure_technique(sound, patient, limits),
            *temperature_technique(sound, patient, today),
            *pressure_alerts(sound, patient, limits, today),
            *rates(sound, patient, limits, today),
            *temperature_band(sound, patient, limits, today),
            *oxygen(sound, patient, limits, today),
            *weight_trends(sound, patient, limits, today),
            *(bmi_band(bmi, patient, limits, today) if bmi else ()),
            *(growth_findings(sound, patient, today) if patient.age_years(today) < adult_from_years() else ()),
        ]
    )
