"""Temperature: fever by site, infants, and patients in whom a fever cannot wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from mainstay.chart.rules.limits import Level, Limits, adult_from_years, temperature_sites
from mainstay.chart.rules.patient import Condition, PatientMeasures, Reading
from mainstay.chart.rules.urgency import Urgency, alert, confirm
from mainstay.foundation.findings import Finding
from mainstay.terminology.units import convert

NEWBORN_DAYS = 28


def sites_to_avoid(patient: PatientMeasures, today: date) -> dict[str, str]:
    """Sites at which this patient's temperature should not be taken, and why."""
    avoid: dict[str, str] = {}
    least = int(temperature_sites()["tympanic"]["least_age_months"])
    if patient.age_months(today) < least:
        avoid["tympanic"] = f"An ear temperature is not reliable under {least} months."
    if patient.has(Condition.NEUTROPENIA):
        avoid["rectal"] = "No rectal temperature with a low white count."
    elif patient.has(Condition.BLEEDING_RISK) and patient.age_days(today) <= NEWBORN_DAYS:
        avoid["rectal"] = "No rectal temperature in a newborn who may bleed."
    return avoid


def temperature_technique(readings: Mapping[str, Reading], patient: PatientMeasures, today: date) -> Iterator[Finding]:
    """A site that does not suit this patient, or none named."""
    reading = readings.get("temperature")
    if reading is None:
        return
    if not reading.site:
        yield confirm("temperature-site-missing", "temperature", "Say where the temperature was taken.")
    elif why := sites_to_avoid(patient, today).get(reading.site):
        yield confirm("temperature-site", "temperature", f"{why} Measure at another site, or say why this one.")


def temperature_band(
    readings: Mapping[str, Reading], patient: PatientMeasures, limits: Limits, today: date
) -> Iterator[Finding]:
    """Fever and low temperature, judged at the site where they were measured and never converted."""
    reading = readings.get("temperature")
    if reading is None:
        return
    value = limits.measures["temperature"].rounded(reading.value)
    words = f"Temperature {_both_units(reading, value)}{_where(reading)}"
    if patient.age_days(today) <= limits.number("infant", "fever_days"):
        yield from _infant(value, words, reading, patient, limits, today)
        return
    group = limits.adult if patient.age_years(today) >= adult_from_years() else limits.any_child
    level = group["temperature"].level(value)
    has_fever = value >= _fever_from(reading, group["temperature"].tell_from or Decimal(38))
    cannot_wait = next(
        (
            one.value
            for one in (Condition.NEUTROPENIA, Condition.CHEMOTHERAPY, Condition.WEAK_IMMUNITY)
            if patient.has(one)
        ),
        "",
    )
    if has_fever and cannot_wait:
        yield alert(Urgency.NOW, "fever-weak-immunity", "temperature", f"{words}, with {cannot_wait}.")
    elif level in (Level.NOW_HIGH, Level.NOW_LOW):
        high = level is Level.NOW_HIGH
        yield alert(
            Urgency.NOW,
            "temperature-high" if high else "temperature-low",
            "temperature",
            f"{words} is very {'high' if high else 'low'}.",
        )
    elif has_fever:
        yield alert(Urgency.BEFORE_VISIT, "temperature-high", "temperature", f"{words} is a fever.")
    elif level is Level.TELL_LOW:
        yield alert(Urgency.BEFORE_VISIT, "temperature-low", "temperature", f"{words} is low.")
    elif value >= _screen_from(reading, value + 1):
        yield alert(
            Urgency.HANDOFF,
            "temperature-screen",
            "temperature",
            f"{words} may be a fever. Measure again at another site.",
        )


def _infant(
    value: Decimal, words: str, reading: Reading, patient: PatientMeasures, limits: Limits, today: date
) -> Iterator[Finding]:
    days = patient.age_days(today)
    if value >= min(limits.number("infant", "fever_from"), _fever_from(reading, Decimal(38))):
        yield alert(Urgency.NOW, "infant-fever", "temperature", f"{words} at {days} days of age is an emergency.")
    elif value <= limits.adult["temperature"].now_upto:  # type: ignore[operator]  # always set for adults
        yield alert(Urgency.NOW, "temperature-low", "temperature", f"{words} at {days} days of age is very low.")
    elif value <= limits.number("infant", "cool_upto"):
        yield alert(Urgency.BEFORE_VISIT, "infant-cool", "temperature", f"{words} at {days} days of age is low.")
    elif value >= _screen_from(reading, value + 1):
        again = temperature_sites()["axillary"]["confirm_rectally_before_months"]
        how = (
            "rectally"
            if patient.age_months(today) < again and "rectal" not in sites_to_avoid(patient, today)
            else "again"
        )
        yield alert(
            Urgency.BEFORE_VISIT, "infant-screen", "temperature", f"{words} may be a fever. Measure {how} at once."
        )


def _fever_from(reading: Reading, otherwise: Decimal) -> Decimal:
    site = temperature_sites().get(reading.site)
    return min(Decimal(site["fever_from"]), otherwise) if site else otherwise


def _screen_from(reading: Reading, otherwise: Decimal) -> Decimal:
    return Decimal(temperature_sites().get(reading.site, {}).get("screen_from", otherwise))


def _both_units(reading: Reading, celsius: Decimal) -> str:
    if reading.typed_unit == "[degF]" and reading.typed_value is not None:
        return f"{reading.typed_value} °F ({celsius} °C)"
    return f"{celsius} °C ({convert(celsius, 'Cel', '[degF]').quantize(Decimal('0.1'))} °F)"


def _where(reading: Reading) -> str:
    site = temperature_sites().get(reading.site)
    return f" {site['label']}" if site else ""
