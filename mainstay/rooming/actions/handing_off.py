"""The hand-off to the provider."""

from __future__ import annotations

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.rooming.actions.intake import opened_intake
from mainstay.rooming.errors import NobodyTold
from mainstay.rooming.lifecycle import LoopState
from mainstay.rooming.models import AbnormalLoop, Intake
from mainstay.rooming.permissions import ROOM_PATIENT
from mainstay.visits import actions as visit_actions
from mainstay.visits.models import Visit
from mainstay.work import actions as work_actions
from mainstay.work.models import Handoff
from mainstay.workforce.models import Staff


@transaction.atomic
def hand_off_to_provider(
    *, actor: Actor, visit: Visit, to: Staff, situation: str, background: str = "", request: str = ""
) -> Intake:
    """Hand a roomed patient off to the provider, who must acknowledge; the board says ready.

    Raises `NobodyTold` while an urgent value has not been told to anybody.
    """
    actor.may(ROOM_PATIENT).or_raise()
    intake = opened_intake(visit)
    waiting = AbnormalLoop.objects.filter(visit=visit, state=LoopState.OPEN, is_now=True)
    if waiting.exists():
        raise NobodyTold("Tell the provider first: " + "; ".join(waiting.values_list("message", flat=True)))
    urgent = AbnormalLoop.objects.filter(visit=visit, is_now=True).exclude(state=LoopState.CLOSED).exists()
    intake.handoff = work_actions.hand_off(
        actor=actor,
        to=to,
        situation=situation,
        background=background,
        request=request,
        patient=visit.patient,
        visit_ref=visit.public_id,
        urgency="urgent" if urgent else "routine",
    )
    intake.version += 1
    intake.save()
    if visit.stage == "rooming":
        visit_actions.mark_ready(actor=actor, visit=visit)
    return intake


@transaction.atomic
def acknowledge(*, actor: Actor, handoff: Handoff, read_back: str = "") -> Handoff:
    """The provider has it."""
    return work_actions.acknowledge_handoff(actor=actor, handoff=handoff, read_back=read_back)
