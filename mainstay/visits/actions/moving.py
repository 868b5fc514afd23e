"""Moving a visit from the door to the desk: every move written down, most of them undoable for a minute."""

from __future__ import annotations

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput, Stale
from mainstay.foundation.moves import locked, take_step, undo_step
from mainstay.foundation.outbox import publish
from mainstay.practice.models import Room
from mainstay.scheduling import actions as scheduling_actions
from mainstay.visits.actions.board import nudge_board
from mainstay.visits.actions.rooms import occupy, release, restore, vacate
from mainstay.visits.errors import NotYetTheDay
from mainstay.visits.events import PatientLeft, VisitArrived
from mainstay.visits.lifecycle import IN_A_ROOM, Stage, out_of_turn, visit_lifecycle
from mainstay.visits.models import Visit
from mainstay.visits.rules import is_before_its_day


def move(visit: Visit, step: str, *, actor: Actor, seen_version: int | None = None, reason: str = "") -> Visit:
    """Lock a visit, take one step, save it. `seen_version` is what the screen showed: anything else is `Stale`."""
    fresh = locked(Visit.objects.select_related("visit_type", "room"), pk=visit.pk)
    if seen_version is not None and fresh.version != seen_version:
        raise Stale(_already(fresh, actor))
    actor.may(visit_lifecycle.step(step).permission).or_raise()
    if sentence := out_of_turn(step, Stage(fresh.stage)):
        raise IllegalMove(sentence)
    take_step(fresh, visit_lifecycle, step, actor=actor, column="stage", reason=reason)
    fresh.stage_since = actor.now
    fresh.version += 1
    nudge_board(fresh.site_id)
    return fresh


def _already(visit: Visit, actor: Actor) -> str:
    last = visit.steps.select_related("by").order_by("-pk").first()
    if last is None:
        return "This visit has changed. Look again."
    at = last.at.astimezone(actor.zone).strftime("%H:%M")
    return f"Already {visit.stage.replace('_', ' ')} at {at} by {last.by or 'Mainstay'}."


@transaction.atomic
def mark_arrived(*, actor: Actor, visit: Visit, seen_version: int | None = None, late_reason: str = "") -> Visit:
    """Somebody came: the visit starts, and the booking is kept.

    Who was marked as a no-show and comes after all needs the reason; their time may be another's by now, and the
    booking then stands beside it. Raises `InvalidInput`, `NotYetTheDay`, `Stale`.
    """
    if is_before_its_day(visit.expected_at, actor.now):
        raise NotYetTheDay()
    late = late_reason.strip()
    was_missed = Visit.objects.filter(pk=visit.pk, stage=Stage.NO_SHOW).exists()
    if was_missed and not late:
        raise InvalidInput("Say why they came late: this visit was marked as a no-show.", field="late_reason")
    fresh = move(visit, "arrive", actor=actor, seen_version=seen_version, reason=late[:300])
    fresh.arrived_at = fresh.arrived_at or actor.now
    fresh.save()
    if fresh.appointment_id and was_missed:
        booking = fresh.appointment_id
        scheduling_actions.keep_late_appointment(actor=actor, appointment_id=booking, reason=late)
    elif fresh.appointment_id:
        scheduling_actions.keep_appointment(actor=actor, appointment_id=fresh.appointment_id)
    publish(VisitArrived(visit_id=fresh.pk))
    return fresh


@transaction.atomic
def room_patient(*, actor: Actor, visit: Visit, room: Room, seen_version: int | None = None) -> Visit:
    """Bring a patient into a room. Raises `RoomTaken`, `RoomNotReady`, `Stale`."""
    fresh = move(visit, "room", actor=actor, seen_version=seen_version)
    if room.site_id != fresh.site_id:
        raise InvalidInput("That room is at another site.", field="room")
    occupy(actor=actor, room=room, visit=fresh)
    fresh.room, fresh.held_by_id = room, actor.staff_id
    fresh.roomed_at = fresh.roomed_at or actor.now
    fresh.save()
    return fresh


@transaction.atomic
def change_room(*, actor: Actor, visit: Visit, room: Room) -> Visit:
    """Move a patient to another room; the one they leave is turned over."""
    fresh = locked(Visit.objects.select_related("visit_type", "room"), pk=visit.pk)
    actor.may("visits.room").or_raise()
    if fresh.stage not in IN_A_ROOM or fresh.room is None:
        raise InvalidInput("This patient is not in a room.", field="room")
    if room.site_id != fresh.site_id:
        raise InvalidInput("That room is at another site.", field="room")
    if room.pk != fresh.room_id:
        vacate(actor=actor, room=fresh.room, visit=fresh)
        occupy(actor=actor, room=room, visit=fresh)
        fresh.room = room
        fresh.version += 1
        fresh.save()
        nudge_board(fresh.site_id)
    return fresh


@transaction.atomic
def mark_ready(*, actor: Actor, visit: Visit, seen_version: int | None = None) -> Visit:
    """The patient is ready for the provider."""
    fresh = move(visit, "mark_ready", actor=actor, seen_version=seen_version)
    fresh.held_by_id = fresh.provider_id
    fresh.save()
    return fresh


@transaction.atomic
def take_patient_back(*, actor: Actor, visit: Visit, reason: str) -> Visit:
    """The patient is not ready after all: back to the medical assistant."""
    fresh = move(visit, "back_to_ma", actor=actor, reason=reason)
    fresh.held_by_id = actor.staff_id
    fresh.save()
    return fresh


@transaction.atomic
def bring_out(*, actor: Actor, visit: Visit, reason: str) -> Visit:
    """Out of the room again, to wait: somebody else was brought in, say. The room is turned over."""
    fresh = move(visit, "bring_out", actor=actor, reason=reason.strip()[:300])
    if fresh.room is not None:
        vacate(actor=actor, room=fresh.room, visit=fresh)
    fresh.room, fresh.held_by = None, None
    fresh.save()
    return fresh


@transaction.atomic
def start_provider(*, actor: Actor, visit: Visit, seen_version: int | None = None) -> Visit:
    """The provider goes in."""
    fresh = move(visit, "start_provider", actor=actor, seen_version=seen_version)
    fresh.held_by_id = actor.staff_id
    fresh.save()
    return fresh


@transaction.atomic
def finish_provider(*, actor: Actor, visit: Visit, seen_version: int | None = None) -> Visit:
    """The provider comes out; what was ordered is done next."""
    fresh = move(visit, "finish_provider", actor=actor, seen_version=seen_version)
    fresh.held_by = None
    fresh.save()
    return fresh


@transaction.atomic
def begin_check_out(*, actor: Actor, visit: Visit, seen_version: int | None = None) -> Visit:
    """The patient leaves the room for the desk; the room waits to be turned over."""
    fresh = move(visit, "begin_check_out", actor=actor, seen_version=seen_version)
    _leave_room(fresh, actor)
    fresh.held_by = None
    fresh.save()
    return fresh


@transaction.atomic
def mark_left(*, actor: Actor, visit: Visit, reason: str) -> Visit:
    """Somebody left before the visit was over; why, in a few words."""
    if not reason.strip():
        raise InvalidInput("Say why they left, or that nobody knows.", field="reason")
    fresh = move(visit, "leave", actor=actor, reason=reason.strip()[:300])
    _leave_room(fresh, actor)
    fresh.held_by = None
    fresh.closed_at = actor.now
    fresh.save()
    publish(PatientLeft(visit_id=fresh.pk))
    return fresh


@transaction.atomic
def mark_no_show(*, actor: Actor, visit: Visit, reason: str = "") -> Visit:
    """Nobody came; the slot is lost, the patient is called."""
    fresh = move(visit, "miss", actor=actor, reason=reason)
    fresh.save()
    if fresh.appointment_id:
        scheduling_actions.miss_appointment(actor=actor, appointment_id=fresh.appointment_id)
    return fresh


@transaction.atomic
def take_over(*, actor: Actor, visit: Visit) -> Visit:
    """Take a visit over from whoever has it."""
    actor.may("visits.room").or_raise()
    fresh = locked(Visit.objects.all(), pk=visit.pk)
    fresh.held_by_id = actor.staff_id
    fresh.version += 1
    fresh.save()
    nudge_board(fresh.site_id)
    return fresh


UNDOABLE = frozenset(
    {"arrive", "miss", "check_in", "room", "mark_ready", "start_provider", "finish_provider", "begin_check_out"}
)


@transaction.atomic
def undo_last_move(*, actor: Actor, visit: Visit) -> Visit:
    """Take back the last move within a minute, and what it did to the room.

    The booking follows: an arrival or a no-show taken back leaves it booked. Raises `IllegalMove` when it is too late
    or there is nothing to undo, and `SlotTaken` when a missed time is another patient's by now.
    """
    fresh = locked(Visit.objects.select_related("visit_type", "room"), pk=visit.pk)
    last = fresh.steps.order_by("-pk").first()
    if last is not None and last.name not in UNDOABLE:
        raise InvalidInput(f"{last.name.replace('_', ' ').capitalize()} cannot be undone here.")
    room = fresh.room
    undone = undo_step(fresh, visit_lifecycle, actor=actor, column="stage")
    if undone == "room" and room is not None:
        release(actor=actor, room=room, visit=fresh)
        fresh.room, fresh.held_by, fresh.roomed_at = None, None, None
    _undo_booking(fresh, undone, actor)
    if undone == "begin_check_out" and fresh.stage in IN_A_ROOM and room is not None:
        restore(actor=actor, room=room, visit=fresh)
    fresh.stage_since = actor.now
    fresh.version += 1
    fresh.save()
    nudge_board(fresh.site_id)
    return fresh


def _undo_booking(visit: Visit, undone: str, actor: Actor) -> None:
    """Let the booking follow an arrival or a no-show that was taken back."""
    if undone == "arrive":
        visit.arrived_at = None
    if visit.appointment_id and undone in ("arrive", "miss"):
        follow = scheduling_actions.undo_kept if undone == "arrive" else scheduling_actions.undo_missed
        follow(actor=actor, appointment_id=visit.appointment_id)


def _leave_room(visit: Visit, actor: Actor) -> None:
    if visit.room is not None:
        vacate(actor=actor, room=visit.room, visit=visit)


def is_in_the_clinic(visit: Visit) -> bool:
    """Whether this patient is somewhere between the door and the desk."""
    return Stage(visit.stage) not in (Stage.EXPECTED, Stage.CLOSED, Stage.CANCELLED, Stage.NO_SHOW, Stage.LEFT)
