"""The search: every time at which a patient can be seen, soonest first, until enough are found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from mainstay.scheduling.rules.sessions import Absence, Session, SiteDays, Weekly, sessions_on, wall_minute
from mainstay.scheduling.rules.spans import NOTHING_TAKEN, Span, Timeline, free_starts

ANY_DAY = frozenset(range(7))


class Opening(NamedTuple):
    """A time that is free, in minutes since 1970 UTC, with the room and the thing the visit needs, if it needs any."""

    starts: int
    minutes: int
    provider_id: int | None
    site_id: int
    room_id: int | None = None
    equipment_id: int | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What suits: how long, from which day to which, on which weekdays, between which times of the site's day.

    `liked_provider_id` goes first among equal times; `not_before` is the first minute that can still be offered.
    """

    minutes: int
    first_day: date
    last_day: date
    not_before: int
    weekdays: frozenset[int] = ANY_DAY
    earliest: time | None = None
    latest: time | None = None
    liked_provider_id: int | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """All that is known of the days searched.

    `taken` by provider id (None is kept by site in `team_taken`); `rooms` and `equipment` by site, or None when the
    visit needs none.
    """

    weekly: Sequence[Weekly]
    sites: Mapping[int, SiteDays]
    absences: Sequence[Absence] = ()
    extras: Sequence[Session] = ()
    taken: Mapping[int, Sequence[Span]] = field(default_factory=dict)
    team_taken: Mapping[int, Sequence[Span]] = field(default_factory=dict)
    patient_taken: Sequence[Span] = ()
    rooms: Mapping[int, Mapping[int, Sequence[Span]]] | None = None
    equipment: Mapping[int, Mapping[int, Sequence[Span]]] | None = None


def openings(calendar: Calendar, wish: Wish) -> Iterator[Opening]:
    """Every time that suits, day after day, soonest first; found only as far as somebody asks."""
    lines = _Lines(calendar)
    by_weekday: dict[int, list[Weekly]] = defaultdict(list)
    for row in calendar.weekly:
        by_weekday[row.weekday].append(row)
    extras = _by_day(calendar)
    day = wish.first_day
    while day <= wish.last_day:
        if day.weekday() in wish.weekdays:
            found: list[Opening] = []
            for session in (*sessions_on(day, by_weekday[day.weekday()], calendar.sites), *extras.get(day, ())):
                found += _in_session(session, day, lines, wish)
            found.sort(key=lambda o: (o.starts, o.provider_id != wish.liked_provider_id, o.provider_id or 0, o.site_id))
            yield from dict.fromkeys(found)
        day += timedelta(days=1)


def _in_session(session: Session, day: date, lines: _Lines, wish: Wish) -> Iterator[Opening]:
    zone = lines.sites[session.site_id].zone
    low = wall_minute(day, wish.earliest, zone) if wish.earliest else wish.not_before
    high = wall_minute(day, wish.latest, zone) if wish.latest else None
    taken = lines.of(session.provider_id, session.site_id)
    for at in free_starts(session.span, wish.minutes, session.step, taken, max(low, wish.not_before)):
        if high is not None and at >= high:
            return
        end = at + wish.minutes
        if not lines.patient.is_free(at, end):
            continue
        room = _free_one(lines.rooms, session.site_id, at, end)
        thing = _free_one(lines.equipment, session.site_id, at, end)
        if room is not False and thing is not False:
            yield Opening(at, wish.minutes, session.provider_id, session.site_id, room, thing)


Pool = dict[int, dict[int, Timeline]] | None


def _free_one(pool: Pool, site_id: int, start: int, end: int) -> int | None | bool:
    if pool is None:
        return None
    return next((key for key, line in pool.get(site_id, {}).items() if line.is_free(start, end)), False)


class _Lines:
    """The calendar's taken times, ready to be asked."""

    def __init__(self, calendar: Calendar) -> None:
        self.sites = calendar.sites
        self.calendar = calendar
        self.patient = Timeline(calendar.patient_taken)
        self.rooms = _pool(calendar.rooms)
        self.equipment = _pool(calendar.equipment)
        self._known: dict[tuple[int | None, int], Timeline] = {}

    def of(self, provider_id: int | None, site_id: int) -> Timeline:
        key = provider_id, site_id
        if key not in self._known:
            booked = (
                self.calendar.team_taken.get(site_id, ())
                if provider_id is None
                else self.calendar.taken.get(provider_id, ())
            )
            off = [
                a.span for a in self.calendar.absences if a.provider_id == provider_id and a.site_id in (None, site_id)
            ]
            self._known[key] = Timeline([*booked, *off]) if booked or off else NOTHING_TAKEN
        return self._known[key]


def _pool(pool: Mapping[int, Mapping[int, Sequence[Span]]] | None) -> Pool:
    if pool is None:
        return None
    return {site: {key: Timeline(spans) for key, spans in things.items()} for site, things in pool.items()}


def _by_day(calendar: Calendar) -> dict[date, list[Session]]:
    days: dict[date, list[Session]] = defaultdict(list)
    for session in calendar.extras:
        if site := calendar.sites.get(session.site_id):
            days[_day_of(session.span[0], site)].append(session)
    return days


def _day_of(minute: int, site: SiteDays) -> date:
    return datetime.fromtimestamp(minute * 60, tz=site.zone).date()


def first_times(found: Iterable[Opening], count: int = 3) -> list[Opening]:
    """The first times to say to a caller: no two at the same minute."""
    chosen: dict[int, Opening] = {}
    for opening in found:
        chosen.setdefault(opening.starts, opening)
        if len(chosen) == count:
            break
    return list(chosen.values())


def nth_opening(found: Iterable[Opening], n: int) -> Opening | None:
    """The n-th open time; the third is the usual measure of access, because the first is often a cancellation."""
    for count, opening in enumerate(found, start=1):
        if count == n:
            return opening
    return None
