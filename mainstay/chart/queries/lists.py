"""The lists of the chart as people read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from mainstay.chart.models import (
    Allergy,
    Document,
    FamilyHistory,
    ListName,
    ListReview,
    Medication,
    MedicationReport,
    MedicationStatus,
    Observation,
    ObservationStatus,
    Problem,
    SocialHistory,
    SurgicalHistory,
)
from mainstay.foundation.compiled import compiled, the_first
from mainstay.foundation.components.frame import Allergies
from mainstay.foundation.errors import NotFound
from mainstay.people.models import Patient

NOT_REAL = ["refuted", "entered-in-error"]
GRAVEST_FIRST = ("severe", "moderate", "", "mild")


def active_problems(patient: Patient) -> QuerySet[Problem]:
    """Problems that are active, the oldest first."""
    rows = Problem.objects.filter(patient=patient, status="active").exclude(verification__in=NOT_REAL)
    return rows.select_related("recorded_by").order_by("onset", "pk")


def problems_of(patient: Patient) -> tuple[list[Problem], list[Problem]]:
    """Problems that are active, the oldest first, and those that are over, the latest first. One query."""
    every = _problems(patient.pk)
    over = [problem for problem in every if problem.status != "active"]
    over.sort(key=lambda problem: (problem.resolved_on or date.max, problem.pk), reverse=True)
    return [problem for problem in every if problem.status == "active"], over


@compiled
def _problems(patient_id: int) -> QuerySet[Problem]:
    rows = Problem.objects.filter(patient_id=patient_id).exclude(verification__in=NOT_REAL)
    return rows.select_related("recorded_by").order_by("onset", "pk")


def current_allergies(patient: Patient) -> Sequence[Allergy]:
    """Allergies that count, the gravest first, then by substance."""
    return sorted(_allergies(patient.pk), key=lambda allergy: GRAVEST_FIRST.index(allergy.severity))


@compiled
def _allergies(patient_id: int) -> QuerySet[Allergy]:
    rows = Allergy.objects.filter(patient_id=patient_id, ended_on=None).exclude(verification__in=NOT_REAL)
    return rows.select_related("recorded_by").order_by("substance")


def current_medications(patient: Patient, *, visit_ref: UUID | None = None) -> QuerySet[Medication]:
    """Medicines on the list, each with what the patient says of it (at one visit, if given) as `said`."""
    reports = MedicationReport.objects.order_by("-recorded_at")
    if visit_ref is not None:
        reports = reports.filter(visit_ref=visit_ref)
    rows = Medication.objects.filter(patient=patient, status__in=[MedicationStatus.ACTIVE, MedicationStatus.ON_HOLD])
    return rows.prefetch_related(Prefetch("reports", queryset=reports, to_attr="said")).order_by("name", "pk")


def last_review(patient: Patient, list_name: ListName) -> ListReview | None:
    """The last time a list was gone through with the patient."""
    return the_first(_reviews(patient.pk, list_name))


@compiled
def _reviews(patient_id: int, list_name: str) -> QuerySet[ListReview]:
    rows = ListReview.objects.filter(patient_id=patient_id, list_name=list_name)
    return rows.select_related("recorded_by").order_by("-recorded_at")[:1]


def allergies_in_brief(patient: Patient, *, zone: tzinfo) -> Allergies:
    """Allergies for the banner: known, none known (with who confirmed it and when), or not asked yet."""
    known = tuple(a.substance + (f" ({a.reaction})" if a.reaction else "") for a in current_allergies(patient))
    if known:
        return Allergies("known", known)
    review = last_review(patient, ListName.ALLERGIES)
    if review is not None and review.none_known:
        by = review.recorded_by.shown_name if review.recorded_by else "Mainstay"
        return Allergies("none", confirmed_on=review.recorded_at.astimezone(zone).date(), confirmed_by=by)
    return Allergies("not_asked")


@dataclass(frozen=True, slots=True)
class Histories:
    """Family, social and surgical history."""

    family: Sequence[FamilyHistory]
    social: Sequence[SocialHistory]
    surgical: Sequence[SurgicalHistory]


def histories_of(patient: Patient) -> Histories:
    """The histories of one patient. Three queries."""
    return Histories(_family(patient.pk), _social(patient.pk), _surgical(patient.pk))


@compiled
def _family(patient_id: int) -> QuerySet[FamilyHistory]:
    return FamilyHistory.objects.filter(patient_id=patient_id, is_withdrawn=False).order_by("relation")


@compiled
def _social(patient_id: int) -> QuerySet[SocialHistory]:
    return SocialHistory.objects.filter(patient_id=patient_id, is_withdrawn=False).order_by("topic")


@compiled
def _surgical(patient_id: int) -> QuerySet[SurgicalHistory]:
    return SurgicalHistory.objects.filter(patient_id=patient_id, is_withdrawn=False).order_by("-performed_on", "-pk")


def observations_of_visit(visit_ref: UUID) -> Sequence[Observation]:
    """What was measured at one visit and still counts, in the order it was taken."""
    rows = Observation.objects.filter(visit_ref=visit_ref).exclude(status=ObservationStatus.ENTERED_IN_ERROR)
    return list(rows.select_related("performed_by").order_by("effective_at", "pk"))


def values_over_time(patient: Patient, key: str, *, since: date | None = None) -> Sequence[Observation]:
    """One measurement over time, the oldest first, at most the last 200."""
    rows = Observation.objects.filter(patient=patient, key=key, value__isnull=False)
    rows = rows.exclude(status=ObservationStatus.ENTERED_IN_ERROR)
    if since:
        rows = rows.filter(effective_at__date__gte=since)
    return list(rows.order_by("-effective_at")[:200])[::-1]


def latest_values(patient: Patient) -> Sequence[Observation]:
    """The latest value of everything that was ever measured in numbers. One query."""
    return _latest(patient.pk)


@compiled
def _latest(patient_id: int) -> QuerySet[Observation]:
    rows = Observation.objects.filter(patient_id=patient_id, value__isnull=False)
    rows = rows.exclude(status=ObservationStatus.ENTERED_IN_ERROR).select_related("performed_by")
    return rows.order_by("key", "-effective_at").distinct("key")


def keys_measured(patient: Patient) -> frozenset[str]:
    """Which things were ever measured in numbers."""
    rows = Observation.objects.filter(patient=patient, value__isnull=False)
    return frozenset(rows.order_by().values_list("key", flat=True).distinct())


def recent_observations(patient: Patient) -> Sequence[Observation]:
    """The last hundred things measured, the newest first."""
    rows = Observation.objects.filter(patient=patient).exclude(status=ObservationStatus.ENTERED_IN_ERROR)
    return list(rows.select_related("performed_by").order_by("-effective_at", "-pk")[:100])


def allergy_for(patient: Patient, public_id: UUID) -> Allergy:
    """One allergy of a patient. Raises `NotFound`."""
    allergy = Allergy.objects.filter(patient=patient, public_id=public_id).first()
    if allergy is None:
        raise NotFound()
    return allergy


def documents_of(patient: Patient) -> QuerySet[Document]:
    """The papers of a patient without their bytes, the newest first."""
    rows = Document.objects.filter(patient=patient, status="current")
    return rows.select_related("indexed_by", "reviewed_by").order_by("-dated", "-pk")


def document_for(patient: Patient, public_id: UUID) -> Document:
    """One paper of a patient. Raises `NotFound`."""
    document = Document.objects.select_related("content").filter(patient=patient, public_id=public_id).first()
    if document is None:
        raise NotFound("There is no such paper in this chart.")
    return document
