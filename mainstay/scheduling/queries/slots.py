"""A time at a place, as a booking takes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q

from mainstay.foundation.errors import InvalidInput, NotFound
from mainstay.foundation.fields import is_number
from mainstay.practice.models import Closure, Equipment, OpeningHours, Room, Site
from mainstay.scheduling.models import TemplateException
from mainstay.scheduling.rules import SiteDays, why_closed
from mainstay.workforce.models import Staff


@dataclass(frozen=True, slots=True)
class Slot:
    """A time at a site with a provider (None: the medical assistants' own list)."""

    site: Site
    provider: Staff | None
    starts: datetime
    minutes: int
    room: Room | None = None
    equipment: Equipment | None = None

    @property
    def ends(self) -> datetime:
        """The first moment after it, minutes counted as they pass and not as the clock on the wall shows them."""
        return self.starts.astimezone(UTC) + timedelta(minutes=self.minutes)

    def during(self) -> DateTimeTZRange:
        """The time as PostgreSQL keeps it: from the first moment to just before the last."""
        return DateTimeTZRange(self.starts, self.ends)


def why_closed_to(slot: Slot) -> str:
    """Why a time cannot be kept, in words: its site, a closed day, hours, time off, a room or a thing out of use.

    Empty where it can, and in an extra session of who is booked. Whether it is free is another question.
    """
    if not Site.objects.filter(pk=slot.site.pk, is_open=True).exists():
        return f"{slot.site.name} is shut."
    for thing in (slot.room, slot.equipment):
        if thing is not None and not type(thing).objects.filter(pk=thing.pk, is_in_use=True).exists():
            return f"{thing.name} is out of use."
    here = Q(provider=slot.provider, is_withdrawn=False) & (Q(site=slot.site) | Q(site=None))
    exceptions = list(TemplateException.objects.filter(here, during__overlap=slot.during()))
    if off := next((one for one in exceptions if not one.is_extra), None):
        who = f"{slot.provider.shown_name} is" if slot.provider else "The medical assistants are"
        return f"{who} off then: {off.reason.rstrip('.')}."
    is_held = any(one.site_id == slot.site.pk and slot.starts in one.during for one in exceptions)
    return "" if is_held else _why_closed_at(slot.site, slot.starts)


def _why_closed_at(site: Site, at: datetime) -> str:
    day = at.astimezone(site.zone).date()
    names = _closed_days(site, day, day)
    return why_closed(_site_days(site, names), at, closures=names)


def site_days(site: Site, first: date, last: date) -> SiteDays:
    """When a site is open from one day to another."""
    return _site_days(site, _closed_days(site, first, last))


def _closed_days(site: Site, first: date, last: date) -> dict[date, str]:
    closures = Closure.objects.filter(Q(site=site) | Q(site=None), day__range=(first, last), is_withdrawn=False)
    return dict(closures.values_list("day", "name"))


def _site_days(site: Site, closed: Iterable[date]) -> SiteDays:
    hours: dict[int, list[tuple[time, time]]] = {}
    for one in OpeningHours.objects.filter(site=site, is_current=True).order_by("weekday", "opens"):
        hours.setdefault(one.weekday, []).append((one.opens, one.closes))
    return SiteDays(site.zone, {weekday: tuple(spans) for weekday, spans in hours.items()}, frozenset(closed))


def slot_named(key: str, minutes: int) -> Slot:
    """The time a form names by `OpenTime.key`; raises `InvalidInput` or `NotFound`."""
    parts = key.split(".")
    if len(parts) != 5 or not all(is_number(part) for part in parts) or len(parts[0]) > 9:
        raise InvalidInput("Choose a time.", field="slot")
    starts, provider, site, room, thing = map(int, parts)
    place = Site.objects.filter(pk=site, is_open=True).first()
    who = Staff.objects.filter(pk=provider, is_active=True).first() if provider else None
    if place is None or (provider and who is None):
        raise NotFound("That time is not on offer any more.")
    return Slot(
        site=place,
        provider=who,
        starts=datetime.fromtimestamp(starts * 60, tz=UTC),
        minutes=minutes,
        room=Room.objects.filter(pk=room, site=place).first(),
        equipment=Equipment.objects.filter(pk=thing, site=place).first(),
    )
