"""What the rules have to know about a patient before they judge a measurement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import DateField, QuerySet, Value
from django.db.models.functions import Cast

from mainstay.chart.models import (
    Medication,
    MedicationStatus,
    Observation,
    ObservationStatus,
    Problem,
    SurgicalHistory,
)
from mainstay.chart.panels import Item as PanelItem
from mainstay.chart.panels import ItemKind, Panel, calculated_from, judge_panel, panel, panels, read_panel
from mainstay.chart.panels.entries import Entered, Entry, items_asked
from mainstay.chart.rules import (
    Condition,
    Known,
    Listed,
    PastValue,
    PatientMeasures,
    Symptom,
    Urgency,
    how_urgent,
    what_is_known,
)
from mainstay.foundation.compiled import compiled
from mainstay.people.models import Patient, Sex

CONDITIONS: Mapping[str, Condition] = {
    "heart_failure": Condition.HEART_FAILURE,
    "weak_immunity": Condition.WEAK_IMMUNITY,
    "no_spleen": Condition.WEAK_IMMUNITY,
    "chemotherapy": Condition.CHEMOTHERAPY,
    "neutropenia": Condition.NEUTROPENIA,
    "bleeding_risk": Condition.BLEEDING_RISK,
    "anticoagulated": Condition.BLEEDING_RISK,
    "low_saturation_target": Condition.LOW_SATURATION_TARGET,
    "intended_weight_loss": Condition.INTENDED_WEIGHT_LOSS,
}
"""What a fact of the chart means to the limits."""
A_YEAR, TWO_YEARS = timedelta(days=365), timedelta(days=730)
ARM = "arm_circumference"
USUAL = ("systolic", "oxygen_saturation")
LOOKED_BACK_ON = (*USUAL, "weight", ARM)
NO_VISIT = UUID(int=0)
"""The visit of no observation."""
ON_THE_LIST = ("active", "on-hold")
SEXES = {Sex.FEMALE: "f", Sex.MALE: "m"}


def known_of(patient: Patient, *, on: date) -> Known:
    """What the lists of a chart say that rules can use. One query."""
    lists: dict[str, list[Listed]] = {"problem": [], "medicine": [], "operation": []}
    for kind, code, text, note, since, recorded, ended, status in _listed(patient.pk):
        if since is None and kind != "operation":
            since = recorded.astimezone(UTC).date()
        if kind == "medicine":
            text, note, code = f"{text} {note}", "", ""
        lists[kind].append(Listed(text, code, since, ended, status in ON_THE_LIST, note))
    return what_is_known(problems=lists["problem"], medicines=lists["medicine"], operations=lists["operation"], on=on)


@compiled
def _listed(patient_id: int) -> QuerySet[Problem, tuple[Any, ...]]:
    problems = (
        Problem.objects.filter(patient_id=patient_id)
        .exclude(verification__in=["refuted", "entered-in-error"])
        .annotate(list=Value("problem"))
        .values_list("list", "code", "text", "note", "onset", "recorded_at", "resolved_on", "status")
    )
    medicines = (
        Medication.objects.filter(patient_id=patient_id, status__in=[MedicationStatus.ACTIVE, MedicationStatus.ON_HOLD])
        .annotate(list=Value("medicine"))
        .values_list("list", "code", "name", "route", "started_on", "recorded_at", "ended_on", "status")
    )
    operations = (
        SurgicalHistory.objects.filter(patient_id=patient_id, is_withdrawn=False)
        .annotate(list=Value("operation"), is_on=Value("active"), over=Cast(Value(None), DateField()))
        .values_list("list", "code", "procedure", "note", "performed_on", "recorded_at", "over", "is_on")
    )
    return problems.union(medicines, operations, all=True)


def measures_of(
    patient: Patient,
    *,
    on: date,
    zone: tzinfo,
    symptoms: frozenset[Symptom] = frozenset(),
    besides_visit: UUID | None = None,
) -> PatientMeasures:
    """The patient's side of a judgement: age, sex, conditions, last and usual values, arms to spare. Three queries.

    `on` is the site's day, and earlier values are dated by the days of the site's `zone`. `besides_visit` leaves out
    what was measured at that visit, so that a repeat is held against the past.
    """
    known = known_of(patient, on=on)
    latest = _last_values(patient.pk, besides_visit or NO_VISIT)
    last = {key: PastValue(value, at.astimezone(zone).date()) for key, value, at in latest if value is not None}
    values: dict[str, list[PastValue]] = {key: [] for key in LOOKED_BACK_ON}
    for key, value, at, visit in _looked_back_on(patient.pk, _start_of(on - TWO_YEARS, zone)):
        if value is not None and (key == ARM or besides_visit is None or visit != besides_visit):
            values[key].append(PastValue(value, at.astimezone(zone).date()))
    return PatientMeasures(
        born=patient.birth_date,
        sex=SEXES.get(Sex(patient.sex), ""),
        is_pregnant=known.has("pregnant") and patient.sex != Sex.MALE,
        gave_birth_on=known.gave_birth_on,
        gestation_weeks=known.gestation_weeks,
        symptoms=symptoms,
        conditions=frozenset(CONDITIONS[fact] for fact in known.facts if fact in CONDITIONS),
        usual={key: usual for key in USUAL if (usual := _usual(values[key])) is not None},
        last=last,
        earlier_weights=tuple(one for one in values["weight"] if one.on >= on - A_YEAR),
        height=last["height"].value if "height" in last else None,
        arm_to_avoid=known.arm_to_avoid,
        arm_circumference=values[ARM][-1].value if values[ARM] else None,
    )


@compiled
def _last_values(patient_id: int, besides_visit: UUID) -> QuerySet[Observation, tuple[str, Decimal | None, datetime]]:
    rows = _numbers(patient_id).exclude(visit_ref=besides_visit)
    return rows.order_by("key", "-effective_at").distinct("key").values_list("key", "value", "effective_at")


@compiled
def _looked_back_on(patient_id: int, since: datetime) -> QuerySet[Observation, tuple[Any, ...]]:
    rows = _numbers(patient_id).filter(key__in=LOOKED_BACK_ON, effective_at__gte=since)
    return rows.order_by("effective_at", "pk").values_list("key", "value", "effective_at", "visit_ref")


def _numbers(patient_id: int) -> QuerySet[Observation]:
    rows = Observation.objects.filter(patient_id=patient_id, value__isnull=False)
    return rows.exclude(status=ObservationStatus.ENTERED_IN_ERROR)


def _start_of(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)


def _usual(values: Sequence[PastValue]) -> Decimal | None:
    """The middle of the last five values; nobody has a usual value after fewer than three."""
    middle = sorted(one.value for one in values[-5:])
    return middle[len(middle) // 2] if len(middle) >= 3 else None


__all__ = [
    "Condition",
    "Entered",
    "Entry",
    "ItemKind",
    "Known",
    "Panel",
    "PanelItem",
    "PatientMeasures",
    "Symptom",
    "Urgency",
    "calculated_from",
    "how_urgent",
    "items_asked",
    "judge_panel",
    "known_of",
    "measures_of",
    "panel",
    "panels",
    "read_panel",
]
