"""The lists around the schedule: who waits, who is to be called back, when people are seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Model, Prefetch, Q, QuerySet

from mainstay.foundation.actor import Actor
from mainstay.foundation.compiled import compiled
from mainstay.foundation.dates import spell_date, spell_time
from mainstay.foundation.errors import NotFound
from mainstay.people.models import Patient
from mainstay.practice.models import Closure, VisitType
from mainstay.practice.queries import federal_holidays, kinds_by_age
from mainstay.scheduling.models import Appointment, Recall, SlotOffer, Template, TemplateException, WaitListEntry
from mainstay.scheduling.permissions import SEE
from mainstay.workforce.models import Staff

M = TypeVar("M", bound=Model)


@compiled
def offered_visit_types() -> QuerySet[VisitType]:
    """The kinds of visit that can be booked."""
    return VisitType.objects.filter(is_offered=True).order_by("name")


def kinds_for(actor: Actor, patient: Patient, *, ahead: int = 0) -> tuple[list[VisitType], list[VisitType]]:
    """The kinds of visit offered for a patient's age, today or so many days ahead, and those for other ages."""
    days = (actor.today, actor.today + timedelta(days=ahead))
    return kinds_by_age(offered_visit_types(), born=patient.birth_date, days=days)


@compiled
def providers(*, at: int | None = None) -> QuerySet[Staff]:
    """The providers who see patients at a site, by its number (None: anywhere)."""
    staff = Staff.objects.filter(is_active=True, roles__contains=["provider"])
    if at is not None:
        staff = staff.filter(Q(home_site=at) | Q(sites=at) | Q(templates__site=at)).distinct()
    return staff.order_by("family_name", "given_name", "pk")


def appointment_for(actor: Actor, public_id: UUID) -> Appointment:
    """One appointment with everybody it names, for this actor; raises `NotPermitted` or `NotFound`."""
    actor.may(SEE).or_raise()
    related = ("patient", "provider", "site", "visit_type", "room", "equipment", "booked_by", "series", "moved_from")
    found = Appointment.objects.select_related(*related).filter(public_id=public_id).first()
    if found is None:
        raise NotFound("There is no such appointment.")
    return found


def people_waiting() -> QuerySet[WaitListEntry]:
    """Everybody on the wait list in the order in which they are asked, each with their open offer as `offered`."""
    still_open = SlotOffer.objects.filter(answer="").select_related("provider", "site")
    rows = WaitListEntry.objects.filter(left_at=None).select_related(
        "patient", "visit_type", "provider", "current_appointment__site"
    )
    return rows.prefetch_related("sites", Prefetch("offers", queryset=still_open, to_attr="offered")).order_by(
        "urgency", "wanted_by", "joined_at", "pk"
    )


def open_offers() -> QuerySet[SlotOffer]:
    """Times held for somebody who has not answered yet, the next to run out first."""
    related = ("entry__patient", "entry__visit_type", "provider", "site")
    return SlotOffer.objects.filter(answer="").select_related(*related).order_by("runs_out_at")


def recall_to_book(public_id: UUID) -> Recall | None:
    """An open recall with its patient, for whoever books it now."""
    related = ("patient", "visit_type", "provider")
    return Recall.objects.filter(public_id=public_id, closed_at=None).select_related(*related).first()


def due_recalls(*, until: date) -> QuerySet[Recall]:
    """Everybody to be called back by a day, the longest overdue first."""
    rows = Recall.objects.filter(closed_at=None, due_on__lte=until)
    return rows.select_related("patient", "visit_type", "provider").order_by("due_on", "pk")


MANY_KINDS = 3
"""Kinds of visit to be read one by one; of more, those left out are said if they are as few."""


def templates_in_words(actor: Actor, offered: Sequence[VisitType]) -> Sequence[tuple[Template, str]]:
    """The templates that hold today or later, by person and weekday, each with its kinds of visit in
    words; empty: everything.
    """
    rows = Template.objects.filter(Q(expires=None) | Q(expires__gte=actor.today))
    related = rows.select_related("provider", "site").prefetch_related("visit_types")
    ordered = related.order_by("provider__family_name", "provider_id", "weekday", "starts")
    return [(one, _kinds_in_words(one, offered)) for one in ordered]


def _kinds_in_words(template: Template, offered: Sequence[VisitType]) -> str:
    chosen = {kind.pk: kind.name for kind in template.visit_types.all()}
    possible = [kind for kind in offered if kind.is_with_provider == (template.provider_id is not None)]
    left_out = [kind.name for kind in possible if kind.pk not in chosen]
    if not chosen or not left_out:
        return ""
    if len(chosen) > MANY_KINDS >= len(left_out):
        return f"everything but {', '.join(left_out)}"
    return ", ".join(chosen.values())


def exceptions_ahead(actor: Actor) -> Sequence[tuple[TemplateException, str]]:
    """Time off and extra sessions that are not over, each with its time by the clock of the site it is about."""
    rows = TemplateException.objects.filter(is_withdrawn=False, during__endswith__gt=actor.now)
    found = rows.select_related("provider", "site").order_by("during")
    return [(one, _spell_during(one, one.site.zone if one.site else actor.zone)) for one in found]


def _spell_during(one: TemplateException, zone: ZoneInfo) -> str:
    """`Mon 23 Nov 2026` for whole days, `Mon 23 Nov 2026, 9:00 am – 10:00 am` for part of one."""
    starts, ends = one.during.lower.astimezone(zone), one.during.upper.astimezone(zone)
    if starts.time() == ends.time() == time():
        last = ends.date() - timedelta(days=1)
        return " – ".join(spell_date(day) for day in dict.fromkeys((starts.date(), last)))
    until = "" if ends.date() == starts.date() else f"{spell_date(ends.date())}, "
    return f"{spell_date(starts.date())}, {spell_time(starts.time())} – {until}{spell_time(ends.time())}"


def coming_closures(actor: Actor) -> tuple[Sequence[Closure], Sequence[tuple[date, str]]]:
    """The closures of the coming year, and the federal holidays on which nobody has said we are closed."""
    year = (actor.today, actor.today + timedelta(days=365))
    closed = Closure.objects.filter(is_withdrawn=False, day__range=year).select_related("site").order_by("day")
    days = {c.day for c in closed}
    return list(closed), [(day, name) for day, name in federal_holidays(actor.today, days=365) if day not in days]


def recall_named(public_id: UUID) -> Recall:
    """A recall; raises `NotFound`."""
    return _one(Recall.objects.filter(public_id=public_id), "There is no such recall.")


def template_named(public_id: UUID) -> Template:
    """A template; raises `NotFound`."""
    return _one(Template.objects.filter(public_id=public_id), "There is no such template.")


def exception_named(public_id: UUID) -> TemplateException:
    """A time off or an extra session; raises `NotFound`."""
    return _one(TemplateException.objects.filter(public_id=public_id), "There is no such time off.")


def _one(rows: QuerySet[M], otherwise: str) -> M:
    found = rows.first()
    if found is None:
        raise NotFound(otherwise)
    return found
