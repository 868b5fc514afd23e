"""Leaving: nothing unbooked, nothing untold."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.moves import locked
from mainstay.foundation.outbox import publish
from mainstay.scheduling import actions as scheduling_actions
from mainstay.scheduling.events import AppointmentBooked
from mainstay.scheduling.models import Appointment
from mainstay.visits.actions.board import nudge_board
from mainstay.visits.actions.moving import move
from mainstay.visits.errors import LooseEndsLeft
from mainstay.visits.events import VisitClosed
from mainstay.visits.models import LooseEnd, LooseEndKind, Visit
from mainstay.visits.permissions import CHECK_OUT
from mainstay.visits.rules import left_to_arrange
from mainstay.work import actions as work_actions

RECALL_AFTER = timedelta(days=30)
"""When somebody is called back about what had no day of its own."""


@transaction.atomic
def add_loose_end(
    *,
    actor: Actor,
    visit: Visit,
    kind: LooseEndKind,
    text: str,
    due_on: date | None = None,
    source_ref: UUID | None = None,
) -> LooseEnd:
    """Put something on the list of what must be arranged before this visit closes."""
    if not text.strip():
        raise InvalidInput("Say what is to be arranged.", field="text")
    if visit.stage in ("closed", "cancelled", "left"):
        raise IllegalMove("This visit is over. Make it work for the queue instead.")
    end = LooseEnd.objects.create(
        visit=visit,
        kind=kind,
        text=text.strip()[:200],
        due_on=due_on,
        added_by_id=actor.staff_id,
        source_ref=source_ref,
    )
    nudge_board(visit.site_id)
    return end


@transaction.atomic
def tell_plan(*, actor: Actor, visit: Visit, plan: str) -> Visit:
    """Keep the signed words for the patient's summary; a later signature replaces them."""
    fresh = locked(Visit.objects.all(), pk=visit.pk)
    fresh.plan_for_patient = plan.strip()
    fresh.save(update_fields=["plan_for_patient"])
    return fresh


@transaction.atomic
def tell_reason(*, actor: Actor, visit: Visit, words: str) -> Visit:
    """Why the patient came, as they say it in the room: on the board and the summary it takes the booking's words."""
    fresh = locked(Visit.objects.all(), pk=visit.pk)
    if fresh.reason == words.strip()[:240]:
        return fresh
    fresh.reason = words.strip()[:240]
    fresh.save(update_fields=["reason"])
    nudge_board(fresh.site_id)
    return fresh


@transaction.atomic
def settle_loose_end(
    *,
    actor: Actor,
    end: LooseEnd,
    how: str,
    reason: str = "",
    appointment: Appointment | None = None,
    becomes: str = "work",
) -> LooseEnd:
    """Settle one loose end: booked (with the appointment), done, handed on as work, or declined with the reason.

    What a patient declines is not forgotten: it becomes a recall for the day it was due, or work for a clinician who
    hears the reason (`becomes`: recall or work). Raises `IllegalMove` if it is settled already.
    """
    actor.may(CHECK_OUT).or_raise()
    fresh = locked(LooseEnd.objects.select_related("visit__patient", "visit__visit_type", "visit__site"), pk=end.pk)
    if fresh.settled_at is not None:
        raise IllegalMove("This is settled already.")
    if how == "declined" and not reason.strip():
        raise InvalidInput("Say why it is declined, in the patient's words.", field="reason")
    if how == "booked" and appointment is None:
        raise InvalidInput("Book the appointment first.", field="appointment")
    if how == "booked" and appointment is not None and appointment.patient_id != fresh.visit.patient_id:
        raise InvalidInput("That appointment is another patient's.", field="appointment")
    if how == "handed_on":
        _owe(actor, fresh, fresh.text, band="R4", pool="front_desk")
        fresh.became = "work"
    if how == "declined":
        fresh.became = _follow_declined(actor, fresh, reason.strip(), becomes)
    fresh.settled_how, fresh.settled_reason, fresh.appointment = how, reason.strip()[:160], appointment
    fresh.settled_by_id, fresh.settled_at = actor.staff_id, actor.now
    fresh.save()
    nudge_board(fresh.visit.site_id)
    return fresh


def _follow_declined(actor: Actor, end: LooseEnd, reason: str, becomes: str) -> str:
    if becomes == "recall":
        scheduling_actions.recall_patient(
            actor=actor,
            patient=end.visit.patient,
            reason=f"{end.text}. Declined at check-out: {reason}"[:160],
            due_on=end.due_on or actor.today + RECALL_AFTER,
            provider=end.visit.provider,
        )
        return "recall"
    _owe(actor, end, f"Declined: {end.text}", band="R4", pool="clinician", detail=f"The patient said: “{reason}”")
    return "work"


def _owe(actor: Actor, end: LooseEnd, title: str, *, band: str, pool: str, detail: str = "") -> None:
    work_actions.owe(
        actor=actor,
        kind="loose_end",
        title=title[:160],
        detail=detail,
        patient=end.visit.patient,
        site=end.visit.site,
        band=band,
        pool=pool,
        subject_kind="visit",
        subject_ref=end.visit.public_id,
        once_key=f"loose-end:{end.pk}",
    )


def settle_booked_end(event: AppointmentBooked) -> None:
    """An appointment was booked for a loose end: that settles it, in the same transaction.

    `ref` is the loose end's public id in hexadecimal; any other reference, another patient's loose end, and one that
    is settled already are left alone.
    """
    try:
        key = UUID(hex=event.ref)
    except ValueError:
        return
    appointment = Appointment.objects.select_related("site").get(pk=event.appointment_id)
    end = LooseEnd.objects.select_for_update(of=("self",)).select_related("visit").filter(public_id=key).first()
    if end is None or end.settled_at is not None or end.visit.patient_id != appointment.patient_id:
        return
    end.settled_how, end.appointment = "booked", appointment
    end.settled_by_id, end.settled_at = appointment.booked_by_id, appointment.booked_at
    end.save()
    nudge_board(end.visit.site_id)


@transaction.atomic
def close_visit(*, actor: Actor, visit: Visit, seen_version: int | None = None) -> Visit:
    """Close a visit. Raises `LooseEndsLeft`, naming everything still to arrange."""
    fresh = move(visit, "close", actor=actor, seen_version=seen_version)
    open_ends = list(fresh.loose_ends.filter(settled_at=None).values_list("text", flat=True))
    if findings := left_to_arrange(open_ends):
        raise LooseEndsLeft(" ".join(f.message for f in findings))
    fresh.closed_at = actor.now
    fresh.save()
    publish(VisitClosed(visit_id=fresh.pk))
    return fresh
