"""What a child's growth asks somebody to look at: outer percentiles, crossed lines, sizes that cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from mainstay.chart.growth import GrowthScore, Measure, Measurement, Sex, Standard, score
from mainstay.chart.growth.extended_bmi import percent_of_95th
from mainstay.chart.growth.scores import cdc_place
from mainstay.chart.rules.patient import PatientMeasures, Reading
from mainstay.chart.rules.plausible import body_mass_index
from mainstay.chart.rules.urgency import Urgency, alert, confirm
from mainstay.foundation.findings import Finding

WHO_UNTIL_MONTHS = 24
CDC_UNTIL_YEARS = 20
TERM_WEEKS = 37
FULL_WEEKS = 40
MAJOR_LINES = (5, 10, 25, 50, 75, 90, 95)
CROSSED_LINES = 2
IMPLAUSIBLE_Z = 6
OUTER_WHO = (2.3, 97.7)


def growth_age_days(patient: PatientMeasures, today: date) -> int:
    """Age in days for growth: before 24 months, weeks missing from a preterm birth are taken off."""
    days = patient.age_days(today)
    weeks = patient.gestation_weeks
    if weeks is None or weeks >= TERM_WEEKS or patient.age_months(today) >= WHO_UNTIL_MONTHS:
        return days
    return max(0, days - 7 * (FULL_WEEKS - weeks))


def standard_for(patient: PatientMeasures, today: date) -> Standard:
    """WHO before 24 months, CDC from then on (MMWR 2010;59 RR-9)."""
    return Standard.WHO if patient.age_months(today) < WHO_UNTIL_MONTHS else Standard.CDC


def growth_scores(readings: Mapping[str, Reading], patient: PatientMeasures, today: date) -> dict[Measure, GrowthScore]:
    """The score of every growth measure taken today, on the standard of this age; empty without a sex or from 20."""
    if patient.sex not in set(Sex) or patient.age_years(today) >= CDC_UNTIL_YEARS or today < patient.born:
        return {}
    standard, scores = standard_for(patient, today), {}
    for asked in _asked(readings, patient, today, standard):
        for one in score(asked):
            if one.standard is standard:
                scores[asked.measure] = one
    return scores


def growth_findings(readings: Mapping[str, Reading], patient: PatientMeasures, today: date) -> Iterator[Finding]:
    """Flags for a child's weight, length, head and BMI."""
    scores = growth_scores(readings, patient, today)
    for measure, one in scores.items():
        field = FIELDS[measure]
        if abs(one.z) > IMPLAUSIBLE_Z:
            yield confirm(
                f"{field}-for-age-unlikely",
                field,
                f"{NAMES[measure]} lies far outside what children of this age have. "
                "Check value, unit and date of birth.",
            )
            continue
        if said := _outer(measure, one, readings, patient, today):
            yield alert(Urgency.HANDOFF, f"growth-{measure.lower()}", field, said)
        if crossed := _crossed(measure, one, patient, today):
            yield alert(Urgency.HANDOFF, f"growth-{measure.lower()}-crossed", field, crossed)


FIELDS = {
    Measure.WEIGHT: "weight",
    Measure.LENGTH: "length",
    Measure.HEIGHT: "height",
    Measure.HEAD: "head_circumference",
    Measure.BMI: "weight",
    Measure.WEIGHT_FOR_LENGTH: "weight",
}
NAMES = {
    Measure.WEIGHT: "Weight",
    Measure.LENGTH: "Length",
    Measure.HEIGHT: "Height",
    Measure.HEAD: "Head circumference",
    Measure.BMI: "BMI",
    Measure.WEIGHT_FOR_LENGTH: "Weight for length",
}


def _asked(
    readings: Mapping[str, Reading], patient: PatientMeasures, today: date, standard: Standard
) -> Iterator[Measurement]:
    sex, days = Sex(patient.sex), growth_age_days(patient, today)
    for key, measure in (
        ("weight", Measure.WEIGHT),
        ("length", Measure.LENGTH),
        ("height", Measure.HEIGHT),
        ("head_circumference", Measure.HEAD),
    ):
        if key in readings:
            yield Measurement(measure, sex, days, float(readings[key].value))
    bmi = body_mass_index(readings, patient)
    tall = readings.get("length") or readings.get("height")
    if standard is Standard.WHO and tall and "weight" in readings:
        yield Measurement(Measure.WEIGHT_FOR_LENGTH, sex, days, float(readings["weight"].value), float(tall.value))
    elif standard is Standard.CDC and bmi and tall:
        yield Measurement(Measure.BMI, sex, days, float(bmi))


def _outer(
    measure: Measure, one: GrowthScore, readings: Mapping[str, Reading], patient: PatientMeasures, today: date
) -> str:
    name, at = NAMES[measure], _ordinal(one.percentile)
    if measure is Measure.BMI:
        if one.percentile >= 95:
            return f"BMI lies at the {at} percentile{_obesity_class(readings, patient, today)}."
        if one.percentile >= 85:
            return f"BMI lies at the {at} percentile (85th or above)."
    if measure in (Measure.BMI, Measure.WEIGHT) and one.percentile < 5:
        return f"{name} lies at the {at} percentile (below the 5th)."
    if measure is Measure.WEIGHT_FOR_LENGTH and one.percentile < OUTER_WHO[0]:
        return f"{name} lies at the {at} percentile."
    if measure is Measure.HEAD and not OUTER_WHO[0] <= one.percentile <= OUTER_WHO[1]:
        return f"{name} lies at the {at} percentile."
    if measure in (Measure.HEIGHT, Measure.LENGTH) and one.z < -2:
        return f"{name} lies at the {at} percentile (more than two standard deviations low)."
    return ""


def _obesity_class(readings: Mapping[str, Reading], patient: PatientMeasures, today: date) -> str:
    """The class by share of the 95th percentile, or by BMI where that says more."""
    bmi = body_mass_index(readings, patient)
    if bmi is None:
        return ""
    place = cdc_place(Measurement(Measure.BMI, Sex(patient.sex), growth_age_days(patient, today), float(bmi)))
    if place is None:
        return ""
    share = percent_of_95th(float(bmi), place.lms)
    if share >= 140 or bmi >= 40:
        return f", {share:.0f} % of the 95th (class 3 range)"
    if share >= 120 or bmi >= 35:
        return f", {share:.0f} % of the 95th (class 2 range)"
    return f", {share:.0f} % of the 95th (class 1 range)"


def _crossed(measure: Measure, one: GrowthScore, patient: PatientMeasures, today: date) -> str:
    last = patient.last.get(FIELDS[measure])
    if last is None or measure not in (Measure.WEIGHT, Measure.LENGTH, Measure.HEIGHT, Measure.HEAD):
        return ""
    if standard_for(patient, last.on) is not one.standard or last.on < patient.born:
        return ""
    asked = Measurement(measure, Sex(patient.sex), growth_age_days(patient, last.on), float(last.value))
    before = next((past for past in score(asked) if past.standard is one.standard), None)
    if before is None:
        return ""
    low, high = sorted((before.percentile, one.percentile))
    crossed = sum(low < line < high for line in MAJOR_LINES)
    if crossed < CROSSED_LINES:
        return ""
    way = "up" if one.percentile > before.percentile else "down"
    return (
        f"{NAMES[measure]} went {way} across {crossed} percentile lines, "
        f"from the {_ordinal(before.percentile)} on {last.on.day} {last.on:%b %Y} to the {_ordinal(one.percentile)}."
    )


def _ordinal(percentile: float) -> str:
    if percentile < 1 or percentile > 99:
        return f"{percentile:.1f}th" if percentile < 99.95 else "99.9th"
    whole = int(Decimal(percentile).quantize(Decimal(1)))
    ending = "th" if whole in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(whole % 10, "th")
    return f"{whole}{ending}"
