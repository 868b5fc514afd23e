"""Visits booked where or when nobody will be: each becomes work, once, until it is moved or called off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.urls import reverse

from mainstay.foundation import clock
from mainstay.foundation.actor import Actor, the_system
from mainstay.foundation.dates import spell_date, spell_time
from mainstay.practice.events import DayClosed, EquipmentRetired, RoomRetired, SiteShut
from mainstay.practice.models import Closure, Equipment, Room, Site
from mainstay.practice.queries import Closing
from mainstay.scheduling import queries
from mainstay.scheduling.models import Appointment
from mainstay.work.actions import OwedTo, finish_cause, owe_each

SOON_DAYS = 1
"""A visit today or tomorrow is called about first."""


def owe_moves(*, actor: Actor, booked: Sequence[Appointment], why: str, told: str = "") -> None:
    """Owe every patient of these visits a call and another time; `told` is what to tell them."""
    said = " ".join(f"{part.strip().rstrip('.')}." for part in (f"Off the schedule: {why}", told) if part.strip())
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


def _owed(appointment: Appointment) -> OwedTo:
    local = appointment.during.lower.astimezone(appointment.site.zone)
    who = appointment.provider.shown_name if appointment.provider else "the medical assistants"
    return OwedTo(
        patient=appointment.patient,
        site=appointment.site,
        once_key=_cause(appointment),
        title=f"Move: {spell_date(local.date())} {spell_time(local.time())} with {who}",
        subject_ref=appointment.public_id,
        url=reverse("appointment", args=[appointment.public_id]),
        before=appointment.during.lower,
    )


def settle_move(*, actor: Actor, appointment: Appointment, outcome: str) -> None:
    """Finish the work a visit was whose time went, now that it is moved or called off."""
    finish_cause(actor=actor, once_key=_cause(appointment), outcome=outcome)


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
