"""The photograph of a patient."""

from __future__ import annotations

from uuid import UUID

from mainstay.chart.models import DocumentContent
from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import NotFound
from mainstay.people.queries import may_open, patient_named


def photo_of(actor: Actor, public_id: UUID) -> bytes:
    """The JPEG that shows a patient. The page around it has written the look down.

    Raises `NotPermitted` for a chart that is closed to this actor, `NotFound` when there is none.
    """
    patient = patient_named(public_id)
    may_open(actor, patient).or_raise()
    rows = DocumentContent.objects.filter(document__patient=patient, document__public_id=patient.photo_ref)
    content = rows.values_list("content", flat=True).first()
    if patient.photo_ref is None or content is None:
        raise NotFound("There is no photograph.")
    return bytes(content)
