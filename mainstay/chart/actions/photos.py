"""The photograph of a patient: kept as a document, made small and bare."""

from __future__ import annotations

from django.db import transaction

from mainstay.chart.actions.documents import file_document
from mainstay.chart.models import Document
from mainstay.chart.pictures import small_photo
from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.people import actions as people_actions
from mainstay.people.models import Patient

PHOTO = "patient_photo"


@transaction.atomic
def take_photo(*, actor: Actor, patient: Patient, content: bytes) -> Document:
    """Keep a photograph of a patient; the one before is no longer current, and stays.

    Raises `InvalidInput` for what is no picture or too large. No metadata of the camera is kept.
    """
    try:
        small = small_photo(content)
    except ValueError as error:
        raise InvalidInput(str(error), field="photo") from None
    Document.objects.filter(patient=patient, kind=PHOTO, status="current").update(status="superseded")
    photo = file_document(
        actor=actor,
        patient=patient,
        content=small,
        kind=PHOTO,
        title="Photograph",
        dated=actor.today,
        keys=(patient.family_name, patient.birth_date),
    )
    people_actions.keep_photo(actor=actor, patient=patient, photo_ref=photo.public_id)
    return photo


@transaction.atomic
def drop_photo(*, actor: Actor, patient: Patient) -> int:
    """Show no photograph any more: the patient does not want one. Returns how many were current."""
    dropped = Document.objects.filter(patient=patient, kind=PHOTO, status="current").update(status="withdrawn")
    people_actions.keep_photo(actor=actor, patient=patient, photo_ref=None)
    return dropped
