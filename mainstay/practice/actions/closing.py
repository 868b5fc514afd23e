"""Closing and opening again: a site, a day, a room, a thing; and the hours of a site."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, time

from django.db import connection, transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.findings import NOTHING_CONFIRMED, Confirmations
from mainstay.foundation.moves import locked
from mainstay.foundation.outbox import publish
from mainstay.practice.events import DayClosed, EquipmentRetired, HoursChanged, RoomAdded, RoomRetired, SiteShut
from mainstay.practice.models import Closure, Equipment, OpeningHours, Room, RoomKind, Site
from mainstay.practice.permissions import CHANGE_SETTINGS
from mainstay.practice.queries import BOOKED_THEN, Closing, Opened, closing_findings, equipment_out_of_use, weekly_of

CLOSINGS = 7262010
"""The advisory lock of whoever closes or opens again."""
_who_settle_calls: list[Callable[[Actor, Closing], Opened]] = []


def settle_when_opened(settle: Callable[[Actor, Closing], Opened]) -> None:
    """Name who settles the calls a closing made, once it is open again; called once, when all domains are loaded.

    It is asked, and not told by an event, because whoever opens again is told what came of it.
    """
    _who_settle_calls.append(settle)


def close_in_turn() -> None:
    """Let one person at a time close something or open it again, until the transaction ends.

    Of two causes that keep a visit from taking place, the one taken back has to see the one just set. Taken before any
    row is locked: whoever waits for it stands in nobody's way.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLOSINGS])


def book_beside_closings() -> None:
    """Let nothing close until the transaction ends; bookings go on beside each other.

    Taken before an appointment or its work is held, which whoever closes waits for.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [CLOSINGS])


def _opened(actor: Actor, closing: Closing) -> Opened:
    return sum((settle(actor, closing) for settle in _who_settle_calls), start=Opened())


@transaction.atomic
def shut_site(*, actor: Actor, site: Site, confirmed: Confirmations = NOTHING_CONFIRMED) -> Site:
    """Stop working at a site; everything about it is kept. The last open site stays open.

    Raises `NeedsConfirmation` while visits are booked there; they become work, with the reason given.
    """
    actor.may(CHANGE_SETTINGS).or_raise()
    close_in_turn()
    fresh = locked(Site.objects.all(), pk=site.pk)
    if not Site.objects.filter(is_open=True).exclude(pk=fresh.pk).exists():
        raise IllegalMove("This is the last open site. Open another one first.")
    confirmed.answer(closing_findings(actor, Closing(site=fresh)))
    fresh.is_open = False
    fresh.save(update_fields=["is_open"])
    publish(SiteShut(site_id=fresh.pk, told=confirmed.reason_for(BOOKED_THEN)))
    return fresh


@transaction.atomic
def reopen_site(*, actor: Actor, site: Site) -> Opened:
    """Work at a site again; says what came of the calls shutting it made."""
    actor.may(CHANGE_SETTINGS).or_raise()
    close_in_turn()
    fresh = locked(Site.objects.all(), pk=site.pk)
    if fresh.is_open:
        return Opened()
    fresh.is_open = True
    fresh.save(update_fields=["is_open"])
    return _opened(actor, Closing(site=fresh))


@transaction.atomic
def set_hours(
    *,
    actor: Actor,
    site: Site,
    weekly: Mapping[int, tuple[time, time]],
    confirmed: Confirmations = NOTHING_CONFIRMED,
) -> Opened:
    """Set when a site is open, by weekday (0 = Monday); what was set before is kept as past.

    Raises `NeedsConfirmation` while visits are booked in hours that go; they become work, with the reason given. Says
    what came of the calls about visits in hours that come.
    """
    actor.may(CHANGE_SETTINGS).or_raise()
    close_in_turn()
    was = list(OpeningHours.objects.filter(site=site, is_current=True))
    hours = {day: [span] for day, span in weekly.items()}
    changed = Closing(site=site, hours=hours, before=weekly_of(was))
    confirmed.answer(closing_findings(actor, changed))
    OpeningHours.objects.filter(pk__in=[one.pk for one in was]).update(is_current=False)
    for day, (opens, closes) in sorted(weekly.items()):
        OpeningHours.objects.create(site=site, weekday=day, opens=opens, closes=closes)
    told = confirmed.reason_for(BOOKED_THEN)
    publish(HoursChanged(site_id=site.pk, before=[one.pk for one in was], told=told))
    return _opened(actor, changed)


@transaction.atomic
def close_day(
    *, actor: Actor, day: date, name: str, site: Site | None = None, confirmed: Confirmations = NOTHING_CONFIRMED
) -> Closure:
    """Close one site, or every site, on a day; as `close_days`."""
    return close_days(actor=actor, days=[(day, name)], site=site, confirmed=confirmed)[0]


@transaction.atomic
def close_days(
    *,
    actor: Actor,
    days: Sequence[tuple[date, str]],
    site: Site | None = None,
    confirmed: Confirmations = NOTHING_CONFIRMED,
) -> list[Closure]:
    """Close one site, or every site, on some days, each with why.

    Raises `NeedsConfirmation` while visits are booked then; they become work, with the reason given.
    """
    actor.may(CHANGE_SETTINGS).or_raise()
    if any(day < actor.today for day, _name in days):
        raise InvalidInput("That day is past.", field="day")
    close_in_turn()
    closed = Closure.objects.filter(day__in=[day for day, _name in days], site=site, is_withdrawn=False)
    known = {closure.day: closure for closure in closed}
    confirmed.answer(closing_findings(actor, *(Closing(site=site, day=day) for day, _name in days if day not in known)))
    for day, name in days:
        if day not in known:
            known[day] = Closure.objects.create(site=site, day=day, name=name.strip())
            publish(DayClosed(closure_id=known[day].pk, told=confirmed.reason_for(BOOKED_THEN)))
    return [known[day] for day, _name in days]


@transaction.atomic
def withdraw_closure(*, actor: Actor, closure: Closure) -> Opened:
    """Be open after all on a day; says what came of the calls closing it made."""
    actor.may(CHANGE_SETTINGS).or_raise()
    close_in_turn()
    fresh = locked(Closure.objects.select_related("site"), pk=closure.pk)
    if fresh.is_withdrawn:
        return Opened()
    fresh.is_withdrawn = True
    fresh.save(update_fields=["is_withdrawn"])
    return _opened(actor, Closing(site=fresh.site, day=fresh.day))


@transaction.atomic
def add_room(*, actor: Actor, site: Site, name: str, kind: RoomKind = RoomKind.EXAM, pod: str = "") -> Room:
    """Add a room to a site; one of that name that was taken out of use is used again."""
    actor.may(CHANGE_SETTINGS).or_raise()
    if not name.strip():
        raise InvalidInput("Give the room a name.", field="name")
    known = Room.objects.filter(site=site, name__iexact=name.strip()).first()
    if known is not None and known.is_in_use:
        raise InvalidInput("There is a room of that name already.", field="name")
    if known is not None:
        use_room_again(actor=actor, room=known, kind=kind, pod=pod)
        known.refresh_from_db()
        return known
    position = Room.objects.filter(site=site).count()
    room = Room.objects.create(site=site, name=name.strip(), kind=kind, pod=pod.strip(), position=position)
    publish(RoomAdded(room_id=room.pk))
    return room


@transaction.atomic
def use_room_again(*, actor: Actor, room: Room, kind: RoomKind = RoomKind.EXAM, pod: str = "") -> Opened:
    """Use a room again that was taken out of use; says what came of the calls that made."""
    actor.may(CHANGE_SETTINGS).or_raise()
    close_in_turn()
    fresh = locked(Room.objects.all(), pk=room.pk)
    if fresh.is_in_use:
        raise InvalidInput("There is a room of that name already.", field="name")
    fresh.kind, fresh.pod, fresh.is_in_use = kind, pod.strip(), True
    fresh.save()
    publish(RoomAdded(room_id=fresh.pk))
    return _opened(actor, Closing(room=fresh))


@transaction.atomic
def retire_room(*, actor: Actor, room: Room, confirmed: Confirmations = NOTHING_CONFIRMED) -> Room:
    """Take a room out of use; what happened in it is kept.

    Raises `NeedsConfirmation` while it is booked for visits; they become work, with the reason given.
    """
    actor.may(CHANGE_SETTINGS).or_raise()
    close_in_turn()
    fresh = locked(Room.objects.all(), pk=room.pk)
    confirmed.answer(closing_findings(actor, Closing(room=fresh)))
    fresh.is_in_use = False
    fresh.save(update_fields=["is_in_use"])
    publish(RoomRetired(room_id=fresh.pk, told=confirmed.reason_for(BOOKED_THEN)))
    return fresh


@transaction.atomic
def add_equipment(*, actor: Actor, site: Site, name: str, kind: str) -> Equipment:
    """Add a thing that can be in one place at a time; one of that name and kind out of use is used again."""
    actor.may(CHANGE_SETTINGS).or_raise()
    if not name.strip():
        raise InvalidInput("Give it a name.", field="name")
    if (known := equipment_out_of_use(site, name, kind)) is not None:
        use_equipment_again(actor=actor, equipment=known)
        known.refresh_from_db()
        return known
    return Equipment.objects.create(site=site, name=name.strip(), kind=kind)


@transaction.atomic
def use_equipment_again(*, actor: Actor, equipment: Equipment) -> Opened:
    """Use a thing again that was taken out of use; says what came of the calls that made."""
    actor.may(CHANGE_SETTINGS).or_raise()
    close_in_turn()
    fresh = locked(Equipment.objects.all(), pk=equipment.pk)
    if fresh.is_in_use:
        raise IllegalMove("It is in use again already.")
    fresh.is_in_use = True
    fresh.save(update_fields=["is_in_use"])
    return _opened(actor, Closing(equipment=fresh))


@transaction.atomic
def retire_equipment(*, actor: Actor, equipment: Equipment, confirmed: Confirmations = NOTHING_CONFIRMED) -> Equipment:
    """Take a thing out of use; as `retire_room` where visits need it."""
    actor.may(CHANGE_SETTINGS).or_raise()
    close_in_turn()
    fresh = locked(Equipment.objects.all(), pk=equipment.pk)
    confirmed.answer(closing_findings(actor, Closing(equipment=fresh)))
    fresh.is_in_use = False
    fresh.save(update_fields=["is_in_use"])
    publish(EquipmentRetired(equipment_id=fresh.pk, told=confirmed.reason_for(BOOKED_THEN)))
    return fresh
