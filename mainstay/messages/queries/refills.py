"""What the chart says about a request for a refill, and what somebody has to ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mainstay.chart.models import Medication, MedicationStatus, Observation, ObservationStatus
from mainstay.chart.queries import known_of
from mainstay.messages.models import Thread
from mainstay.messages.rules_refills import (
    RefillCheck,
    RefillFacts,
    Value,
    check_refill,
    class_of,
    codes_measured,
    exclusions_of,
)
from mainstay.people.models import Patient

ASKED = {
    "ours": "A provider of this clinic prescribed it",
    "same_prescription": "Same drug, strength and directions",
    "visit_booked": "A next visit is booked, or none is due",
    "no_alert": "No allergy or interaction alert",
}
"""Lines of the protocol a person confirms; the chart answers the others."""


@dataclass(frozen=True, slots=True)
class RefillSaid:
    """What the caller or the chart page answered: lines that hold, exclusions by code (`yes`, `no`), days early."""

    holds: frozenset[str] = frozenset()
    exclusions: Mapping[str, str] | None = None
    days_early: int = 0
    is_change: str = "no"
    is_out: str = "no"


def refill_check(patient: Patient, medication: Medication, said: RefillSaid, *, on: date) -> RefillCheck:
    """The protocol held against one medicine of a patient, by chart and by what was said. Four queries."""
    drug_class = class_of(medication.name)
    known = known_of(patient, on=on)
    excluded = {code for code, answer in (said.exclusions or {}).items() if answer == "yes"}
    ruled_out = {code for code, answer in (said.exclusions or {}).items() if answer == "no"}
    if known.has("pregnant"):
        excluded.add("pregnant")
    if (on - patient.birth_date).days >= 25 * 365.25:
        ruled_out.add("under_25")
    else:
        excluded.add("under_25")
    holds = set(said.holds)
    if medication.status == MedicationStatus.ACTIVE:
        holds.add("active")
    if not Thread.objects.filter(patient=patient, closed_at=None, category="SYM").exists():
        holds.add("no_open_symptom")
    values = _values(patient)
    seen = Observation.objects.filter(patient=patient, visit_ref__isnull=False).order_by("-effective_at")
    last = seen.values_list("effective_at", flat=True).first()
    return check_refill(
        RefillFacts(
            drug_class=drug_class,
            holds=frozenset(holds),
            last_seen=last.date() if last else None,
            values=values,
            not_if=frozenset(excluded),
            ruled_out=frozenset(ruled_out - excluded),
            days_early=said.days_early,
            is_change=said.is_change == "yes",
        ),
        on=on,
    )


def questions_for_refill(medication: Medication) -> Mapping[str, str]:
    """What has to be asked about a medicine before the protocol can be held against it: code -> question."""
    return exclusions_of(class_of(medication.name))


def refillable(patient: Patient) -> list[Medication]:
    """The medicines somebody may ask to have again: those on the list."""
    rows = Medication.objects.filter(patient=patient, status__in=[MedicationStatus.ACTIVE, MedicationStatus.ON_HOLD])
    return list(rows.order_by("name", "pk"))


def _values(patient: Patient) -> dict[str, Value]:
    loincs = {loinc: code for code, known in codes_measured().items() for loinc in known}
    rows = Observation.objects.filter(patient=patient, value__isnull=False).exclude(
        status=ObservationStatus.ENTERED_IN_ERROR
    )
    latest: dict[str, Value] = {}
    for key, loinc, value, at in (
        rows.order_by("key", "-effective_at").distinct("key").values_list("key", "loinc", "value", "effective_at")
    ):
        code = loincs.get(loinc, key)
        found = Value(at.date(), value)
        if code not in latest or latest[code].on < found.on:
            latest[code] = found
    return latest
