"""Papers: scanned in, indexed by two keys, kept whole."""

from __future__ import annotations

import hashlib
from datetime import date
from uuid import UUID

from django.db import transaction

from mainstay.chart.models import Document, DocumentContent
from mainstay.chart.permissions import CONFIRM, FILE_DOCUMENTS
from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.moves import locked
from mainstay.people.models import Patient

LARGEST = 25 * 1024 * 1024
SIGNATURES = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"II*\x00": "image/tiff",
    b"MM\x00*": "image/tiff",
}


def media_type_of(content: bytes) -> str:
    """What a file really is, by its first bytes; text if it reads as text. Raises `InvalidInput`."""
    for start, media_type in SIGNATURES.items():
        if content.startswith(start):
            return media_type
    try:
        content[:4096].decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidInput("This kind of file cannot be filed. Scan to PDF, PNG or JPEG.", field="file") from None
    return "text/plain"


@transaction.atomic
def file_document(
    *,
    actor: Actor,
    patient: Patient,
    content: bytes,
    kind: str,
    title: str,
    dated: date,
    keys: tuple[str, date],
    author: str = "",
    visit_ref: UUID | None = None,
) -> Document:
    """File a paper in a chart. `keys` are the family name and birth date read off the paper itself.

    Raises `InvalidInput` when they are not this patient's (the misfiled scan), when the file is empty or too large,
    when the date lies ahead, or when the same file is in this chart already.
    """
    actor.may(FILE_DOCUMENTS).or_raise()
    family_name, birth_date = keys
    if family_name.strip().casefold() != patient.family_name.casefold() or birth_date != patient.birth_date:
        raise InvalidInput(
            "The name and birth date on the paper are not this patient's. Check whose it is.", field="keys"
        )
    if not content or len(content) > LARGEST:
        raise InvalidInput("The file is empty or larger than 25 MB.", field="file")
    if dated > actor.today:
        raise InvalidInput("The date of service lies ahead.", field="dated")
    digest = hashlib.sha256(content).hexdigest()
    if Document.objects.filter(patient=patient, sha256=digest, status="current").exists():
        raise InvalidInput("This very file is in the chart already.", field="file")
    document = Document.objects.create(
        patient=patient,
        kind=kind,
        title=title[:160],
        dated=dated,
        author=author[:120],
        media_type=media_type_of(content),
        sha256=digest,
        size=len(content),
        indexed_by_id=actor.staff_id,
        indexed_at=actor.now,
        visit_ref=visit_ref,
    )
    DocumentContent.objects.create(document=document, content=content)
    return document


@transaction.atomic
def review_document(*, actor: Actor, document: Document) -> Document:
    """A provider has read it."""
    actor.may(CONFIRM).or_raise()
    fresh = locked(Document.objects.all(), pk=document.pk)
    fresh.reviewed_by_id, fresh.reviewed_at = actor.staff_id, actor.now
    fresh.save()
    return fresh
