"""The clocks of bands, in a site's own open hours."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mainstay.practice.models import Closure, OpeningHours, Site
from mainstay.work.lifecycle import Band
from mainstay.work.rules import WEEKDAYS_EIGHT_TO_FIVE, OpenHours, band_clocks, due_at, read_clock

LOOK_AHEAD = timedelta(days=30)
LOOK_BACK = timedelta(days=60)
NO_SITE_ZONE = ZoneInfo("America/New_York")


def open_hours_of(site: Site | None, *, on: date) -> OpenHours:
    """A site's open hours with its closures around a day; weekdays eight to five where nothing is set."""
    if site is None:
        return WEEKDAYS_EIGHT_TO_FIVE
    rows = list(OpeningHours.objects.filter(site=site, is_current=True))
    if not rows:
        return WEEKDAYS_EIGHT_TO_FIVE
    weekly = {day: tuple((r.opens, r.closes) for r in rows if r.weekday == day) for day in range(7)}
    closed = Closure.objects.filter(is_withdrawn=False, day__gte=on - LOOK_BACK, day__lte=on + LOOK_AHEAD)
    days = {c.day for c in closed if c.site_id in (None, site.pk)}
    return OpenHours({day: spans for day, spans in weekly.items() if spans}, holidays=frozenset(days))


def due_for_band(band: Band, site: Site | None, *, at: datetime) -> datetime:
    """When something of this band is due at a site, received now."""
    return due_for_clock(str(band_clocks()[band].clock), site, at=at)


def due_for_clock(clock: str, site: Site | None, *, at: datetime) -> datetime:
    """When something with this clock (`2 business days`) is due at a site, received now."""
    zone = site.zone if site else NO_SITE_ZONE
    return due_at(at, read_clock(clock), open_hours_of(site, on=at.astimezone(zone).date()), zone)


class Calendars:
    """The open hours of sites, each read once."""

    def __init__(self, *, at: datetime) -> None:
        self._at = at
        self._known: dict[int | None, tuple[OpenHours, ZoneInfo]] = {}

    def of(self, site: Site | None) -> tuple[OpenHours, ZoneInfo]:
        """The open hours and the zone of a site."""
        key = site.pk if site else None
        if key not in self._known:
            zone = site.zone if site else NO_SITE_ZONE
            self._known[key] = open_hours_of(site, on=self._at.astimezone(zone).date()), zone
        return self._known[key]


def spell_left(due: datetime, now: datetime) -> str:
    """How long is left, or how long something is overdue, in words."""
    late = due <= now
    minutes = int(abs((due - now).total_seconds()) // 60)
    if minutes < 60:
        words = _("%(n)d min") % {"n": minutes}
    elif minutes < 60 * 48:
        words = _("%(h)d h %(m)02d") % {"h": minutes // 60, "m": minutes % 60}
    else:
        days = minutes // (60 * 24)
        words = ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    return (_("overdue %(t)s") if late else _("%(t)s left")) % {"t": words}
