"""Who is booked at what is about to close: a site, a day, a room, a thing, somebody's sessions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q, QuerySet

from mainstay.foundation.actor import Actor
from mainstay.foundation.clock import site_day
from mainstay.foundation.dates import spell_date, spell_time
from mainstay.practice.models import Closure, OpeningHours, Site
from mainstay.practice.queries import Closing, weekly_of
from mainstay.practice.queries import Weekly as HoursOfWeek
from mainstay.scheduling.models import Appointment, Template, TemplateException
from mainstay.scheduling.permissions import SEE
from mainstay.scheduling.rules import SiteDays, Weekly, why_closed
from mainstay.workforce.models import Staff


def booked_at(closings: Iterable[Closing], *, now: datetime) -> list[Appointment]:
    """The visits booked from now on at what closes, each once; an extra session is held on a closed day too."""
    found: dict[int, Appointment] = {}
    for closing in closings:
        rows = list(_booked(now).filter(_where(closing)))
        if closing.hours is not None:
            rows = [row for row in rows if _is_open(closing.before, row) and not _is_open(closing.hours, row)]
        if (closing.day is not None or closing.hours is not None) and rows:
            rows = _outside_extra_sessions(rows)
        found |= {row.pk: row for row in rows}
    return sorted(found.values(), key=lambda row: (row.during.lower, row.pk))


def booked_while_off(
    *, provider: Staff | None, site: Site | None, during: DateTimeTZRange, now: datetime
) -> list[Appointment]:
    """The visits booked with somebody (None: the medical assistants) in a time off, at one site or everywhere."""
    rows = _booked(now).filter(provider=provider, during__overlap=during)
    return list(rows.filter(site=site) if site is not None else rows)


def booked_after(template: Template, *, last_day: date, now: datetime) -> list[Appointment]:
    """The visits booked in a stretch of the week after the last day it holds."""
    ends = datetime.combine(last_day, time.max, tzinfo=template.site.zone)
    rows = _booked(now).filter(provider=template.provider, site=template.site, during__startswith__gt=ends)
    return [row for row in rows if _is_in(template, row)]


def ahead_at(closing: Closing, *, now: datetime) -> list[Appointment]:
    """The visits not over yet at what was closed, moved and called off ones too."""
    rows = list(_ahead(now).filter(_where(closing)))
    if closing.hours is not None:
        return [row for row in rows if _is_open(closing.hours, row) and not _is_open(closing.before, row)]
    return rows


def ahead_with(
    *, provider: Staff | None, site: Site | None, during: DateTimeTZRange, now: datetime
) -> list[Appointment]:
    """The visits not over yet with somebody (None: the medical assistants) in a stretch, at one site or everywhere."""
    rows = _ahead(now).filter(provider=provider, during__overlap=during)
    return list(rows.filter(site=site) if site is not None else rows)


def ahead_in(template: Template, *, now: datetime) -> list[Appointment]:
    """The visits not over yet that a stretch of the week holds."""
    rows = _ahead(now).filter(provider=template.provider, site=template.site)
    return [row for row in rows if _holds(template, row)]


def why_stranded(appointments: Sequence[Appointment]) -> dict[int, str]:
    """Why visits cannot take place where and when they are booked, in words, by their number; others are left out.

    Outside of its site's hours a visit is stranded, though it may have been over-booked there on purpose.
    A session that was ended strands what was booked while it still held; of an over-booking beyond the last day of a
    session, nobody can tell whether that was meant, so it counts as stranded.
    """
    if not appointments:
        return {}
    found = _Closed.around(appointments)
    return {row.pk: why for row in appointments if (why := found.why(row))}


@dataclass(frozen=True, slots=True)
class _Closed:
    """All that keeps some visits from taking place."""

    days: Mapping[tuple[int | None, date], str]
    extra: Sequence[TemplateException]
    off: Sequence[TemplateException]
    sessions: Sequence[tuple[Template, frozenset[int]]]
    hours: Mapping[int, Sequence[OpeningHours]]

    @classmethod
    def around(cls, rows: Sequence[Appointment]) -> _Closed:
        whole = DateTimeTZRange(min(row.during.lower for row in rows), max(row.during.upper for row in rows))
        days = {local_day(row) for row in rows}
        closures = Closure.objects.filter(day__in=days, is_withdrawn=False).values_list("site_id", "day", "name")
        exceptions = list(TemplateException.objects.filter(is_withdrawn=False, during__overlap=whole))
        templates = Template.objects.filter(site__in={row.site_id for row in rows}).prefetch_related("visit_types")
        hours: dict[int, list[OpeningHours]] = {}
        for one in OpeningHours.objects.filter(site__in={row.site_id for row in rows}, is_current=True):
            hours.setdefault(one.site_id, []).append(one)
        return cls(
            hours=hours,
            days={(site, day): name for site, day, name in closures},
            extra=[one for one in exceptions if one.is_extra],
            off=[one for one in exceptions if not one.is_extra],
            sessions=[(one, frozenset(kind.pk for kind in one.visit_types.all())) for one in templates],
        )

    def why(self, row: Appointment) -> str:
        if not row.site.is_open:
            return f"{row.site.name} is shut"
        for thing in (row.room, row.equipment):
            if thing is not None and not thing.is_in_use:
                return f"{thing.name} is out of use"
        if row.provider is not None and not row.provider.is_active:
            return f"{row.provider.shown_name} does not work here any more"
        for one in self.off:
            if _is_theirs(one, row) and one.during.lower < row.during.upper and row.during.lower < one.during.upper:
                return f"{row.provider.shown_name if row.provider else 'the medical assistants'} off, {one.reason}"
        if any(one.site_id and _is_theirs(one, row) and row.during.lower in one.during for one in self.extra):
            return ""
        day = local_day(row)
        if closed := self.days.get((row.site_id, day)) or self.days.get((None, day)):
            return f"closed on {spell_date(day)}, {closed}"
        if words := _why_not_open(weekly_of(self.hours.get(row.site_id, ())), row):
            return words[:1].lower() + words[1:].rstrip(".")
        return "the session ended" if self._has_no_session(row, day) else ""

    def _has_no_session(self, row: Appointment, day: date) -> bool:
        theirs = [pair for pair in self.sessions if pair[0].provider_id == row.provider_id]
        theirs = [pair for pair in theirs if pair[0].site_id == row.site_id]
        if any(_holds(one, row) and (not kinds or row.visit_type_id in kinds) for one, kinds in theirs):
            return False
        booked_on = row.booked_at.astimezone(row.site.zone).date()
        ended = [one for one, _kinds in theirs if one.expires is not None and booked_on <= one.expires < day]
        return any(_is_in(one, row) for one in ended)


def local_day(appointment: Appointment) -> date:
    """The day of a visit at its site."""
    return appointment.during.lower.astimezone(appointment.site.zone).date()


def _is_open(hours: HoursOfWeek | None, row: Appointment) -> bool:
    return not _why_not_open(hours or {}, row)


def _why_not_open(hours: HoursOfWeek, row: Appointment) -> str:
    days = SiteDays(row.site.zone, {weekday: tuple(spans) for weekday, spans in hours.items()})
    return why_closed(days, row.during.lower, closures={})


def _is_theirs(exception: TemplateException, row: Appointment) -> bool:
    return exception.provider_id == row.provider_id and exception.site_id in (None, row.site_id)


def _holds(template: Template, row: Appointment) -> bool:
    weekly = Weekly(
        template.provider_id, template.site_id, template.weekday, template.starts, template.ends,
        template.slot_minutes, template.every_weeks, template.effective, template.expires,
    )  # fmt: skip
    return _is_in(template, row) and weekly.holds_on(local_day(row))


def booked_at_in_words(actor: Actor, closings: Sequence[Closing]) -> Sequence[str]:
    """The visits booked at what closes, as they are said to who closes it."""
    return in_words(actor, booked_at(closings, now=actor.now))


def in_words(actor: Actor, booked: Iterable[Appointment]) -> list[str]:
    """Visits as they are said; their patients are named to whoever may see the schedule."""
    rows, names = list(booked), bool(actor.may(SEE))
    places = len({one.site_id for one in rows}) > 1
    return [_in_words(one, names=names, places=places) for one in rows]


def _booked(now: datetime) -> QuerySet[Appointment]:
    rows = Appointment.objects.filter(state="booked", during__endswith__gt=now)
    return rows.select_related("patient", "provider", "visit_type", "site").order_by("during", "pk")


def _ahead(now: datetime) -> QuerySet[Appointment]:
    rows = Appointment.objects.filter(during__endswith__gt=now)
    return rows.select_related("site", "provider", "room", "equipment").order_by("during", "pk")


def _where(closing: Closing) -> Q:
    if closing.room is not None:
        return Q(room=closing.room)
    if closing.equipment is not None:
        return Q(equipment=closing.equipment)
    if closing.day is None:
        return Q(site=closing.site)
    within = Q(pk__in=())
    for site in Site.objects.all() if closing.site is None else (closing.site,):
        start, end = site_day(closing.day, site.zone)
        within |= Q(site=site, during__startswith__gte=start, during__startswith__lt=end)
    return within


def _outside_extra_sessions(rows: Sequence[Appointment]) -> list[Appointment]:
    whole = DateTimeTZRange(min(row.during.lower for row in rows), max(row.during.upper for row in rows))
    extra = list(TemplateException.objects.filter(is_extra=True, is_withdrawn=False, during__overlap=whole))
    return [
        row
        for row in rows
        if not any(
            (one.provider_id, one.site_id) == (row.provider_id, row.site_id)
            and one.during.lower <= row.during.lower < one.during.upper
            for one in extra
        )
    ]


def _is_in(template: Template, appointment: Appointment) -> bool:
    local = appointment.during.lower.astimezone(template.site.zone)
    return local.weekday() == template.weekday and template.starts <= local.time() < template.ends


def _in_words(appointment: Appointment, *, names: bool, places: bool) -> str:
    local = appointment.during.lower.astimezone(appointment.site.zone)
    who = appointment.provider.shown_name if appointment.provider else "the medical assistants"
    whom = f"{appointment.patient.called_name}, " if names else ""
    where = f", {appointment.site.name}" if places else ""
    when = f"{spell_date(local.date())} {spell_time(local.time())}"
    return f"{when} {whom}{appointment.visit_type.name} with {who}{where}"
