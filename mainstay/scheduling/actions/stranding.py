"""Visits booked where or when nobody will be: each becomes work, once, until it is moved, called off or can stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction
from django.urls import reverse

from mainstay.foundation import clock
from mainstay.foundation.actor import Actor, the_system
from mainstay.foundation.dates import spell_date, spell_time
from mainstay.messages.models import CallAttempt
from mainstay.practice.events import DayClosed, EquipmentRetired, HoursChanged, RoomRetired, SiteShut
from mainstay.practice.models import Closure, Equipment, OpeningHours, Room, Site
from mainstay.practice.queries import Closing, Opened, weekly_of
from mainstay.scheduling import queries
from mainstay.scheduling.models import Appointment
from mainstay.work.actions import Note, OwedTo, finish_cause, finish_each, note_on_each, owe_each, waiting_of
from mainstay.work.lifecycle import WorkState
from mainstay.work.models import WorkItem, WorkStep

SOON_DAYS = 1
"""A visit today or tomorrow is called about first."""
MOVE, STAYS = "Move: ", "Can stay: "
"""How the title of a call begins, and how when somebody had begun it before the visit could take place after all."""
CAN_STAY = "Open again, the visit can take place: nobody has to call"


def owe_moves(*, actor: Actor, booked: Sequence[Appointment], why: str, told: str = "") -> None:
    """Owe every patient of these visits a call and another time; `told` is what to tell them.

    Whoever is on the list already stays there once; a call that had turned into "can stay" is one to move again.
    """
    said = " ".join(f"{part.strip().rstrip('.')}." for part in (f"Off the schedule: {why}", told) if part.strip())
    booked = _held(booked)
    there = waiting_of([_cause(one) for one in booked])
    back = [one for one in there if one.title.startswith(STAYS)]
    notes = [Note(one, said, MOVE + one.title.removeprefix(STAYS)) for one in back]
    note_on_each(actor=actor, notes=notes)
    soon = [one for one in booked if (_day(one) - actor.today).days <= SOON_DAYS]
    for band, some in (("R3", soon), ("R4", [one for one in booked if one not in soon])):
        owe_each(
            actor=actor,
            whom=[_owed(appointment) for appointment in some],
            kind="move_appointment",
            title="Move",
            detail=f"{said} Call the patient and find another time.",
            band=band,
            pool="front_desk",
            subject_kind="appointment",
        )


def _held(booked: Sequence[Appointment]) -> list[Appointment]:
    """Those of some visits that are booked still, held so that nobody calls one off while it becomes work."""
    rows = Appointment.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=[one.pk for one in booked])
    on = set(rows.filter(state="booked").order_by("pk").values_list("pk", flat=True))
    return [one for one in booked if one.pk in on]


def _owed(appointment: Appointment) -> OwedTo:
    local = appointment.during.lower.astimezone(appointment.site.zone)
    who = appointment.provider.shown_name if appointment.provider else "the medical assistants"
    return OwedTo(
        patient=appointment.patient,
        site=appointment.site,
        once_key=_cause(appointment),
        title=f"{MOVE}{spell_date(local.date())} {spell_time(local.time())} with {who}",
        subject_ref=appointment.public_id,
        url=reverse("appointment", args=[appointment.public_id]),
        before=appointment.during.lower,
    )


def settle_move(*, actor: Actor, appointment: Appointment, outcome: str) -> None:
    """Finish the work a visit was whose time went, now that it is moved or called off."""
    finish_cause(actor=actor, once_key=_cause(appointment), outcome=outcome)


@transaction.atomic
def settle_opened(actor: Actor, closing: Closing) -> Opened:
    """Settle the calls about what was closed and is open again; says what came of them."""
    concerned = queries.ahead_at(closing, now=actor.now)
    return settle_calls(actor=actor, concerned=concerned, why=_open_again(closing))


def _open_again(closing: Closing) -> str:
    if closing.room is not None or closing.equipment is not None:
        return f"{closing.room or closing.equipment} is in use again"
    if closing.day is not None:
        return f"open after all on {spell_date(closing.day)}"
    return f"{closing.site} is open at other hours" if closing.hours is not None else f"{closing.site} is open again"


@transaction.atomic
def settle_calls(*, actor: Actor, concerned: Sequence[Appointment], why: str) -> Opened:
    """Take off the list the calls about visits that can take place after all; `why` says what is open again.

    Where something else still keeps a visit from taking place, its call stays and says so. A call somebody has taken,
    or dialed for, stays too, whoever has it now: its title turns into "can stay" and a note asks to tell the patient,
    who may have heard otherwise. To be called under `close_in_turn`.
    """
    if not concerned:
        return Opened()
    by_cause = {_cause(one): one for one in concerned}
    waiting = waiting_of(by_cause)
    stranded = queries.why_stranded([by_cause[item.once_key] for item in waiting])
    still = [item for item in waiting if by_cause[item.once_key].pk in stranded]
    free = [item for item in waiting if item not in still]
    begun = _begun(free)
    untouched = [item for item in free if item.pk not in begun]
    finish_each(actor=actor, items=untouched, outcome=f"{CAN_STAY} ({why}).")
    asked = "The visit can take place after all. Tell the patient if they heard otherwise, then finish this."
    said = why[:1].upper() + why[1:]
    stays = [Note(one, f"{said}. {asked}", STAYS + one.title.removeprefix(MOVE)) for one in free if one.pk in begun]
    but = [Note(one, f"{said}, but {stranded[by_cause[one.once_key].pk]}.") for one in still]
    note_on_each(actor=actor, notes=[*stays, *but])
    return Opened(len(untouched), len(begun), _moved(by_cause, waiting), len(still))


def _begun(items: Sequence[WorkItem]) -> set[int]:
    """Those of some items that somebody has, had in hand, or dialed for."""
    mine = {item.pk for item in items if item.state == WorkState.TAKEN or item.owner_id is not None}
    taken = WorkStep.objects.filter(item__in=items, name="take").values_list("item_id", flat=True)
    dialed = CallAttempt.objects.filter(work_item__in=items).values_list("work_item_id", flat=True)
    return mine | set(taken) | set(dialed)


def _moved(by_cause: Mapping[str, Appointment], waiting: Sequence[WorkItem]) -> int:
    """How many of some visits were moved, called off or called about, and are off the list for that."""
    patients = {one.patient_id for one in by_cause.values()}
    done = WorkItem.objects.filter(patient__in=patients, once_key__in=by_cause, state=WorkState.DONE)
    settled = done.exclude(outcome__startswith=CAN_STAY).values_list("once_key", flat=True)
    return len(set(settled) - {item.once_key for item in waiting})


def _cause(appointment: Appointment) -> str:
    return f"move-appointment:{appointment.pk}"


def _day(appointment: Appointment) -> date:
    return appointment.during.lower.astimezone(appointment.site.zone).date()


@transaction.atomic
def follow_shut_site(event: SiteShut) -> None:
    """Owe a move to everybody booked at a site that was shut."""
    site = Site.objects.get(pk=event.site_id)
    _owe_moves_from(Closing(site=site), f"{site.name} is shut", event.told)


@transaction.atomic
def follow_closed_day(event: DayClosed) -> None:
    """Owe a move to everybody booked on a day that was closed."""
    closure = Closure.objects.select_related("site").get(pk=event.closure_id)
    why = f"closed on {spell_date(closure.day)}, {closure.name}"
    _owe_moves_from(Closing(site=closure.site, day=closure.day), why, event.told)


@transaction.atomic
def follow_changed_hours(event: HoursChanged) -> None:
    """Owe a move to everybody booked in hours a site is not open any more."""
    site = Site.objects.get(pk=event.site_id)
    hours = weekly_of(OpeningHours.objects.filter(site=site, is_current=True))
    before = weekly_of(OpeningHours.objects.filter(pk__in=event.before))
    _owe_moves_from(Closing(site=site, hours=hours, before=before), f"{site.name} is open at other hours", event.told)


@transaction.atomic
def follow_retired_room(event: RoomRetired) -> None:
    """Owe a move to everybody a room was booked for that is out of use."""
    room = Room.objects.select_related("site").get(pk=event.room_id)
    _owe_moves_from(Closing(room=room), f"{room.name} is out of use", event.told)


@transaction.atomic
def follow_retired_equipment(event: EquipmentRetired) -> None:
    """Owe a move to everybody a thing was booked for that is out of use."""
    thing = Equipment.objects.select_related("site").get(pk=event.equipment_id)
    _owe_moves_from(Closing(equipment=thing), f"{thing.name} is out of use", event.told)


def _owe_moves_from(closing: Closing, why: str, told: str) -> None:
    now = clock.now()
    booked = queries.booked_at([closing], now=now)
    if booked:
        owe_moves(actor=the_system(now=now, zone=booked[0].site.zone), booked=booked, why=why, told=told)
