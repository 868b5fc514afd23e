"""Who is booked at what is about to close: a site, a day, a room, a thing, somebody's sessions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q, QuerySet

from mainstay.foundation.actor import Actor
from mainstay.foundation.clock import site_day
from mainstay.foundation.dates import spell_date, spell_time
from mainstay.practice.models import Site
from mainstay.practice.queries import Closing
from mainstay.scheduling.models import Appointment, Template, TemplateException
from mainstay.scheduling.permissions import SEE
from mainstay.workforce.models import Staff


def booked_at(closings: Iterable[Closing], *, now: datetime) -> list[Appointment]:
    """The visits booked from now on at what closes, each once; an extra session is held on a closed day too."""
    found: dict[int, Appointment] = {}
    for closing in closings:
        rows = list(_booked(now).filter(_where(closing)))
        if closing.day is not None and rows:
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
