"""The frame of every page: nine places in the order of the day, the person, the site, the last backup."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Func, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from mainstay.config import settings
from mainstay.foundation.actor import Actor
from mainstay.foundation.backup import state_here
from mainstay.foundation.compiled import asking, compiled, form_of, the_first
from mainstay.foundation.components.frame import (
    Frame,
    NavigationItem,
    ParkedDraft,
    Person,
    SiteChoice,
    ToldOfLate,
    TypedBefore,
)
from mainstay.foundation.drafts import drafts_at
from mainstay.foundation.pages.held import typing_token
from mainstay.messages.queries import threads_on
from mainstay.orders.queries import orders_on
from mainstay.practice.queries import open_sites
from mainstay.work.models import Alarm
from mainstay.work.queries import work_on_me
from mainstay.workforce.models import Staff
from mainstay.workforce.queries import badge_of

PLACES: tuple[tuple[str, str, str, str], ...] = (
    # key, label, url name, permission
    ("board", "Board", "board", "visits.see_board"),
    ("schedule", "Schedule", "schedule", "scheduling.see"),
    ("patients", "Patients", "patients", "people.find"),
    ("work", "Work", "work", "work.do"),
    ("messages", "Messages", "messages", "messages.take_calls"),
    ("orders", "Orders & Results", "orders", "orders.see"),
    ("money", "Money", "money", "billing.see"),
    ("stock", "Stock & Logs", "stock", "inventory.see"),
    ("insights", "Insights", "insights", "insights.see"),
    ("admin", "Admin", "admin-home", "practice.see_settings"),
)
COUNTED: dict[str, Callable[[Actor], QuerySet[Any]]] = {"messages": threads_on, "orders": orders_on}
"""What waits in a place for somebody, counted beside its name; all of them in one query."""
ADMIN_PLACES: tuple[tuple[str, str, str, str, str], ...] = (
    # icon, label, url name, permission, what it is for
    ("hospital", "The practice", "practice-settings", "practice.see_settings", "Name, whose law holds, vaccine stock."),
    ("map-pin", "Sites, hours and rooms", "sites", "practice.see_settings", "Where and when you work, closed days."),
    ("calendar-plus", "Kinds of visit", "visit-types", "practice.see_settings", "How long each takes, what is done."),
    (
        "sliders-horizontal",
        "Our own values in rule tables",
        "table-overrides",
        "practice.see_settings",
        "Limits we decided otherwise, and why.",
    ),
    ("syringe", "Vaccine schedules", "vaccine-schedules", "practice.see_settings", "Whose advice, and our own values."),
    ("users", "Staff", "staff", "workforce.see_staff", "Who works here, roles, credentials."),
    ("calendar-days", "Shifts", "shifts", "workforce.plan_shifts", "Who works when, week by week."),
    (
        "shield-check",
        "Who may do what, where",
        "authority-explorer",
        "authority.explore",
        "States, acts, sources.",
    ),
    ("file-text", "Clinic policies", "clinic-policies", "authority.explore", "Our own rules on who may do what."),
    ("monitor", "Workstations", "workstations", "workforce.manage_staff", "Shared computers people switch on by PIN."),
    ("history", "Sign-ins and sessions", "sign-ins", "workforce.see_sign_ins", "Every try, and who is signed in."),
    ("send", "Vaccine registries", "registries", "interop.set_up_partners", "Where sites report, test or production."),
    ("inbox", "Messages to partners", "registry-messages", "interop.mend_messages", "Waiting, rejected, dead letters."),
    ("file-up", "Imports", "imports", "practice.import", "Staff, rooms, patients, appointments from lists."),
    ("save", "Backups", "backups", "practice.back_up", "When the last one was made, and one more now."),
)
ADMIN_PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("The practice", ("practice-settings", "sites", "visit-types", "table-overrides", "vaccine-schedules")),
    ("People", ("staff", "shifts", "authority-explorer", "clinic-policies", "workstations", "sign-ins")),
    ("Partners, lists and backups", ("registries", "registry-messages", "imports", "backups")),
)
"""The places behind Admin under the headings they stand under."""
BEHIND_ADMIN = ("/settings/", "/staff/", "/shifts/", "/registries/", "/imports/", "/backups/")
"""Where else the rail says that one is in Admin."""
ENVIRONMENTS = {"demo": "Demo: synthetic people only", "test": "Test", "practice": ""}


def frame(request: HttpRequest) -> dict[str, Any]:
    """What every page's frame shows; strangers get only the kind of installation."""
    actor: Actor | None = getattr(request, "actor", None)
    environment = ENVIRONMENTS.get(settings.ENVIRONMENT, settings.ENVIRONMENT)
    if actor is None:
        return {"navigation": (), "actor": None, "frame": Frame(environment=environment)}
    if getattr(request, "htmx", False):
        return {"actor": actor}
    sites = tuple(SiteChoice(s.pk, s.name, s.pk == actor.site_id) for s in open_sites())
    credential, warning = badge_of(actor)
    backup = state_here()
    on_me = work_on_me(actor)
    typed_here, parked = drafts_at(actor, request.path)
    return {
        "navigation": places_for(actor, request.path, counts={"work": on_me.waiting}),
        "actor": actor,
        "frame": Frame(
            person=Person(actor.name, credential, warning),
            sites=sites,
            environment=environment,
            last_backup=backup.last,
            backup_is_late=settings.ENVIRONMENT == "practice" and backup.is_overdue(actor.now),
            idle_seconds=getattr(request, "idle_seconds", 0),
            lock_url=reverse("lock"),
            person_links=(NavigationItem("account", "You and your sign-in", reverse("my-account"), icon="user-round"),),
            told=tuple(_told(alarm) for alarm in on_me.told),
            parked=tuple(ParkedDraft(d.label, d.url) for d in parked),
            typing_token=typing_token(actor),
            typed_here=tuple(TypedBefore(d.key, d.typed, d.saved_at) for d in typed_here if request.method == "GET"),
        ),
    }


def _told(alarm: Alarm) -> ToldOfLate:
    item = alarm.item
    who = f"{item.patient.called_name}: " if item.patient else ""
    return ToldOfLate(
        text=f"{who}{item.title}",
        whose=item.owner.shown_name if item.owner else "",
        due=item.due_at,
        url=reverse("work-item", args=[item.public_id]),
        seen_url=reverse("work-seen", args=[item.public_id]),
        is_mine=alarm.level == 1,
    )


def places_for(actor: Actor, path: str, *, counts: Mapping[str, int] | None = None) -> tuple[NavigationItem, ...]:
    """The places this person's role opens, with the one that is open marked; `counts` are known already."""
    shown: list[NavigationItem] = []
    open_places = [place for place in PLACES if actor.may(place[3])]
    waiting = {**_waiting(actor, [key for key, *_ in open_places if key in COUNTED]), **(counts or {})}
    for key, label, name, _ in open_places:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        count = waiting.get(key, 0)
        is_here = path.startswith((url, *BEHIND_ADMIN) if key == "admin" else url)
        shown.append(NavigationItem(key, label, url, count=count, current=is_here, foot=key == "admin"))
    return tuple(shown)


def _waiting(actor: Actor, keys: Sequence[str]) -> Mapping[str, int]:
    if not keys:
        return {}
    found = the_first(_counts(actor.staff_id, actor.site_id, form=form_of(actor), keys=tuple(keys)))
    return dict(zip(keys, found, strict=True)) if found else {}


@compiled
def _counts(
    staff_id: int | None, site_id: int | None, *, form: Actor, keys: tuple[str, ...]
) -> QuerySet[Staff, tuple[int, ...]]:
    """How much waits in each place for one person."""
    actor = asking(form, staff_id, site_id)
    waiting = [Subquery(COUNTED[key](actor).order_by().values(n=Func("pk", function="COUNT"))) for key in keys]
    return Staff.objects.filter(pk=staff_id).values_list(*waiting)


@dataclass(frozen=True, slots=True)
class AdminPlace:
    """One place behind Admin: its icon's name, where it is, and what it is for in a line."""

    icon: str
    label: str
    url: str
    what: str


def admin_places_for(actor: Actor) -> tuple[tuple[str, tuple[AdminPlace, ...]], ...]:
    """The places behind Admin this person's role opens, under their headings; a heading without any is left out."""
    known = {
        name: AdminPlace(icon, label, reverse(name), what)
        for icon, label, name, permission, what in ADMIN_PLACES
        if actor.may(permission)
    }
    parts = ((heading, tuple(known[name] for name in names if name in known)) for heading, names in ADMIN_PARTS)
    return tuple((heading, places) for heading, places in parts if places)
