"""How far the set-up has come: what was saved of each step, read again by the forms that saved it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.forms import BaseForm
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.config.setup import forms
from mainstay.foundation import clock
from mainstay.foundation.actor import Actor, the_system
from mainstay.foundation.drafts import draft_for
from mainstay.practice.actions import SiteFacts, VisitTypeFacts
from mainstay.practice.forms import HoursForm, PracticeForm, SiteForm
from mainstay.practice.models import RoomKind
from mainstay.practice.queries import DayHours, the_practice
from mainstay.practice.vocabulary import STATES, VACCINE_PROGRAMS, WEEKDAYS, ZONES
from mainstay.workforce.actions import NewStaff

MOST_SITES = 12
STEPS = (
    ("practice", gettext_lazy("Practice")),
    ("sites", gettext_lazy("Sites")),
    ("hours", gettext_lazy("Hours")),
    ("rooms", gettext_lazy("Rooms")),
    ("visits", gettext_lazy("Visits")),
    ("administrator", gettext_lazy("Administrator")),
    ("check", gettext_lazy("Check")),
)
USUAL_WEEK = tuple(
    DayHours(n, name, *((time(8), time(17)) if n < 5 else (None, None))) for n, name in enumerate(WEEKDAYS)
)
F = TypeVar("F", bound=BaseForm)


def is_needed() -> bool:
    """Whether there is no practice yet."""
    return the_practice() is None


def setter_up() -> Actor:
    """Whoever sets the practice up: the system, with 0 in place of a person so that drafts have an owner."""
    return replace(the_system(now=clock.now(), zone=ZoneInfo("America/New_York"), name="Set-up"), staff_id=0)


def saved(step: str) -> MultiValueDict[str, str] | None:
    """What was typed in a step, or None."""
    draft = draft_for(setter_up(), f"setup:{step}")
    return MultiValueDict(draft.typed) if draft else None


def steps_done() -> set[str]:
    """The steps something was saved of, for the ticks beside their names."""
    done = {key for key, _label in STEPS if saved(key) is not None}
    return done | {"sites"} if site_numbers() else done


def site_numbers() -> list[int]:
    """The numbers of the sites saved so far."""
    return [n for n in range(1, MOST_SITES + 1) if saved(f"site:{n}") is not None]


def next_site_number() -> int:
    """The number a further site gets."""
    return max(site_numbers(), default=0) + 1


def site_form(number: int, typed: Mapping[str, str] | None = None) -> SiteForm:
    """The form of one site: what is typed now, else what was saved; a new one starts in the practice's state."""
    known = saved("practice")
    state = known.get("governing_state") if known else ""
    return SiteForm(typed or saved(f"site:{number}"), initial={"state": state})


@dataclass(frozen=True, slots=True)
class SiteForms:
    """The forms of one site on the pages of hours and rooms."""

    number: int
    name: str
    hours: HoursForm
    rooms: forms.RoomsForm


def forms_of_sites(typed: MultiValueDict[str, str] | None = None) -> list[SiteForms]:
    """Hours and rooms of each site: typed now, else saved, else the usual ones."""
    found = []
    for n in site_numbers():
        named = saved(f"site:{n}") or MultiValueDict()
        hours = _with_fields_of(typed or saved("hours"), f"s{n}-day_")
        rooms = _with_fields_of(typed or saved("rooms"), f"s{n}-rooms")
        found.append(
            SiteForms(
                n,
                named.get("name") or str(n),
                HoursForm(hours, prefix=f"s{n}", week=USUAL_WEEK),
                forms.RoomsForm(rooms, prefix=f"s{n}"),
            )
        )
    return found


def _with_fields_of(typed: MultiValueDict[str, str] | None, start: str) -> MultiValueDict[str, str] | None:
    return typed if typed and any(name.startswith(start) for name in typed) else None


@dataclass(frozen=True, slots=True)
class SitePlan:
    """A site to be opened."""

    facts: SiteFacts
    weekly: dict[int, tuple[time, time]]
    rooms: list[tuple[str, RoomKind, str]]

    @property
    def zone(self) -> str:
        """Its time zone as people say it."""
        return ZONES[self.facts.zone_name]


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole practice to be opened, every step checked."""

    name: str
    npi: str
    governing_state: str
    vaccine_programs: tuple[str, ...]
    sites: tuple[SitePlan, ...]
    closes_on_holidays: bool
    visit_types: tuple[VisitTypeFacts, ...]
    administrator: NewStaff

    @property
    def law_of(self) -> str:
        """The state whose law holds, in full."""
        return STATES[self.governing_state]

    @property
    def stock(self) -> tuple[str, ...]:
        """Where vaccines come from, in words."""
        return tuple(VACCINE_PROGRAMS[program] for program in self.vaccine_programs)


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing or wrong, and the step it belongs to."""

    step: str
    url_part: str
    message: str

    @property
    def url(self) -> str:
        """The page where it is put right."""
        return f"{reverse('set-up')}{self.url_part}/"


@dataclass(slots=True)
class Check:
    """All steps read again: the plan if nothing is wrong, else what is."""

    gaps: list[Gap] = field(default_factory=list)
    plan: Plan | None = None
    person: NewStaff | None = None


def check_everything() -> Check:
    """Read every saved step again by the rules it was saved by, and across steps."""
    found = Check()
    practice = _read(found, "practice", PracticeForm(saved("practice")))
    sites = _read_sites(found)
    visits = _read(found, "visits", forms.VisitsForm(saved("visits")))
    holidays = forms.HolidaysForm(saved("hours") or {})
    administrator = _read(found, "administrator", forms.AdministratorForm(saved("administrator")))
    found.person = administrator.person() if administrator else None
    if not found.gaps and practice and visits and found.person and holidays.is_valid():
        typed = practice.cleaned_data
        found.plan = Plan(
            name=typed["name"],
            npi=typed["npi"],
            governing_state=typed["governing_state"],
            vaccine_programs=tuple(typed["vaccine_programs"]),
            sites=tuple(sites),
            closes_on_holidays=holidays.cleaned_data["closes_on_holidays"],
            visit_types=visits.visit_types(),
            administrator=found.person,
        )
    return found


def _read(found: Check, step: str, form: F, part: str = "") -> F | None:
    if not form.is_bound:
        found.gaps.append(Gap(step, part or step, _("This step is still empty.")))
    elif form.is_valid():
        return form
    else:
        found.gaps += [Gap(step, part or step, f"{_label(form, n)}{m}") for n, ms in form.errors.items() for m in ms]
    return None


def _label(form: BaseForm, name: str) -> str:
    return f"{form[name].label}: " if name in form.fields else ""


def _read_sites(found: Check) -> list[SitePlan]:
    plans, names = [], set()
    for each in forms_of_sites():
        part = f"sites/{each.number}"
        facts = _read(found, "sites", site_form(each.number), part)
        hours, rooms = _read(found, "hours", each.hours), _read(found, "rooms", each.rooms)
        if hours and not hours.weekly():
            found.gaps.append(Gap("hours", "hours", _("%(site)s is closed all week.") % {"site": each.name}))
        if each.name.lower() in names:
            found.gaps.append(Gap("sites", part, _("Two sites are called %(site)s.") % {"site": each.name}))
        names.add(each.name.lower())
        if facts and hours and rooms:
            plans.append(SitePlan(facts.facts(), hours.weekly(), rooms.cleaned_data["rooms"]))
    if not site_numbers():
        found.gaps.append(Gap("sites", "sites/1", _("There is no site yet.")))
    return plans
