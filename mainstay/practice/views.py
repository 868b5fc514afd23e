"""The settings of the practice, as an administrator sees and changes them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mainstay.foundation.actor import Actor
from mainstay.foundation.ending import EndForm, asked_first
from mainstay.foundation.errors import NotFound
from mainstay.foundation.pages import StaffRequest, attempt, confirmations_in, page, redirect_to, staff_page
from mainstay.practice import actions, forms, queries
from mainstay.practice.models import Closure, Equipment, Room, RoomKind, Site
from mainstay.practice.permissions import CHANGE_SETTINGS, SEE_SETTINGS
from mainstay.practice.queries import Opened


@staff_page(SEE_SETTINGS)
def practice(request: StaffRequest) -> HttpResponse:
    """The practice itself: name, law, vaccine stock."""
    form = forms.PracticeForm.of(queries.the_practice(), request.POST or None)
    if form.is_valid():
        typed = {**form.cleaned_data, "vaccine_programs": tuple(form.cleaned_data["vaccine_programs"])}
        if attempt(form, actions.set_up_practice, actor=request.actor, **typed):
            return redirect_to(request, "practice-settings")
    shown = {"may_change": request.actor.may(CHANGE_SETTINGS)}
    return page(request, "practice/practice.html", shown, form=form)


@require_GET
@staff_page(SEE_SETTINGS)
def sites(request: StaffRequest) -> HttpResponse:
    """Every site, and the days all of them are closed."""
    return _sites_page(request, None)


@require_POST
@staff_page(CHANGE_SETTINGS)
def close_on_holidays(request: StaffRequest) -> HttpResponse:
    """Close every site on the federal holidays that were ticked."""
    form = forms.HolidaysForm(request.POST, proposed=queries.holidays_to_propose(request.actor))
    if form.is_valid():
        about = {"actor": request.actor, "days": form.closures(), "confirmed": confirmations_in(request)}
        if attempt(form, actions.close_days, **about):
            return redirect_to(request, "sites")
    return _sites_page(request, form, ending=asked_first(form, what=_("Closed on holidays")))


def _sites_page(
    request: StaffRequest, form: forms.HolidaysForm | None, *, ending: EndForm | None = None
) -> HttpResponse:
    proposed = queries.holidays_to_propose(request.actor)
    shown = {
        "sites": queries.sites_of_practice(request.actor),
        "proposed": proposed,
        "holidays": form or forms.HolidaysForm(proposed=proposed),
        "ending": ending,
        "opened": queries.read_opened(request.GET),
        "may_change": request.actor.may(CHANGE_SETTINGS),
    }
    return page(request, "practice/sites.html", shown, status=422 if form or ending else 200)


@staff_page(CHANGE_SETTINGS)
def add_site(request: StaffRequest) -> HttpResponse:
    """A new site."""
    form = forms.SiteForm(request.POST or None)
    if form.is_valid() and (site := attempt(form, actions.add_site, actor=request.actor, facts=form.facts())):
        return redirect_to(request, "site-settings", site.public_id)
    return page(request, "practice/site_form.html", {"page_title": _("Add a site")}, form=form)


@staff_page(CHANGE_SETTINGS)
def change_site(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """A site's name, address and zone."""
    site = queries.site_known_as(request.actor, public_id)
    form = forms.SiteForm.of(site, request.POST or None)
    if form.is_valid() and attempt(form, actions.change_site, actor=request.actor, site=site, facts=form.facts()):
        return redirect_to(request, "site-settings", public_id)
    return page(request, "practice/site_form.html", {"page_title": site.name, "site": site}, form=form)


@staff_page(CHANGE_SETTINGS)
def hours(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """When a site is open."""
    site = queries.site_known_as(request.actor, public_id)
    form = forms.HoursForm.of(site, request.POST or None)
    if form.is_valid():
        about = {"actor": request.actor, "site": site, "weekly": form.weekly()}
        if opened := attempt(form, actions.set_hours, **about, confirmed=confirmations_in(request)):
            return _back_to(request, site, opened)
    asking = asked_first(form, what=_("Open at other hours"))
    return page(request, "practice/hours.html", {"site": site, "ending": asking}, form=form)


@require_GET
@staff_page(SEE_SETTINGS)
def site_settings(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """One site with its hours, closed days, rooms and equipment."""
    return _site_page(request, queries.site_known_as(request.actor, public_id), {})


def _site_page(request: StaffRequest, site: Site, refused: dict[str, Form]) -> HttpResponse:
    shown: dict[str, Any] = {
        "settings": queries.settings_of(request.actor, site),
        "opened": queries.read_opened(request.GET),
        "may_change": request.actor.may(CHANGE_SETTINGS),
        "room_form": forms.RoomForm(),
        "equipment_form": forms.EquipmentForm(),
        "closure_form": forms.ClosureForm(),
        "refused": tuple(form for name, form in refused.items() if name != "ending"),
        **refused,
    }
    return page(request, "practice/site.html", shown, status=422 if refused else 200)


@require_POST
@staff_page(CHANGE_SETTINGS)
def add_room(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """A room more at a site."""
    site, form = queries.site_known_as(request.actor, public_id), forms.RoomForm(request.POST)
    if form.is_valid():
        typed = {**form.cleaned_data, "kind": RoomKind(form.cleaned_data["kind"])}
        if opened := attempt(form, _add_room, actor=request.actor, site=site, **typed):
            return _back_to(request, site, opened)
    return _site_page(request, site, {"room_form": form})


def _add_room(*, actor: Actor, site: Site, name: str, kind: RoomKind, pod: str) -> Opened:
    if (known := queries.room_out_of_use(site, name)) is not None:
        return actions.use_room_again(actor=actor, room=known, kind=kind, pod=pod)
    actions.add_room(actor=actor, site=site, name=name, kind=kind, pod=pod)
    return Opened()


@require_POST
@staff_page(CHANGE_SETTINGS)
def add_equipment(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """A thing more at a site."""
    site, form = queries.site_known_as(request.actor, public_id), forms.EquipmentForm(request.POST)
    if form.is_valid() and (
        opened := attempt(form, _add_equipment, actor=request.actor, site=site, **form.cleaned_data)
    ):
        return _back_to(request, site, opened)
    return _site_page(request, site, {"equipment_form": form})


def _add_equipment(*, actor: Actor, site: Site, name: str, kind: str) -> Opened:
    if (known := queries.equipment_out_of_use(site, name, kind)) is not None:
        return actions.use_equipment_again(actor=actor, equipment=known)
    actions.add_equipment(actor=actor, site=site, name=name, kind=kind)
    return Opened()


def _back_to(request: StaffRequest, site: Site, opened: Opened) -> HttpResponse:
    return redirect_to(request, reverse("site-settings", args=[site.public_id]) + opened.address)


@require_POST
@staff_page(CHANGE_SETTINGS)
def add_closure(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """A day on which a site, or every site, is closed."""
    site, form = queries.site_known_as(request.actor, public_id), forms.ClosureForm(request.POST)
    if form.is_valid():
        typed = dict(form.cleaned_data)
        where = None if typed.pop("everywhere") else site
        about = {"actor": request.actor, "site": where, "confirmed": confirmations_in(request)}
        if attempt(form, actions.close_day, **about, **typed):
            return redirect_to(request, "site-settings", public_id)
    asking = asked_first(form, what=request.POST.get("closure-name", ""))
    return _site_page(request, site, {"closure_form": form, **({"ending": asking} if asking else {})})


@require_POST
@staff_page(CHANGE_SETTINGS)
def take_away(request: StaffRequest, public_id: UUID, kind: str, number: int) -> HttpResponse:
    """Take a room or a thing out of use, or be open on a day after all."""
    site = queries.site_known_as(request.actor, public_id)
    part = queries.part_of_site(request.actor, site, kind, number)
    form = EndForm(request.POST, what=part.name)
    if form.is_valid() and (opened := attempt(form, _end_part, request=request, part=part)):
        return _back_to(request, site, opened)
    return _site_page(request, site, {"ending": form})


def _end_part(request: StaffRequest, part: Room | Equipment | Closure) -> Opened:
    confirmed = confirmations_in(request)
    if isinstance(part, Closure):
        return actions.withdraw_closure(actor=request.actor, closure=part)
    if isinstance(part, Room):
        actions.retire_room(actor=request.actor, room=part, confirmed=confirmed)
    else:
        actions.retire_equipment(actor=request.actor, equipment=part, confirmed=confirmed)
    return Opened()


@require_POST
@staff_page(CHANGE_SETTINGS)
def open_or_shut(request: StaffRequest, public_id: UUID, what: str) -> HttpResponse:
    """Stop working at a site, or work there again."""
    site = queries.site_known_as(request.actor, public_id)
    form = EndForm(request.POST, what=site.name)
    opened = Opened()
    if what == "reopen":
        opened = actions.reopen_site(actor=request.actor, site=site)
    elif what != "shut":
        raise NotFound()
    elif not attempt(form, actions.shut_site, actor=request.actor, site=site, confirmed=confirmations_in(request)):
        return _sites_page(request, None, ending=form)
    return redirect_to(request, reverse("sites") + opened.address)


@require_GET
@staff_page(SEE_SETTINGS)
def visit_types(request: StaffRequest) -> HttpResponse:
    """Every kind of visit."""
    titles = queries.playbook_titles()
    shown = {
        "visit_types": [(one, titles.get(one.playbook, one.playbook)) for one in queries.visit_types(request.actor)],
        "may_change": request.actor.may(CHANGE_SETTINGS),
    }
    return page(request, "practice/visit_types.html", shown)


@staff_page(CHANGE_SETTINGS)
def add_visit_type(request: StaffRequest) -> HttpResponse:
    """A new kind of visit; `?playbook=` shows the ages that playbook brings."""
    form = forms.VisitTypeForm.new(request.POST or None, playbook=request.GET.get("playbook", ""))
    if form.is_valid() and attempt(form, actions.offer_visit_type, actor=request.actor, facts=form.facts()):
        return redirect_to(request, "visit-types")
    return page(request, "practice/visit_type.html", {"page_title": _("Add a kind of visit")}, form=form)


@staff_page(CHANGE_SETTINGS)
def change_visit_type(request: StaffRequest, code: str) -> HttpResponse:
    """One kind of visit."""
    visit_type = queries.visit_type_coded(request.actor, code)
    form = forms.VisitTypeForm.of(visit_type, request.POST or None)
    if form.is_valid() and attempt(form, actions.offer_visit_type, actor=request.actor, facts=form.facts()):
        return redirect_to(request, "visit-types")
    shown = {"page_title": visit_type.name, "visit_type": visit_type}
    return page(request, "practice/visit_type.html", shown, form=form)


@require_POST
@staff_page(CHANGE_SETTINGS)
def withdraw_visit_type(request: StaffRequest, code: str) -> HttpResponse:
    """Offer a kind of visit no longer."""
    actions.withdraw_visit_type(actor=request.actor, visit_type=queries.visit_type_coded(request.actor, code))
    return redirect_to(request, "visit-types")


@staff_page(SEE_SETTINGS)
def overrides(request: StaffRequest) -> HttpResponse:
    """The practice's own values for cells of rule tables, each with its reason and who answers for it."""
    form = forms.OverrideForm(request.POST or None)
    if form.is_valid() and attempt(form, actions.override_table, actor=request.actor, override=form.override()):
        return redirect_to(request, "table-overrides")
    shown = {
        "overrides": queries.table_overrides_in_words(request.actor),
        "may_change": request.actor.may(CHANGE_SETTINGS),
    }
    return page(request, "practice/overrides.html", shown, form=form)


@require_POST
@staff_page(CHANGE_SETTINGS)
def withdraw_override(request: StaffRequest, number: int) -> HttpResponse:
    """Go back to a table's own value."""
    actions.withdraw_override(actor=request.actor, override=queries.override_numbered(request.actor, number))
    return redirect_to(request, "table-overrides")
