"""Handing leaflets out."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from mainstay.forms.leaflets import leaflets, nearest
from mainstay.forms.models import LeafletGiven
from mainstay.forms.permissions import TEACH
from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.moves import locked
from mainstay.people.models import Patient

HOW = ("printed", "read_aloud", "sent")


@transaction.atomic
def give_leaflet(
    *,
    actor: Actor,
    patient: Patient,
    leaflet: str,
    language: str,
    how: str = "printed",
    said_back: str = "",
    visit_ref: UUID | None = None,
) -> LeafletGiven:
    """Write down that a patient got a leaflet: the wording of today, how, and what they said back."""
    actor.may(TEACH).or_raise()
    paper = leaflets().get((leaflet, nearest(language)))
    if paper is None or how not in HOW:
        raise InvalidInput("There is no such leaflet.", field="leaflet")
    return LeafletGiven.objects.create(
        patient=patient,
        leaflet=leaflet,
        version=paper.version.isoformat(),
        language=paper.language,
        how=how,
        said_back=said_back.strip()[:200],
        visit_ref=visit_ref,
        given_by_id=actor.staff_id,
        given_at=actor.now,
    )


@transaction.atomic
def withdraw_leaflet(*, actor: Actor, given: LeafletGiven) -> LeafletGiven:
    """A leaflet was written down in error; only whoever wrote it takes it back."""
    actor.may(TEACH).or_raise()
    fresh = locked(LeafletGiven.objects.all(), pk=given.pk)
    if fresh.given_by_id != actor.staff_id:
        raise IllegalMove("Only the person who wrote it down can take it back.")
    fresh.is_withdrawn = True
    fresh.save()
    return fresh
