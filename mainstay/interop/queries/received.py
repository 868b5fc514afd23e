"""What other systems sent about a patient, word for word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from mainstay.foundation.errors import NotFound
from mainstay.interop.fhir.exact import written
from mainstay.interop.fhir.outline import date_of, label_of, outline, title_of
from mainstay.interop.models import Disposition, EncounterElsewhere, ExternalResource
from mainstay.people.models import Patient

ROWS = 50


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many resources of one type there are, and how many of them are not in the chart."""

    kind: str
    label: str
    count: int
    outside: int


@dataclass(frozen=True, slots=True)
class ReceivedRow:
    """One resource in a list."""

    id: int
    kind: str
    title: str
    dated: str
    source: str
    received_at: datetime
    disposition: str
    reason: str
    version: int


def kinds_received(patient: Patient) -> list[KindCount]:
    """The types of resources received about a patient, with counts, by name."""
    counted = (
        ExternalResource.objects.filter(patient=patient)
        .values("kind")
        .annotate(count=Count("id"), outside=Count("id", filter=~Q(disposition=Disposition.MAPPED)))
        .order_by("kind")
    )
    return [KindCount(row["kind"], label_of(row["kind"]), row["count"], row["outside"]) for row in counted]


def received_of_patient(patient: Patient, *, kind: str = "", number: int = 1) -> Page[Any]:
    """One page of `ReceivedRow`s, newest first; without `kind`, everything that has no place in the chart."""
    rows = ExternalResource.objects.filter(patient=patient)
    rows = rows.filter(kind=kind) if kind else rows.exclude(disposition=Disposition.MAPPED)
    page = Paginator(rows.order_by("-received_at", "-id"), ROWS).get_page(number)
    page.object_list = [_row(row) for row in page.object_list]
    return page


@dataclass(frozen=True, slots=True)
class ReceivedResource:
    """One resource as a page shows it: in plain words, and word for word."""

    row: ReceivedRow
    facts: list[tuple[str, str]]
    body: str


def received_resource(patient: Patient, resource_id: int) -> ReceivedResource:
    """One resource of a patient. Raises `NotFound`."""
    row = ExternalResource.objects.filter(patient=patient, pk=resource_id).first()
    if row is None:
        raise NotFound("There is no such resource for this patient.")
    return ReceivedResource(_row(row), outline(row.body), written(row.body))


def encounters_elsewhere(patient: Patient) -> QuerySet[EncounterElsewhere]:
    """Visits and stays at other places, newest first."""
    return EncounterElsewhere.objects.filter(patient=patient).order_by("-started_at")


def _row(row: ExternalResource) -> ReceivedRow:
    return ReceivedRow(
        id=row.pk,
        kind=label_of(row.kind),
        title=title_of(row.body),
        dated=date_of(row.body),
        source=row.source,
        received_at=row.received_at,
        disposition=row.disposition,
        reason=row.reason,
        version=row.version,
    )
