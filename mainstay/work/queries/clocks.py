"""The clocks of bands, in a site's own open hours."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from mainstay.practice.models import Closure, OpeningHours, Site
from mainstay.work.lifecycle import Band
from mainstay.work.rules import WEEKDAYS_EIGHT_TO_FIVE, OpenHours, band_clocks, due_at

LOOK_AHEAD = timedelta(days=30)


def open_hours_of(site: Site | None, *, on: date) -> OpenHours:
    """A site's open hours with its closures of the next month; weekdays eight to five where nothing is set."""
    if site is None:
        return WEEKDAYS_EIGHT_TO_FIVE
    rows = list(OpeningHours.objects.filter(site=site, is_current=True))
    if not rows:
        return WEEKDAYS_EIGHT_TO_FIVE
    weekly = {day: tuple((r.opens, r.closes) for r in rows if r.weekday == day) for day in range(7)}
    closed = Closure.objects.filter(is_withdrawn=False, day__gte=on, day__lte=on + LOOK_AHEAD)
    days = {c.day for c in closed if c.site_id in (None, site.pk)}
    return OpenHours({day: spans for day, spans in weekly.items() if spans}, holidays=frozenset(days))


def due_for_band(band: Band, site: Site | None, *, at: datetime) -> datetime:
    """When something of this band is due at a site, received now."""
    zone = site.zone if site else ZoneInfo("America/New_York")
    return due_at(at, band_clocks()[band].clock, open_hours_of(site, on=at.astimezone(zone).date()), zone)
