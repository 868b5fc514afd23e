"""Changing when people are seen: templates, time off, extra sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import reverse

from mainstay.foundation import clock
from mainstay.foundation.actor import Actor, the_system
from mainstay.foundation.dates import spell_date, spell_time
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.moves import locked
from mainstay.practice.models import Site, VisitType
from mainstay.scheduling.models import ON, Appointment, Template, TemplateException
from mainstay.scheduling.permissions import CHANGE_TEMPLATES
from mainstay.work.actions import owe
from mainstay.workforce.events import StaffEnded
from mainstay.workforce.models import Staff


@dataclass(frozen=True, slots=True)
class Pattern:
    """A stretch of a week in site time, and how it repeats."""

    weekday: int
    starts: time
    ends: time
    slot_minutes: int = 20
    every_weeks: int = 1


@transaction.atomic
def add_template(
    *,
    actor: Actor,
    provider: Staff | None,
    site: Site,
    pattern: Pattern,
    effective: date,
    expires: date | None = None,
    visit_types: Sequence[VisitType] = (),
) -> Template:
    """Say when somebody (None: the medical assistants) sees patients from a day on; no visit types mean all."""
    actor.may(CHANGE_TEMPLATES).or_raise()
    if pattern.starts >= pattern.ends:
        raise InvalidInput("It ends before it begins.", field="ends")
    if not 5 <= pattern.slot_minutes <= 240 or not 1 <= pattern.every_weeks <= 26:
        raise InvalidInput("Offer starts every 5 to 240 minutes, every 1 to 26 weeks.", field="slot_minutes")
    if expires is not None and expires < effective:
        raise InvalidInput("It expires before it takes effect.", field="expires")
    template = Template.objects.create(
        provider=provider,
        site=site,
        weekday=pattern.weekday,
        starts=pattern.starts,
        ends=pattern.ends,
        slot_minutes=pattern.slot_minutes,
        every_weeks=pattern.every_weeks,
        effective=effective,
        expires=expires,
    )
    template.visit_types.set(visit_types)
    return template


@transaction.atomic
def end_template(*, actor: Actor, template: Template, last_day: date) -> Template:
    """Let a template end; what is booked after its last day stays booked and becomes work."""
    actor.may(CHANGE_TEMPLATES).or_raise()
    fresh = locked(Template.objects.select_related("site"), pk=template.pk)
    fresh.expires = max(last_day, fresh.effective)
    fresh.save()
    start = datetime.combine(fresh.expires, time.max, tzinfo=fresh.site.zone)
    booked = Appointment.objects.filter(
        provider=fresh.provider, site=fresh.site, state="booked", during__startswith__gt=start
    )
    stranded = [a for a in booked.select_related("patient", "site", "provider") if _is_in(fresh, a)]
    _owe_moves(actor, stranded, "the session ended")
    return fresh


def _is_in(template: Template, appointment: Appointment) -> bool:
    local = appointment.during.lower.astimezone(template.site.zone)
    return local.weekday() == template.weekday and template.starts <= local.time() < template.ends


@transaction.atomic
def take_time_off(
    *, actor: Actor, provider: Staff | None, starts: datetime, ends: datetime, reason: str, site: Site | None = None
) -> TemplateException:
    """Take somebody off the schedule for a while; every patient already booked then becomes a work item."""
    actor.may(CHANGE_TEMPLATES).or_raise()
    during = _during(starts, ends, reason)
    off = TemplateException.objects.create(provider=provider, site=site, during=during, reason=reason.strip()[:120])
    booked = Appointment.objects.filter(provider=provider, state="booked", during__overlap=during)
    if site is not None:
        booked = booked.filter(site=site)
    _owe_moves(actor, list(booked.select_related("patient", "site", "provider")), reason.strip())
    return off


@transaction.atomic
def add_session(
    *, actor: Actor, provider: Staff | None, site: Site, starts: datetime, ends: datetime, reason: str
) -> TemplateException:
    """Open an extra session outside of the template; it holds even when the site is closed."""
    actor.may(CHANGE_TEMPLATES).or_raise()
    return TemplateException.objects.create(
        provider=provider, site=site, during=_during(starts, ends, reason), is_extra=True, reason=reason.strip()[:120]
    )


@transaction.atomic
def withdraw_exception(*, actor: Actor, exception: TemplateException) -> TemplateException:
    """Take back a time off or an extra session; bookings stay as they are."""
    actor.may(CHANGE_TEMPLATES).or_raise()
    fresh = locked(TemplateException.objects.all(), pk=exception.pk)
    if fresh.is_withdrawn:
        raise IllegalMove("This was taken back already.")
    fresh.is_withdrawn = True
    fresh.save()
    return fresh


def _during(starts: datetime, ends: datetime, reason: str) -> DateTimeTZRange:
    if starts >= ends:
        raise InvalidInput("It ends before it begins.", field="ends")
    if not reason.strip():
        raise InvalidInput("Say why, in a few words.", field="reason")
    return DateTimeTZRange(starts, ends)


def _owe_moves(actor: Actor, booked: Sequence[Appointment], why: str) -> None:
    for appointment in booked:
        if appointment.state not in ON:
            continue
        local = appointment.during.lower.astimezone(appointment.site.zone)
        who = appointment.provider.shown_name if appointment.provider else "the medical assistants"
        owe(
            actor=actor,
            kind="move_appointment",
            title=f"Move: {spell_date(local.date())} {spell_time(local.time())} with {who}",
            detail=f"Off the schedule: {why}. Call the patient and find another time.",
            band="R3" if (local.date() - actor.today).days <= 1 else "R4",
            patient=appointment.patient,
            site=appointment.site,
            pool="front_desk",
            subject_kind="appointment",
            subject_ref=appointment.public_id,
            url=reverse("appointment", args=[appointment.public_id]),
            once_key=f"move-appointment:{appointment.pk}",
        )


@transaction.atomic
def hand_over_appointments_of(event: StaffEnded) -> None:
    """End the sessions of somebody who left; every patient booked with them from then on becomes work to move."""
    templates = Template.objects.select_for_update(of=("self",)).filter(provider_id=event.staff_id)
    now = clock.now()
    for template in templates.select_related("site"):
        today = now.astimezone(template.site.zone).date()
        if template.expires is None or template.expires > today:
            template.expires = max(today, template.effective)
            template.save()
    booked = Appointment.objects.filter(provider_id=event.staff_id, state="booked", during__startswith__gt=now)
    for appointment in booked.select_related("patient", "site", "provider").order_by("during"):
        actor = the_system(now=now, zone=appointment.site.zone)
        who = appointment.provider.shown_name if appointment.provider else ""
        _owe_moves(actor, [appointment], f"{who} does not work here any more")
