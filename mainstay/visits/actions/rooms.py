"""Rooms: who is in, what happened there, when it can be used again."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from mainstay.foundation import clock
from mainstay.foundation.actor import Actor, the_system
from mainstay.foundation.moves import begin, locked, take_step
from mainstay.practice.events import RoomAdded
from mainstay.practice.models import Room
from mainstay.visits.actions.board import nudge_board
from mainstay.visits.errors import RoomNotReady, RoomTaken
from mainstay.visits.lifecycle import RoomState, room_lifecycle
from mainstay.visits.models import RoomUse, Visit
from mainstay.visits.rules import turnover_for


@transaction.atomic
def prepare_room(*, actor: Actor, room: Room) -> RoomUse:
    """Start keeping the state of a room; does nothing for one that is known."""
    use, is_new = RoomUse.objects.get_or_create(room=room, defaults={"since": actor.now})
    if is_new:
        begin(use, room_lifecycle, actor=actor)
    return use


def prepare_added_room(event: RoomAdded) -> None:
    """Keep the state of a room from the moment it is added, in the same transaction."""
    room = Room.objects.select_related("site").get(pk=event.room_id)
    prepare_room(actor=the_system(now=clock.now(), zone=room.site.zone), room=room)


def occupy(*, actor: Actor, room: Room, visit: Visit) -> None:
    """Put a visit into a room. Raises `RoomTaken` or `RoomNotReady`."""
    prepare_room(actor=actor, room=room)
    use = locked(RoomUse.objects.all(), room=room)
    if use.state == RoomState.OCCUPIED:
        raise RoomTaken()
    if use.state != RoomState.READY:
        raise RoomNotReady(f"{room.name} is {use.state.replace('_', ' ')}. Choose another, or make it ready first.")
    _move(use, "occupy", actor=actor, visit=visit)
    use.visit = visit
    use.save()


def vacate(*, actor: Actor, room: Room, visit: Visit) -> None:
    """Take a visit out of a room, which then waits to be turned over by what happened in it.

    It follows from a move of the visit that was permitted: the desk checks out without the right to room anybody.
    """
    use = locked(RoomUse.objects.all(), room=room)
    if use.visit_id != visit.pk or use.state != RoomState.OCCUPIED:
        return
    use.steps.create(
        name="vacate", source=RoomState.OCCUPIED, target=RoomState.DIRTY, at=actor.now, by_id=actor.staff_id,
        visit=visit,
    )  # fmt: skip
    use.state, use.since = RoomState.DIRTY, actor.now
    need = turnover_for(visit.visit_type.playbook, is_airborne_risk=visit.is_airborne_risk)
    use.visit, use.after = None, need.after
    use.closed_until = actor.now + timedelta(minutes=need.closed_minutes) if need.closed_minutes else None
    use.save()


def restore(*, actor: Actor, room: Room, visit: Visit) -> None:
    """Put a visit back into the room it has just left by mistake, if nobody else is in it."""
    use = locked(RoomUse.objects.all(), room=room)
    if use.state == RoomState.OCCUPIED:
        raise RoomTaken()
    use.steps.create(
        name="vacate", source=RoomState.DIRTY, target=RoomState.OCCUPIED, at=actor.now, by_id=actor.staff_id,
        is_undo=True, visit=visit,
    )  # fmt: skip
    use.state, use.since, use.visit, use.after, use.closed_until = RoomState.OCCUPIED, actor.now, visit, "", None
    use.save()


def release(*, actor: Actor, room: Room, visit: Visit) -> None:
    """Take back putting a visit into a room: nothing happened in it, so it is ready again."""
    use = locked(RoomUse.objects.all(), room=room)
    if use.visit_id != visit.pk:
        return
    use.steps.create(
        name="occupy", source=RoomState.OCCUPIED, target=RoomState.READY, at=actor.now, by_id=actor.staff_id,
        is_undo=True, visit=visit,
    )  # fmt: skip
    use.state, use.since, use.visit = RoomState.READY, actor.now, None
    use.save()


@transaction.atomic
def clean_room(*, actor: Actor, room: Room, step: str) -> RoomUse:
    """Start or finish cleaning a room (`start_cleaning`, `finish_cleaning`).

    A room closed for airborne particles cannot be finished before its time.
    """
    use = locked(RoomUse.objects.select_related("room"), room=room)
    if step == "finish_cleaning" and use.closed_until and actor.now < use.closed_until:
        at = use.closed_until.astimezone(actor.zone).strftime("%H:%M")
        raise RoomNotReady(f"{room.name} stays closed until {at}, for the air to clear.")
    _move(use, step, actor=actor)
    if step == "finish_cleaning":
        use.after, use.closed_until = "", None
    use.save()
    nudge_board(use.room.site_id)
    return use


@transaction.atomic
def close_room(*, actor: Actor, room: Room, reason: str) -> RoomUse:
    """Take a room out of service, with the reason."""
    use = locked(RoomUse.objects.select_related("room"), room=room)
    _move(use, "take_out_of_service", actor=actor, reason=reason)
    use.after = reason[:40]
    use.save()
    nudge_board(use.room.site_id)
    return use


@transaction.atomic
def open_room(*, actor: Actor, room: Room) -> RoomUse:
    """Put a room back into service; it is cleaned before anybody uses it."""
    use = locked(RoomUse.objects.select_related("room"), room=room)
    _move(use, "return_to_service", actor=actor)
    use.save()
    nudge_board(use.room.site_id)
    return use


def _move(use: RoomUse, step: str, *, actor: Actor, visit: Visit | None = None, reason: str = "") -> None:
    take_step(use, room_lifecycle, step, actor=actor, visit=visit, reason=reason)
    use.since = actor.now
