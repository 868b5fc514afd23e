"""A patient's charts: growth on the references, and vital signs over time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from decimal import Decimal

from mainstay.chart.drawing import ChartPoint, Series, Shape, growth_chart_svg, growth_in_words, trend_svg, zones_for
from mainstay.chart.growth import Measure, Sex, Standard
from mainstay.chart.growth.scores import DAYS_PER_MONTH, WHO_LYING_MINUS_STANDING_CM, WHO_STANDS_FROM_DAYS
from mainstay.chart.models import Observation, ObservationStatus
from mainstay.chart.panels import panels
from mainstay.chart.panels.names import clinic_unit, in_clinic_unit, name_of, unit_in_words
from mainstay.chart.queries.measures import SEXES
from mainstay.chart.rules import Limits, PatientMeasures
from mainstay.people.models import Patient
from mainstay.people.models import Sex as RecordedSex

TWO_YEARS = 24 * DAYS_PER_MONTH
GROWTH_KEYS = ("weight", "length", "height", "head_circumference")
DRAWN = {
    Standard.WHO: (Measure.WEIGHT, Measure.LENGTH, Measure.WEIGHT_FOR_LENGTH, Measure.HEAD),
    Standard.CDC: (Measure.WEIGHT, Measure.HEIGHT, Measure.BMI),
}
ADULT_FROM_YEARS = 20
PAIRS = {"blood_pressure": ("systolic", "diastolic")}


@dataclass(frozen=True, slots=True)
class GrowthChart:
    """One drawn chart: what it shows, the SVG, and the same in words."""

    measure: Measure
    standard: Standard
    svg: str
    words: str


def growth_standard(patient: Patient, on: date) -> Standard:
    """WHO before 24 months of age, CDC from then on."""
    return Standard.WHO if (on - patient.birth_date).days < TWO_YEARS else Standard.CDC


def growth_charts(patient: Patient, *, on: date, zone: tzinfo, standard: Standard | None = None) -> list[GrowthChart]:
    """The growth charts of a child under 20, those without a measurement left out. One query.

    Empty without a recorded sex that a reference exists for. The standard follows the age unless asked for.
    """
    sex = SEXES.get(RecordedSex(patient.sex), "")
    if not sex or (on - patient.birth_date).days > ADULT_FROM_YEARS * 365.25:
        return []
    standard = standard or growth_standard(patient, on)
    by_day = _sizes_by_day(patient, zone)
    drawn = []
    for measure in DRAWN[standard]:
        points = [point for day in sorted(by_day) if (point := _point(measure, standard, patient, day, by_day[day]))]
        if points:
            name = f"growth-{standard.lower()}-{measure.lower()}"
            svg = growth_chart_svg(standard, measure, Sex(sex), points, name=name)
            drawn.append(GrowthChart(measure, standard, svg, growth_in_words(standard, measure, Sex(sex), points)))
    return drawn


def trend_chart(
    patient: Patient,
    key: str,
    *,
    on: date,
    zone: tzinfo,
    since: date | None = None,
    limits: Limits | None = None,
) -> str:
    """One vital sign over time as SVG, with the bands of this patient's age; `blood_pressure` draws both values.

    Drawn in the unit the clinic types (°F, lb), whatever unit a value came in.
    One query. Raises `KeyError` for a key no panel declares.
    """
    item = {item.key: item for one in panels().values() for item in one.items}[key]
    keys = PAIRS.get(key, (key,))
    rows = _counted(patient, keys)
    if since:
        rows = [row for row in rows if row.effective_at.astimezone(zone).date() >= since]
    shapes = (Shape.DOT, Shape.SQUARE)

    def ours(value: Decimal | float | None) -> float:
        return float(in_clinic_unit(key, Decimal(str(value or 0)), item.unit)[0])

    series = [
        Series(
            label=name_of(one).removesuffix(" pressure"),
            points=tuple((row.effective_at.astimezone(zone), ours(row.value)) for row in rows if row.key == one),
            shape=shape,
        )
        for one, shape in zip(keys, shapes, strict=False)
    ]
    measures = PatientMeasures(born=patient.birth_date, sex=SEXES.get(RecordedSex(patient.sex), ""))
    label = unit_in_words(clinic_unit(key) or item.unit)
    zones = [
        replace(
            zone,
            low=None if zone.low is None else ours(zone.low),
            high=None if zone.high is None else ours(zone.high),
        )
        for zone in zones_for(key, measures, on, limits)
    ]
    return trend_svg(series, title=item.label, unit=label, zones=zones, name=f"trend-{key}")


def _counted(patient: Patient, keys: Iterable[str]) -> Sequence[Observation]:
    rows = Observation.objects.filter(patient=patient, key__in=keys, value__isnull=False)
    return list(rows.exclude(status=ObservationStatus.ENTERED_IN_ERROR).order_by("effective_at", "pk"))


def _sizes_by_day(patient: Patient, zone: tzinfo) -> dict[date, dict[str, Decimal]]:
    """The last size of each kind measured on each day, in the site's zone."""
    days: dict[date, dict[str, Decimal]] = {}
    for row in _counted(patient, GROWTH_KEYS):
        if row.value is not None:
            days.setdefault(row.effective_at.astimezone(zone).date(), {})[row.key] = row.value
    return days


def _point(
    measure: Measure, standard: Standard, patient: Patient, day: date, sizes: dict[str, Decimal]
) -> ChartPoint | None:
    """The point of one day on one chart; lengths and heights as the chart wants them."""
    age = (day - patient.birth_date).days
    if age < 0 or (standard is Standard.CDC and age < TWO_YEARS):
        return None
    on = f"{day.day} {day:%b %Y}"
    tall = _tall(sizes, age)
    weight = float(sizes["weight"]) if "weight" in sizes else None
    match measure:
        case Measure.WEIGHT:
            value = weight
        case Measure.HEAD:
            value = float(sizes["head_circumference"]) if "head_circumference" in sizes else None
        case Measure.LENGTH | Measure.HEIGHT:
            value = tall
        case Measure.BMI:
            value = weight / (tall / 100) ** 2 if weight and tall else None
        case Measure.WEIGHT_FOR_LENGTH:
            return ChartPoint(age, weight, on, length_cm=tall) if weight and tall else None
    return ChartPoint(age, value, on) if value else None


def _tall(sizes: dict[str, Decimal], age_days: int) -> float | None:
    """Lying length before 24 months, standing height from then on; the other one is changed by 0.7 cm."""
    lies = age_days < WHO_STANDS_FROM_DAYS
    wanted, other = ("length", "height") if lies else ("height", "length")
    if wanted in sizes:
        return float(sizes[wanted])
    if other in sizes:
        return float(sizes[other]) + (WHO_LYING_MINUS_STANDING_CM if lies else -WHO_LYING_MINUS_STANDING_CM)
    return None
