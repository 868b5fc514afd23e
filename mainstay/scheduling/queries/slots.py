"""A time at a place, as a booking takes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

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


def why_closed_at(site: Site, at: datetime) -> str:
    """Why nobody is seen at a site at a time, in words: a closed day, its hours; empty in an extra session there."""
    day = at.astimezone(site.zone).date()
    closures = Closure.objects.filter(Q(site=site) | Q(site=None), day=day, is_withdrawn=False)
    names = dict(closures.values_list("day", "name"))
    hours: dict[int, list[tuple[time, time]]] = {}
    for one in OpeningHours.objects.filter(site=site, is_current=True).order_by("weekday", "opens"):
        hours.setdefault(one.weekday, []).append((one.opens, one.closes))
    days = SiteDays(site.zone, {weekday: tuple(spans) for weekday, spans in hours.items()}, frozenset(names))
    extra = TemplateException.objects.filter(site=site, is_extra=True, is_withdrawn=False, during__contains=at)
    return "" if extra.exists() else why_closed(days, at, closures=names)


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
