"""What other systems sent about a patient, word for word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from mainstay.foundation.errors import NotFound
from mainstay.interop.fhir.exact import written
from mainstay.interop.fhir.incoming.words import human_name
from mainstay.interop.fhir.parts import choice, part, parts, text, words_of
from mainstay.interop.models import Disposition, EncounterElsewhere, ExternalResource
from mainstay.people.models import Patient

ROWS = 50
_TELLING = ("code", "vaccineCode", "type", "medicationCodeableConcept", "category", "description")


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many resources of one type there are, and how many of them are not in the chart."""

    kind: str
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
    return [KindCount(row["kind"], row["count"], row["outside"]) for row in counted]


def received_of_patient(patient: Patient, *, kind: str = "", number: int = 1) -> Page[Any]:
    """One page of `ReceivedRow`s, newest first; without `kind`, everything that has no place in the chart."""
    rows = ExternalResource.objects.filter(patient=patient)
    rows = rows.filter(kind=kind) if kind else rows.exclude(disposition=Disposition.MAPPED)
    page = Paginator(rows.order_by("-received_at", "-id"), ROWS).get_page(number)
    page.object_list = [_row(row) for row in page.object_list]
    return page


def received_resource(patient: Patient, resource_id: int) -> tuple[ReceivedRow, str]:
    """One resource of a patient and its text, indented. Raises `NotFound`."""
    row = ExternalResource.objects.filter(patient=patient, pk=resource_id).first()
    if row is None:
        raise NotFound("There is no such resource for this patient.")
    return _row(row), written(row.body)


def encounters_elsewhere(patient: Patient) -> QuerySet[EncounterElsewhere]:
    """Visits and stays at other places, newest first."""
    return EncounterElsewhere.objects.filter(patient=patient).order_by("-started_at")


def _row(row: ExternalResource) -> ReceivedRow:
    return ReceivedRow(
        id=row.pk,
        kind=row.kind,
        title=_title(row.body),
        dated=_date(row.body),
        source=row.source,
        received_at=row.received_at,
        disposition=row.disposition,
        reason=row.reason,
        version=row.version,
    )


def _title(body: Any) -> str:
    """What a resource is about, in its own words."""
    for name in _TELLING:
        found = words_of(part(body, name)) or next(filter(None, map(words_of, parts(body, name))), "")
        if found or text(body, name):
            return found or text(body, name)
    names = parts(body, "name")
    return (human_name(names[0]) if names else text(body, "name")) or text(body, "title") or text(body, "id")


def _date(body: Any) -> str:
    """The day a resource says it is about, as it wrote it."""
    if not isinstance(body, dict):
        return ""
    for name in ("effective", "onset", "performed", "occurrence"):
        value = choice(body, name)[1]
        if isinstance(value, str):
            return value[:10]
        if isinstance(value, dict) and text(value, "start"):
            return text(value, "start")[:10]
    for name in ("authoredOn", "recordedDate", "created", "date", "issued", "started", "birthDate"):
        if found := text(body, name):
            return found[:10]
    return (text(part(body, "period"), "start") or text(part(body, "billablePeriod"), "start"))[:10]
