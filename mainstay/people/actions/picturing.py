"""Which document holds the photograph of a patient."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.moves import locked
from mainstay.people.models import Patient
from mainstay.people.permissions import REGISTER


@transaction.atomic
def keep_photo(*, actor: Actor, patient: Patient, photo_ref: UUID | None) -> Patient:
    """Remember the document that shows this patient, or that none does."""
    actor.may(REGISTER).or_raise()
    fresh = locked(Patient.objects.all(), pk=patient.pk)
    fresh.photo_ref = photo_ref
    fresh.save(update_fields=["photo_ref"])
    return fresh
