"""What the rules have to know about a patient before they judge a measurement."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from mainstay.chart.models import Observation, ObservationStatus, Problem, ProblemStatus
from mainstay.chart.panels import Item as PanelItem
from mainstay.chart.panels import ItemKind, Panel, judge_panel, panel, panels, read_panel
from mainstay.chart.panels.entries import Entered, Entry, items_asked
from mainstay.chart.rules import Condition, PastValue, PatientMeasures, Symptom, Urgency, how_urgent
from mainstay.people.models import Patient, Sex

CONDITION_PREFIXES: tuple[tuple[str, Condition], ...] = (
    ("I50", Condition.HEART_FAILURE),
    ("I110", Condition.HEART_FAILURE),
    ("D80", Condition.WEAK_IMMUNITY),
    ("D81", Condition.WEAK_IMMUNITY),
    ("D82", Condition.WEAK_IMMUNITY),
    ("D83", Condition.WEAK_IMMUNITY),
    ("D84", Condition.WEAK_IMMUNITY),
    ("B20", Condition.WEAK_IMMUNITY),
    ("Z94", Condition.WEAK_IMMUNITY),
    ("Z5111", Condition.CHEMOTHERAPY),
    ("D70", Condition.NEUTROPENIA),
    ("D66", Condition.BLEEDING_RISK),
    ("D67", Condition.BLEEDING_RISK),
    ("D68", Condition.BLEEDING_RISK),
)
PREGNANT_PREFIXES = ("Z33", "Z34", "O0", "O1", "O2", "O3", "O4")
A_YEAR = timedelta(days=365)
SEXES = {Sex.FEMALE: "f", Sex.MALE: "m"}


def measures_of(
    patient: Patient, *, on: date, symptoms: frozenset[Symptom] = frozenset(), besides_visit: object = None
) -> PatientMeasures:
    """The patient's side of a judgement: age, sex, conditions, last and usual values. Three queries.

    `besides_visit` leaves out what was measured at that visit, so that a repeat is held against the past.
    """
    codes = [c.replace(".", "") for c in _active_codes(patient)]
    rows = Observation.objects.filter(patient=patient, value__isnull=False).exclude(
        status=ObservationStatus.ENTERED_IN_ERROR
    )
    if besides_visit is not None:
        rows = rows.exclude(visit_ref=besides_visit)
    latest = rows.order_by("key", "-effective_at").distinct("key").values_list("key", "value", "effective_at")
    last = {key: PastValue(value, at.date()) for key, value, at in latest if value is not None}
    since = on - A_YEAR
    weights = rows.filter(key="weight", effective_at__date__gte=since).order_by("effective_at")
    return PatientMeasures(
        born=patient.birth_date,
        sex=SEXES.get(Sex(patient.sex), ""),
        is_pregnant=any(c.startswith(PREGNANT_PREFIXES) for c in codes),
        symptoms=symptoms,
        conditions=frozenset(what for prefix, what in CONDITION_PREFIXES if any(c.startswith(prefix) for c in codes)),
        usual=_usual(rows),
        last=last,
        earlier_weights=tuple(
            PastValue(v, at.date()) for v, at in weights.values_list("value", "effective_at") if v is not None
        ),
        height=last["height"].value if "height" in last else None,
    )


def _active_codes(patient: Patient) -> list[str]:
    problems = Problem.objects.filter(patient=patient, status=ProblemStatus.ACTIVE).exclude(code="")
    return list(problems.exclude(verification__in=["refuted", "entered-in-error"]).values_list("code", flat=True))


def _usual(rows: object) -> dict[str, Decimal]:
    recent = rows.filter(key="systolic").order_by("-effective_at").values_list("value", flat=True)[:5]  # type: ignore[attr-defined]
    values = sorted(recent)
    return {"systolic": values[len(values) // 2]} if len(values) >= 3 else {}


__all__ = [
    "Condition",
    "Entered",
    "Entry",
    "ItemKind",
    "Panel",
    "PanelItem",
    "PatientMeasures",
    "Symptom",
    "Urgency",
    "how_urgent",
    "items_asked",
    "judge_panel",
    "measures_of",
    "panel",
    "panels",
    "read_panel",
]
