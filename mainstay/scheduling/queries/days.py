"""The schedule as people look at it: a day, a week, the rooms and things of a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q, QuerySet
from django.urls import reverse

from mainstay.foundation.actor import Actor
from mainstay.foundation.clock import site_day
from mainstay.foundation.components import day as grids
from mainstay.foundation.dates import spell_date, spell_time
from mainstay.practice.models import Closure, Equipment, Room, Site
from mainstay.scheduling.models import Appointment, Template, TemplateException
from mainstay.scheduling.permissions import SEE
from mainstay.scheduling.rules import Session, SiteDays, Weekly, sessions_on
from mainstay.workforce.models import Staff

EARLIEST, LATEST = time(8), time(17)
STATES = {"booked": "booked", "kept": "done", "no_show": "off", "cancelled": "off"}


@dataclass(frozen=True)
class ScheduleView:
    """A grid, and what there is to say when it is empty: closures, and how many are booked."""

    grid: grids.DayGrid
    booked: int
    closed: str = ""
    is_empty: bool = False


@dataclass
class _Column:
    label: str
    small: str
    url: str = ""
    appointments: list[Appointment] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    off: list[TemplateException] = field(default_factory=list)
    days_on: int = 0
    """Days after the first of the grid, in the view of a week."""


def day_view(actor: Actor, site: Site, day: date) -> ScheduleView:
    """A site's day: a column for each provider who sees patients then, and one for the medical assistants."""
    actor.may(SEE).or_raise()
    booked = list(_booked(site, *site_day(day, site.zone)))
    sessions = _sessions(site, [day])[day]
    off = _off(site_day(day, site.zone))
    who = {a.provider_id for a in booked} | {s.provider_id for s in sessions}
    staff = Staff.objects.filter(pk__in=[w for w in who if w]).order_by("family_name", "given_name", "pk")
    columns = [
        _column(p.pk, p.shown_name, reverse("schedule-week", args=[p.public_id]), booked, sessions, off) for p in staff
    ]
    if None in who:
        columns.append(_column(None, "Medical assistants", "", booked, sessions, off))
    closed = Closure.objects.filter(Q(site=site) | Q(site=None), day=day, is_withdrawn=False).first()
    label = f"{site.name}, {spell_date(day)}"
    on = [a for a in booked if a.state in ("booked", "kept")]
    return ScheduleView(
        _grid(label, site, day, columns, actor.now), len(on), closed.name if closed else "", not columns
    )


def _column(
    who: int | None,
    label: str,
    url: str,
    booked: list[Appointment],
    sessions: list[Session],
    off: list[TemplateException],
) -> _Column:
    mine = [a for a in booked if a.provider_id == who]
    return _Column(
        label=label,
        small=_count(mine),
        url=url,
        appointments=mine,
        sessions=[s for s in sessions if s.provider_id == who],
        off=[e for e in off if e.provider_id == who],
    )


def _count(booked: Sequence[Appointment]) -> str:
    on = sum(a.state in ("booked", "kept") for a in booked)
    return f"{on} booked" if on else "nobody booked"


def week_view(actor: Actor, provider: Staff, site: Site, monday: date) -> ScheduleView:
    """One provider's week at every site, a column for each day, in the zone of one site."""
    actor.may(SEE).or_raise()
    days = [monday + timedelta(days=n) for n in range(7)]
    start, end = site_day(days[0], site.zone)[0], site_day(days[-1], site.zone)[1]
    booked = list(_appointments(start, end).filter(provider=provider))
    sessions = _sessions(None, days, provider)
    off = [e for e in _off((start, end)) if e.provider_id == provider.pk]
    columns = []
    for day in days:
        opens, closes = site_day(day, site.zone)
        mine = [a for a in booked if opens <= a.during.lower < closes]
        if mine or sessions[day] or day.weekday() < 5:
            that = reverse("schedule") + f"?day={day}&site={site.pk}"
            columns.append(
                _Column(
                    f"{day:%a} {day.day} {day:%b}", _count(mine), that, mine, sessions[day], off, (day - monday).days
                )
            )
    first = _grid(
        f"{provider.shown_name}, week of {spell_date(monday)}", site, days[0], columns, actor.now, per_day=True
    )
    return ScheduleView(first, sum(a.state in ("booked", "kept") for a in booked))


def _spelled(kind: str) -> str:
    words = kind.replace("_", " ")
    return words.upper() if len(words) < 4 else words.capitalize()


def resource_view(actor: Actor, site: Site, day: date) -> ScheduleView:
    """The rooms and things of a site that are booked as such, a column for each."""
    actor.may(SEE).or_raise()
    booked = [a for a in _booked(site, *site_day(day, site.zone)) if a.state in ("booked", "kept")]
    columns = []
    for room in Room.objects.filter(site=site, is_in_use=True).exclude(kind__in=("exam", "consult")):
        mine = [a for a in booked if a.room_id == room.pk]
        columns.append(_Column(room.name, room.get_kind_display(), "", mine))
    for thing in Equipment.objects.filter(site=site, is_in_use=True).order_by("name"):
        columns.append(_Column(thing.name, _spelled(thing.kind), "", [a for a in booked if a.equipment_id == thing.pk]))
    taken = sum(len(c.appointments) for c in columns)
    return ScheduleView(
        _grid(f"Rooms and equipment, {site.name}, {spell_date(day)}", site, day, columns, actor.now),
        taken,
        is_empty=not columns,
    )


def day_sheet(actor: Actor, site: Site, day: date) -> Sequence[Appointment]:
    """The day as a list to print: everybody who is booked, by time."""
    actor.may(SEE).or_raise()
    return [a for a in _booked(site, *site_day(day, site.zone)) if a.state in ("booked", "kept")]


def _appointments(start: datetime, end: datetime) -> QuerySet[Appointment]:
    rows = Appointment.objects.filter(during__overlap=DateTimeTZRange(start, end)).exclude(state="cancelled")
    return rows.select_related("patient", "provider", "visit_type", "site").order_by("during", "pk")


def _booked(site: Site, start: datetime, end: datetime) -> QuerySet[Appointment]:
    return _appointments(start, end).filter(site=site)


def _off(between: tuple[datetime, datetime]) -> list[TemplateException]:
    rows = TemplateException.objects.filter(is_withdrawn=False, during__overlap=DateTimeTZRange(*between))
    return list(rows.select_related("site"))


def _sessions(site: Site | None, days: Sequence[date], provider: Staff | None = None) -> dict[date, list[Session]]:
    rows = Template.objects.filter(weekday__in=[d.weekday() for d in days], effective__lte=days[-1])
    rows = rows.filter(Q(expires=None) | Q(expires__gte=days[0])).select_related("site")
    rows = rows.filter(provider=provider) if provider else rows.filter(site=site)
    weekly, sites = [], {}
    for row in rows:
        sites[row.site_id] = SiteDays(row.site.zone)
        weekly.append(
            Weekly(
                row.provider_id, row.site_id, row.weekday, row.starts, row.ends, row.slot_minutes, row.every_weeks,
                row.effective, row.expires,
            )
        )  # fmt: skip
    closed = set(
        Closure.objects.filter(Q(site=site) | Q(site=None), day__in=days, is_withdrawn=False).values_list(
            "day", flat=True
        )
    )
    return {day: [] if day in closed else list(sessions_on(day, weekly, sites)) for day in days}


def _grid(
    label: str, site: Site, day: date, columns: Sequence[_Column], now: datetime, *, per_day: bool = False
) -> grids.DayGrid:
    opens, closes = _span(site, day, columns, per_day=per_day)
    lanes = []
    for column in columns:
        shift = timedelta(days=column.days_on)
        lanes.append(
            grids.Lane(column.label, column.small, tuple(_blocks(column, site, opens, closes, shift)), column.url)
        )
    shown = opens - timedelta(days=1) if per_day else now.astimezone(site.zone)
    return grids.grid(label, lanes, opens, closes, shown)


def _span(site: Site, day: date, columns: Iterable[_Column], *, per_day: bool) -> tuple[datetime, datetime]:
    """From the first to the last minute anybody is seen, in whole hours; of a week, as if all were one day."""
    low, high = EARLIEST, LATEST
    for column in columns:
        ends = [(a.during.lower, a.during.upper) for a in column.appointments]
        ends += [(_moment(s.span[0]), _moment(s.span[1])) for s in column.sessions]
        for start, end in ends:
            first, last = start.astimezone(site.zone), end.astimezone(site.zone)
            low = min(low, first.time())
            high = max(high, last.time() if last.date() == first.date() else time(23, 55))
    return grids.whole_hours(
        datetime.combine(day, low, tzinfo=site.zone), datetime.combine(day, high, tzinfo=site.zone)
    )


def _moment(minute: int) -> datetime:
    return datetime.fromtimestamp(minute * 60, tz=UTC)


def _blocks(column: _Column, site: Site, opens: datetime, closes: datetime, shift: timedelta) -> list[grids.Block]:
    opens, closes = opens + shift, closes + shift
    blocks = []
    for session in column.sessions:
        start, end = (_moment(m).astimezone(site.zone) for m in session.span)
        at, span = grids.place(start, end, opens)
        blocks.append(
            grids.Block(
                at, span, "", kind="free", spoken=f"Open from {spell_time(start.time())} to {spell_time(end.time())}"
            )
        )
    for off in column.off:
        start, end = max(off.during.lower, opens.astimezone(UTC)), min(off.during.upper, closes.astimezone(UTC))
        if start < end and not off.is_extra:
            at, span = grids.place(start.astimezone(site.zone), end.astimezone(site.zone), opens)
            blocks.append(grids.Block(at, span, f"Off: {off.reason}", kind="closed"))
    placed = [
        grids.place(a.during.lower.astimezone(site.zone), a.during.upper.astimezone(site.zone), opens)
        for a in column.appointments
    ]
    lanes = grids.side_by_side(placed)
    for appointment, (at, span), (lane, of) in zip(column.appointments, placed, lanes, strict=True):
        blocks.append(_block(appointment, site, at, span, lane, of))
    return blocks


def _block(appointment: Appointment, site: Site, at: int, span: int, lane: int, lanes: int) -> grids.Block:
    start = appointment.during.lower.astimezone(site.zone)
    signals = []
    if appointment.over_book_reason:
        signals.append(grids.Signal("confirm", "Over-booked"))
    if appointment.confirmed_at:
        signals.append(grids.Signal("fine", "Confirmed"))
    if appointment.state == "no_show":
        signals.append(grids.Signal("stop", "Did not come"))
    return grids.Block(
        at,
        span,
        f"{spell_time(start.time())[:-3]} {appointment.patient.called_name}",
        small=appointment.visit_type.name,
        kind=STATES[appointment.state],
        url=reverse("appointment", args=[appointment.public_id]),
        lane=lane,
        lanes=lanes,
        signals=tuple(signals),
    )
