"""Breaking the glass before a confidential chart, and the review afterwards."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from mainstay.foundation.access import log_read
from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, NotPermitted
from mainstay.foundation.findings import NOTHING_CONFIRMED
from mainstay.foundation.outbox import publish
from mainstay.people.events import GlassBroken
from mainstay.people.models import BreakGlass, Patient
from mainstay.people.permissions import BREAK_GLASS, SEE_ACCESS
from mainstay.people.rules import GLASS_MINUTES, judge_reason


@transaction.atomic
def break_glass(*, actor: Actor, patient: Patient, reason: str) -> BreakGlass:
    """Open a confidential chart for an hour, with a reason others will read and review (45 CFR 164.312(a)(2)(ii))."""
    actor.may(BREAK_GLASS).or_raise()
    if actor.staff_id is None:
        raise NotPermitted("Only a person can break the glass.")
    NOTHING_CONFIRMED.answer(judge_reason(reason))
    patient = Patient.objects.select_for_update().get(pk=patient.pk)
    opening = BreakGlass.objects.create(
        patient=patient,
        staff_id=actor.staff_id,
        reason=reason.strip(),
        opened_at=actor.now,
        closes_at=actor.now + timedelta(minutes=GLASS_MINUTES),
    )
    log_read(actor, kind="patient", subject=patient.public_id, what="broke the glass", reason=reason.strip())
    publish(GlassBroken(opening_id=opening.pk))
    return opening


@transaction.atomic
def review_broken_glass(*, actor: Actor, opening: BreakGlass, review: str) -> BreakGlass:
    """Say what the review of a broken glass found; nobody reviews their own."""
    actor.may(SEE_ACCESS).or_raise()
    opening = BreakGlass.objects.select_for_update().get(pk=opening.pk)
    if opening.staff_id == actor.staff_id:
        raise NotPermitted("Nobody reviews their own. Ask another reviewer.")
    if opening.reviewed_at:
        raise IllegalMove("This was reviewed already.")
    NOTHING_CONFIRMED.answer(judge_reason(review, field="review"))
    opening.review, opening.reviewed_by_id, opening.reviewed_at = review.strip(), actor.staff_id, actor.now
    opening.save(update_fields=["review", "reviewed_by_id", "reviewed_at"])
    return opening
