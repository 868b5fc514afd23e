"""The lists of the chart as people read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from mainstay.chart.models import (
    Allergy,
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
from mainstay.foundation.components.frame import Allergies
from mainstay.people.models import Patient

NOT_REAL = ["refuted", "entered-in-error"]


def active_problems(patient: Patient) -> QuerySet[Problem]:
    """Problems that are active, the oldest first."""
    rows = Problem.objects.filter(patient=patient, status="active").exclude(verification__in=NOT_REAL)
    return rows.select_related("recorded_by").order_by("onset", "pk")


def past_problems(patient: Patient) -> QuerySet[Problem]:
    """Problems that are over."""
    rows = Problem.objects.filter(patient=patient).exclude(status="active").exclude(verification__in=NOT_REAL)
    return rows.order_by("-resolved_on", "-pk")


def current_allergies(patient: Patient) -> QuerySet[Allergy]:
    """Allergies that count, the worst first."""
    rows = Allergy.objects.filter(patient=patient, ended_on=None).exclude(verification__in=NOT_REAL)
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
    rows = ListReview.objects.filter(patient=patient, list_name=list_name)
    return rows.select_related("recorded_by").order_by("-recorded_at").first()


def allergies_in_brief(patient: Patient) -> Allergies:
    """Allergies for the banner: known, none known (with who confirmed it and when), or not asked yet."""
    known = tuple(a.substance + (f" ({a.reaction})" if a.reaction else "") for a in current_allergies(patient))
    if known:
        return Allergies("known", known)
    review = last_review(patient, ListName.ALLERGIES)
    if review is not None and review.none_known:
        by = review.recorded_by.shown_name if review.recorded_by else "Mainstay"
        return Allergies("none", confirmed_on=review.recorded_at.date(), confirmed_by=by)
    return Allergies("not_asked")


@dataclass(frozen=True, slots=True)
class Histories:
    """Family, social and surgical history."""

    family: Sequence[FamilyHistory]
    social: Sequence[SocialHistory]
    surgical: Sequence[SurgicalHistory]


def histories_of(patient: Patient) -> Histories:
    """The histories of one patient. Three queries."""
    return Histories(
        list(FamilyHistory.objects.filter(patient=patient, is_withdrawn=False).order_by("relation")),
        list(SocialHistory.objects.filter(patient=patient, is_withdrawn=False).order_by("topic")),
        list(SurgicalHistory.objects.filter(patient=patient, is_withdrawn=False).order_by("-performed_on", "-pk")),
    )


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
