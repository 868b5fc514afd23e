"""The calendar a search needs, read in four statements whatever the size of the practice, the first weeks first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from psycopg.types.range import Range

from mainstay.people.models import Patient
from mainstay.practice.models import Equipment, Room, RoomKind, Site, VisitType
from mainstay.practice.queries import open_sites
from mainstay.scheduling import rules
from mainstay.scheduling.models import WaitListEntry
from mainstay.workforce.models import Staff

HORIZON_DAYS = 90
FIRST_LOOK = 21
"""Days whose calendar is read first: the first times that suit are nearly always among them."""
ROOMS_NOT_BOOKED = frozenset({RoomKind.EXAM, RoomKind.CONSULT})
"""Kinds of room given out on the day by the board; a visit that needs another kind books the room itself."""

TEMPLATES = """
SELECT t.provider_id, t.site_id, t.weekday, t.starts, t.ends, t.slot_minutes, t.every_weeks, t.effective, t.expires,
    s.zone_name
FROM scheduling_template t JOIN practice_site s ON s.id = t.site_id
WHERE s.is_open AND (t.expires IS NULL OR t.expires >= %(first)s) AND t.effective <= %(last)s
    AND {who} AND (%(sites)s::bigint[] IS NULL OR t.site_id = ANY(%(sites)s::bigint[]))
    AND (NOT EXISTS (SELECT FROM scheduling_template_visit_types v WHERE v.template_id = t.id)
        OR EXISTS (SELECT FROM scheduling_template_visit_types v
            WHERE v.template_id = t.id AND v.visittype_id = %(type)s))
"""

WITH_PROVIDER = """t.provider_id IS NOT NULL
    AND (%(wanted)s::bigint[] IS NULL OR t.provider_id = ANY(%(wanted)s::bigint[]))"""

EXCEPTIONS = """
SELECT 'hours', NULL::bigint, site_id, weekday, opens, closes, NULL::date, NULL::int, NULL::int
    FROM practice_openinghours WHERE is_current
UNION ALL SELECT 'closed', NULL, site_id, NULL, NULL, NULL, day, NULL, NULL
    FROM practice_closure WHERE NOT is_withdrawn AND day BETWEEN %(first)s AND %(last)s
UNION ALL SELECT CASE WHEN is_extra THEN 'extra' ELSE 'off' END, provider_id, site_id, NULL, NULL, NULL, NULL,
        floor(extract(epoch FROM lower(during)) / 60)::int, ceil(extract(epoch FROM upper(during)) / 60)::int
    FROM scheduling_templateexception t WHERE NOT is_withdrawn AND during && %(during)s AND {who}
"""

TAKEN = """
SELECT kind, id, array_agg(floor(extract(epoch FROM lower(r)) / 60)::int ORDER BY lower(r)),
    array_agg(ceil(extract(epoch FROM upper(r)) / 60)::int ORDER BY lower(r))
FROM (
    SELECT 'provider' AS kind, p.id, mine.r FROM unnest(%(providers)s::bigint[]) AS p (id)
        CROSS JOIN LATERAL (SELECT unnest(range_agg(during)) AS r FROM scheduling_appointment
            WHERE provider_id = p.id AND during && %(during)s AND state IN ('booked', 'kept')
                AND over_book_reason = '') AS mine
    UNION ALL SELECT 'provider', provider_id, during FROM scheduling_appointment
        WHERE provider_id = ANY(%(providers)s::bigint[]) AND during && %(during)s AND state IN ('booked', 'kept')
            AND over_book_reason <> ''
    UNION ALL SELECT 'team', site_id, during FROM scheduling_appointment
        WHERE %(team)s AND provider_id IS NULL AND site_id = ANY(%(places)s::bigint[]) AND during && %(during)s
            AND state IN ('booked', 'kept')
    UNION ALL SELECT CASE WHEN provider_id IS NULL THEN 'team' ELSE 'provider' END,
            coalesce(provider_id, site_id), during
        FROM scheduling_slotoffer WHERE answer = '' AND runs_out_at > %(now)s AND during && %(during)s
            AND entry_id IS DISTINCT FROM %(entry)s
    UNION ALL SELECT 'patient', patient_id, during FROM scheduling_appointment
        WHERE patient_id = %(patient)s AND during && %(during)s AND state IN ('booked', 'kept')
            AND id IS DISTINCT FROM %(moving)s
) AS busy GROUP BY kind, id
"""

THINGS = """
SELECT 'room', r.id, r.site_id, floor(extract(epoch FROM lower(a.during)) / 60)::int,
        ceil(extract(epoch FROM upper(a.during)) / 60)::int
    FROM practice_room r LEFT JOIN scheduling_appointment a ON a.room_id = r.id AND a.state IN ('booked', 'kept')
        AND a.during && %(during)s
    WHERE r.is_in_use AND r.kind = %(room_kind)s AND r.site_id = ANY(%(places)s::bigint[])
UNION ALL SELECT 'equipment', e.id, e.site_id, floor(extract(epoch FROM lower(a.during)) / 60)::int,
        ceil(extract(epoch FROM upper(a.during)) / 60)::int
    FROM practice_equipment e LEFT JOIN scheduling_appointment a ON a.equipment_id = e.id
        AND a.state IN ('booked', 'kept') AND a.during && %(during)s
    WHERE e.is_in_use AND e.kind = %(equipment_kind)s AND e.site_id = ANY(%(places)s::bigint[])
"""


@dataclass(frozen=True)
class Search:
    """What somebody looks for. Empty providers or sites mean any; `first_day` is a day of the asker's site.

    `moving` is the appointment that would be given up, `entry` the wait-list entry whose own held time counts as free.
    """

    visit_type: VisitType
    now: datetime
    first_day: date
    days: int = HORIZON_DAYS
    patient: Patient | None = None
    providers: Sequence[int] = ()
    sites: Sequence[int] = ()
    weekdays: frozenset[int] = field(default_factory=lambda: frozenset(range(7)))
    earliest: time | None = None
    latest: time | None = None
    moving: int | None = None
    entry: WaitListEntry | None = None

    @property
    def last_day(self) -> date:
        """The last day looked at."""
        return self.first_day + timedelta(days=max(1, min(self.days, 400)) - 1)

    def wish(self) -> rules.Wish:
        """The same, as the rules want it."""
        return rules.Wish(
            minutes=self.visit_type.minutes,
            first_day=self.first_day,
            last_day=self.last_day,
            not_before=-int(-self.now.timestamp() // 60),
            weekdays=self.weekdays,
            earliest=self.earliest,
            latest=self.latest,
            liked_provider_id=self.patient.usual_provider_id if self.patient else None,
        )


def openings(search: Search) -> Iterator[rules.Opening]:
    """The free times that suit, soonest first, read as far as somebody asks: the first weeks, then the rest."""
    for look in _looks(search):
        yield from rules.openings(calendar_for(look), look.wish())


def _looks(search: Search) -> Iterator[Search]:
    later = search.first_day + timedelta(days=FIRST_LOOK)
    rest = (search.last_day - later).days + 1
    if rest <= 0:
        yield search
        return
    yield replace(search, days=FIRST_LOOK)
    yield replace(search, first_day=later, days=rest)


def calendar_for(search: Search) -> rules.Calendar:
    """Everything known of the days of a search: templates, hours, closures, time off, and what is taken."""
    visit_type = search.visit_type
    given: dict[str, Any] = {
        "first": search.first_day,
        "last": search.last_day,
        "during": _during(search),
        "now": search.now,
        "type": visit_type.pk,
        "sites": list(search.sites) or None,
        "wanted": list(search.providers) or None,
        "team": not visit_type.is_with_provider,
        "patient": search.patient.pk if search.patient else None,
        "moving": search.moving,
        "entry": search.entry.pk if search.entry else None,
        "room_kind": visit_type.room_kind,
        "equipment_kind": visit_type.equipment_kind,
    }
    who = WITH_PROVIDER if visit_type.is_with_provider else "t.provider_id IS NULL"
    with connection.cursor() as cursor:
        weekly, zones = _weekly(cursor, TEMPLATES.format(who=who), given)
        exceptions = _exceptions(cursor, EXCEPTIONS.format(who=who), given, zones)
        given["places"] = sorted(exceptions.sites)
        seen = {w.provider_id for w in weekly} | {e.provider_id for e in exceptions.extras}
        given["providers"] = sorted(p for p in seen if p is not None)
        taken = _taken(cursor, given)
        rooms, equipment = _things(cursor, given, visit_type)
    return rules.Calendar(
        weekly=weekly,
        sites=exceptions.sites,
        absences=exceptions.absences,
        extras=exceptions.extras,
        taken={key: spans for (kind, key), spans in taken.items() if kind == "provider"},
        team_taken={key: spans for (kind, key), spans in taken.items() if kind == "team"},
        patient_taken=[s for (kind, _), spans in taken.items() if kind == "patient" for s in spans],
        rooms=rooms,
        equipment=equipment,
    )


def _during(search: Search) -> Range[datetime]:
    first = datetime.combine(search.first_day, time(), tzinfo=UTC) - timedelta(days=1)
    return Range(first, datetime.combine(search.last_day, time(), tzinfo=UTC) + timedelta(days=2))


def _weekly(cursor: Any, statement: str, given: dict[str, Any]) -> tuple[list[rules.Weekly], dict[int, str]]:
    cursor.execute(statement, given)
    rows = cursor.fetchall()
    return [rules.Weekly(*row[:9]) for row in rows], {row[1]: row[9] for row in rows}


@dataclass(frozen=True)
class _Exceptions:
    sites: dict[int, rules.SiteDays]
    absences: list[rules.Absence]
    extras: list[rules.Session]


def _exceptions(cursor: Any, statement: str, given: dict[str, Any], zones: dict[int, str]) -> _Exceptions:
    cursor.execute(statement, given)
    hours: dict[int, dict[int, list[tuple[time, time]]]] = defaultdict(lambda: defaultdict(list))
    closed: dict[int | None, set[date]] = defaultdict(set)
    absences, extras = [], []
    for kind, provider, site, weekday, opens, closes, day, start, end in cursor.fetchall():
        if kind == "hours":
            hours[site][weekday].append((opens, closes))
        elif kind == "closed":
            closed[site].add(day)
        elif kind == "off":
            absences.append(rules.Absence(provider, site, (start, end)))
        elif site is not None and (given["sites"] is None or site in given["sites"]):
            extras.append(rules.Session(provider, site, (start, end), EXTRA_STEP))
    unknown = {e.site_id for e in extras} - set(zones)
    if unknown:
        zones = zones | dict(Site.objects.filter(pk__in=unknown).values_list("pk", "zone_name"))
    sites = {
        site: rules.SiteDays(
            ZoneInfo(zone),
            {weekday: tuple(sorted(spans)) for weekday, spans in hours[site].items()} if site in hours else {},
            frozenset(closed[site] | closed[None]),
        )
        for site, zone in zones.items()
    }
    return _Exceptions(sites, absences, extras)


EXTRA_STEP = 10
"""Minutes between the starts offered in an extra session."""


def _taken(cursor: Any, given: dict[str, Any]) -> dict[tuple[str, int], list[rules.Span]]:
    cursor.execute(TAKEN, given)
    return {(kind, key): list(zip(low, high, strict=True)) for kind, key, low, high in cursor.fetchall()}


Pool = dict[int, dict[int, list[rules.Span]]] | None


def _things(cursor: Any, given: dict[str, Any], visit_type: VisitType) -> tuple[Pool, Pool]:
    needs_room = visit_type.room_kind not in ROOMS_NOT_BOOKED and not visit_type.is_telehealth
    needs_thing = bool(visit_type.equipment_kind)
    if not (needs_room or needs_thing):
        return None, None
    cursor.execute(THINGS, given)
    found: dict[str, dict[int, dict[int, list[rules.Span]]]] = {"room": {}, "equipment": {}}
    for kind, key, site, start, end in cursor.fetchall():
        spans = found[kind].setdefault(site, {}).setdefault(key, [])
        if start is not None:
            spans.append((start, end))
    return (found["room"] if needs_room else None), (found["equipment"] if needs_thing else None)


@dataclass(frozen=True)
class OpenTime:
    """An opening with the people and places named: what is said to the caller and booked."""

    opening: rules.Opening
    site: Site
    provider: Staff | None
    room: Room | None
    equipment: Equipment | None

    @property
    def starts(self) -> datetime:
        """When it begins, in the site's own zone."""
        return datetime.fromtimestamp(self.opening.starts * 60, tz=self.site.zone)

    @property
    def key(self) -> str:
        """How a form names it: `starts.provider.site.room.equipment`, 0 for none."""
        o = self.opening
        return ".".join(str(part or 0) for part in (o.starts, o.provider_id, o.site_id, o.room_id, o.equipment_id))


def named(found: Sequence[rules.Opening]) -> list[OpenTime]:
    """Openings with their people and places, in at most four more statements."""
    sites = {site.pk: site for site in open_sites()}
    staff = Staff.objects.in_bulk({o.provider_id for o in found if o.provider_id})
    rooms = Room.objects.in_bulk({o.room_id for o in found if o.room_id})
    things = Equipment.objects.in_bulk({o.equipment_id for o in found if o.equipment_id})
    return [
        OpenTime(o, sites[o.site_id], staff.get(o.provider_id), rooms.get(o.room_id), things.get(o.equipment_id))
        for o in found
    ]


def first_times_that_suit(search: Search, *, count: int = 3) -> list[OpenTime]:
    """The first times that suit, no two at the same minute."""
    return named(rules.first_times(openings(search), count))


@dataclass(frozen=True)
class Access:
    """How soon somebody can be seen: days to the next and to the third next open time, None when beyond the horizon."""

    provider: Staff
    next_days: int | None
    third_days: int | None


def access_of(providers: Sequence[Staff], visit_type: VisitType, *, now: datetime, today: date) -> list[Access]:
    """The usual measure of access for each provider, in four statements for all of them together."""
    keys = [p.pk for p in providers]
    search = Search(visit_type=visit_type, now=now, first_day=today, providers=keys)
    calendar = calendar_for(search) if keys else None
    open_days: dict[int | None, list[date]] = {key: [] for key in keys}
    waiting = set(keys)
    for opening in rules.openings(calendar, search.wish()) if calendar else ():
        days = open_days[opening.provider_id]
        if len(days) < 3 and calendar:
            zone = calendar.sites[opening.site_id].zone
            days.append(datetime.fromtimestamp(opening.starts * 60, tz=zone).date())
            if len(days) == 3:
                waiting.discard(opening.provider_id)
                if not waiting:
                    break
    return [
        Access(p, *((open_days[p.pk][n] - today).days if len(open_days[p.pk]) > n else None for n in (0, 2)))
        for p in providers
    ]
