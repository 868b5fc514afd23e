"""From templates, opening hours, closures and extra sessions to the stretches in which patients are seen on a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mainstay.foundation.dates import spell_time
from mainstay.scheduling.rules.spans import Span


@dataclass(frozen=True, slots=True)
class Weekly:
    """One stretch of a template: this weekday (Monday 0), in site time, every so many weeks from the week it began."""

    provider_id: int | None
    site_id: int
    weekday: int
    starts: time
    ends: time
    step: int
    every_weeks: int
    effective: date
    expires: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether patients are seen by this template on a day. `expires` is its last day."""
        if day.weekday() != self.weekday or day < self.effective or (self.expires is not None and day > self.expires):
            return False
        if self.every_weeks <= 1:
            return True
        first_monday = self.effective - timedelta(days=self.effective.weekday())
        return (day - first_monday).days // 7 % self.every_weeks == 0


@dataclass(frozen=True, slots=True)
class SiteDays:
    """When a site is open. A site without any hours is taken to be open whenever a template says so."""

    zone: ZoneInfo
    hours: Mapping[int, tuple[tuple[time, time], ...]] = field(default_factory=dict)
    closed: frozenset[date] = frozenset()


FAR_DAYS = 31
"""How far ahead it is looked when a site opens again."""


@dataclass(frozen=True, slots=True)
class Absence:
    """Time a provider (None: the medical assistants' list) is off, at one site or everywhere (None)."""

    provider_id: int | None
    site_id: int | None
    span: Span


@dataclass(frozen=True, slots=True)
class Session:
    """A stretch in which one provider sees patients at one site; starts are offered every `step` minutes."""

    provider_id: int | None
    site_id: int
    span: Span
    step: int


def wall_minute(day: date, at: time, zone: ZoneInfo) -> int:
    """The minute at which clocks on the wall show a time. One that is skipped counts on; of two, the first."""
    return int(datetime.combine(day, at, tzinfo=zone).timestamp() // 60)


def open_spans(site: SiteDays, day: date) -> tuple[Span, ...] | None:
    """When a site is open on a day; None when nothing is said about its hours."""
    if day in site.closed:
        return ()
    if not site.hours:
        return None
    return tuple(
        (wall_minute(day, a, site.zone), wall_minute(day, b, site.zone)) for a, b in site.hours.get(day.weekday(), ())
    )


def why_closed(site: SiteDays, at: datetime, *, closures: Mapping[date, str]) -> str:
    """Why a site is closed at a time, in words; empty when it is open. `closures` are the names of its closed days."""
    minute, day = int(at.timestamp() // 60), at.astimezone(site.zone).date()
    opened = open_spans(site, day)
    if opened is None or any(start <= minute < end for start, end in opened):
        return ""
    if day in site.closed:
        return f"Closed: {closures[day]}."
    hours = site.hours.get(day.weekday(), ())
    if not hours:
        return f"Closed on {day:%A}s."
    return f"Open only {', '.join(f'{spell_time(opens)} to {spell_time(closes)}' for opens, closes in hours)} that day."


def next_open(site: SiteDays, at: datetime) -> datetime:
    """When a site is next open: `at` itself while it is, where nothing is said of its hours, or none come for weeks."""
    minute, today = int(at.timestamp() // 60), at.astimezone(site.zone).date()
    for ahead in range(FAR_DAYS):
        opened = open_spans(site, today + timedelta(days=ahead))
        if opened is None or any(start <= minute < end for start, end in opened):
            return at
        if later := [start for start, _end in opened if start > minute]:
            return datetime.fromtimestamp(min(later) * 60, tz=at.tzinfo)
    return at


def sessions_on(day: date, weekly: Iterable[Weekly], sites: Mapping[int, SiteDays]) -> Iterator[Session]:
    """The sessions of a day: what templates say, cut to when the site is open."""
    opened: dict[int, tuple[Span, ...] | None] = {}
    for row in weekly:
        if not row.holds_on(day) or row.site_id not in sites:
            continue
        site = sites[row.site_id]
        if row.site_id not in opened:
            opened[row.site_id] = open_spans(site, day)
        span = wall_minute(day, row.starts, site.zone), wall_minute(day, row.ends, site.zone)
        is_open = opened[row.site_id]
        for part in (span,) if is_open is None else _within(span, is_open, row.step):
            if part[0] < part[1]:
                yield Session(row.provider_id, row.site_id, part, row.step)


def _within(span: Span, parts: tuple[Span, ...], step: int) -> Iterator[Span]:
    for opens, closes in parts:
        late = max(0, opens - span[0])
        yield span[0] + -(-late // step) * step, min(span[1], closes)
