"""Handing something off to a named person, who acknowledges it."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.moves import locked
from mainstay.people.models import Patient
from mainstay.work.models import Handoff
from mainstay.work.permissions import HAND_OFF
from mainstay.workforce.models import Staff


@transaction.atomic
def hand_off(
    *,
    actor: Actor,
    to: Staff,
    situation: str,
    background: str = "",
    assessment: str = "",
    request: str = "",
    patient: Patient | None = None,
    visit_ref: UUID | None = None,
    urgency: str = "routine",
) -> Handoff:
    """Hand something off to a named person, who must acknowledge it. `urgency`: routine or urgent."""
    actor.may(HAND_OFF).or_raise()
    if not situation.strip():
        raise InvalidInput("Say what the situation is.", field="situation")
    if to.pk == actor.staff_id:
        raise InvalidInput("Hand off to somebody else.", field="to")
    Handoff.objects.filter(visit_ref=visit_ref, acknowledged_at=None, withdrawn_at=None).exclude(visit_ref=None).update(
        withdrawn_at=actor.now
    )
    return Handoff.objects.create(
        patient=patient,
        visit_ref=visit_ref,
        given_by_id=actor.staff_id,
        given_to=to,
        situation=situation.strip(),
        background=background.strip(),
        assessment=assessment.strip(),
        request=request.strip(),
        is_urgent=urgency == "urgent",
        given_at=actor.now,
    )


@transaction.atomic
def acknowledge_handoff(*, actor: Actor, handoff: Handoff, read_back: str = "") -> Handoff:
    """Say that you have it; what you read back is kept."""
    actor.may(HAND_OFF).or_raise()
    fresh = locked(Handoff.objects.all(), pk=handoff.pk)
    if fresh.acknowledged_at is not None:
        raise IllegalMove("This hand-off is acknowledged already.")
    if fresh.withdrawn_at is not None:
        raise IllegalMove("This hand-off was withdrawn.")
    fresh.acknowledged_at, fresh.acknowledged_by_id = actor.now, actor.staff_id
    fresh.read_back = read_back.strip()[:300]
    fresh.save()
    return fresh
