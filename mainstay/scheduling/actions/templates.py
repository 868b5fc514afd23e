"""Changing when people are seen: templates, time off, extra sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from mainstay.foundation import clock
from mainstay.foundation.actor import Actor, the_system
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.findings import NOTHING_CONFIRMED, Confirmations
from mainstay.foundation.moves import locked
from mainstay.practice.actions import close_in_turn
from mainstay.practice.models import Site, VisitType
from mainstay.practice.queries import BOOKED_THEN, Opened, stranded_findings
from mainstay.scheduling import queries
from mainstay.scheduling.actions.stranding import owe_moves, settle_calls
from mainstay.scheduling.models import Appointment, Template, TemplateException
from mainstay.scheduling.permissions import CHANGE_TEMPLATES
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


@dataclass(frozen=True, slots=True)
class Added:
    """A stretch of the week that was added, and what came of the calls about visits that have a session again."""

    template: Template
    calls: Opened


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
) -> Added:
    """Say when somebody (None: the medical assistants) sees patients from a day on; no visit types mean all.

    Calls about visits that were without a session, and have one now, are settled.
    """
    actor.may(CHANGE_TEMPLATES).or_raise()
    if pattern.starts >= pattern.ends:
        raise InvalidInput("It ends before it begins.", field="ends")
    if not 5 <= pattern.slot_minutes <= 240 or not 1 <= pattern.every_weeks <= 26:
        raise InvalidInput("Offer starts every 5 to 240 minutes, every 1 to 26 weeks.", field="slot_minutes")
    if expires is not None and expires < effective:
        raise InvalidInput("It expires before it takes effect.", field="expires")
    close_in_turn()
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
    concerned = queries.ahead_in(template, now=actor.now)
    return Added(template, settle_calls(actor=actor, concerned=concerned, why="there is a session then"))


@transaction.atomic
def end_template(
    *, actor: Actor, template: Template, last_day: date, confirmed: Confirmations = NOTHING_CONFIRMED
) -> Template:
    """Let a template end; what is booked after its last day stays booked and becomes work.

    Raises `NeedsConfirmation` while something is booked then; the reason given is what those are told.
    """
    actor.may(CHANGE_TEMPLATES).or_raise()
    close_in_turn()
    fresh = locked(Template.objects.select_related("site"), pk=template.pk)
    fresh.expires = max(last_day, fresh.effective)
    booked = queries.booked_after(fresh, last_day=fresh.expires, now=actor.now)
    confirmed.answer(stranded_findings(queries.in_words(actor, booked)))
    fresh.save()
    owe_moves(actor=actor, booked=booked, why="the session ended", told=confirmed.reason_for(BOOKED_THEN))
    return fresh


@transaction.atomic
def take_time_off(
    *,
    actor: Actor,
    provider: Staff | None,
    starts: datetime,
    ends: datetime,
    reason: str,
    site: Site | None = None,
    confirmed: Confirmations = NOTHING_CONFIRMED,
) -> TemplateException:
    """Take somebody off the schedule for a while; every patient already booked then becomes a work item.

    Raises `NeedsConfirmation` while somebody is booked then; the reason given is what they are told.
    """
    actor.may(CHANGE_TEMPLATES).or_raise()
    during = _during(starts, ends, reason)
    close_in_turn()
    off = TemplateException.objects.create(provider=provider, site=site, during=during, reason=reason.strip()[:120])
    booked = queries.booked_while_off(provider=provider, site=site, during=during, now=actor.now)
    confirmed.answer(stranded_findings(queries.in_words(actor, booked)))
    owe_moves(actor=actor, booked=booked, why=reason, told=confirmed.reason_for(BOOKED_THEN))
    return off


@transaction.atomic
def add_session(
    *, actor: Actor, provider: Staff | None, site: Site, starts: datetime, ends: datetime, reason: str
) -> Opened:
    """Open an extra session outside of the template; it holds even when the site is closed.

    Says what came of the calls about visits that can take place in it.
    """
    actor.may(CHANGE_TEMPLATES).or_raise()
    during = _during(starts, ends, reason)
    close_in_turn()
    TemplateException.objects.create(
        provider=provider, site=site, during=during, is_extra=True, reason=reason.strip()[:120]
    )
    concerned = queries.ahead_with(provider=provider, site=site, during=during, now=actor.now)
    return settle_calls(actor=actor, concerned=concerned, why="there is an extra session then")


@transaction.atomic
def withdraw_exception(
    *, actor: Actor, exception: TemplateException, confirmed: Confirmations = NOTHING_CONFIRMED
) -> Opened:
    """Take back a time off or an extra session; bookings stay as they are.

    Says what came of the calls a time off made. Raises `NeedsConfirmation` while visits are booked in an extra session
    that could not take place without it; they become work, with the reason given.
    """
    actor.may(CHANGE_TEMPLATES).or_raise()
    close_in_turn()
    fresh = locked(TemplateException.objects.select_related("provider", "site"), pk=exception.pk)
    if fresh.is_withdrawn:
        raise IllegalMove("This was taken back already.")
    fresh.is_withdrawn = True
    fresh.save()
    where = {"provider": fresh.provider, "site": fresh.site, "during": fresh.during}
    if fresh.is_extra:
        inside = queries.booked_while_off(**where, now=actor.now)
        stranded = queries.why_stranded(inside)
        booked = [one for one in inside if one.pk in stranded]
        confirmed.answer(stranded_findings(queries.in_words(actor, booked)))
        told = confirmed.reason_for(BOOKED_THEN)
        owe_moves(actor=actor, booked=booked, why="the extra session was taken back", told=told)
        return Opened()
    who = fresh.provider.shown_name if fresh.provider else "the medical assistants"
    concerned = queries.ahead_with(**where, now=actor.now)
    return settle_calls(actor=actor, concerned=concerned, why=f"time off of {who} was taken back")


def _during(starts: datetime, ends: datetime, reason: str) -> DateTimeTZRange:
    if starts >= ends:
        raise InvalidInput("It ends before it begins.", field="ends")
    if not reason.strip():
        raise InvalidInput("Say why, in a few words.", field="reason")
    return DateTimeTZRange(starts, ends)


@transaction.atomic
def hand_over_appointments_of(event: StaffEnded) -> None:
    """End the sessions of somebody who left; every patient booked with them from then on becomes work to move."""
    close_in_turn()
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
        owe_moves(actor=actor, booked=[appointment], why=f"{who} does not work here any more")
