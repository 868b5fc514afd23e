"""Whose advice the practice follows, and values of its own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from mainstay.foundation.errors import NotFound
from mainstay.foundation.pages import StaffRequest, attempt, page, redirect_to, staff_page
from mainstay.immunizations import actions, queries
from mainstay.immunizations.actions import EditionFacts, OverrideFacts
from mainstay.immunizations.forecast import DEFAULT_SCHEDULE, Standing
from mainstay.immunizations.forms_due import ChooseScheduleForm, EditionForm, EditionStatusForm, OverrideForm
from mainstay.immunizations.forms_history import ReasonForm
from mainstay.immunizations.permissions import CHOOSE_SCHEDULE

SEE_SETTINGS = "practice.see_settings"


def _context(request: StaffRequest) -> dict[str, Any]:
    known = queries.editions()
    choices = [(row, known.get(row.edition)) for row in queries.choices_in_force()]
    return {
        "editions": known.values(),
        "choices": choices,
        "is_chosen_for_all": any(not row.group for row, _ in choices),
        "default": known[DEFAULT_SCHEDULE],
        "past_choices": queries.past_choices(),
        "overrides": queries.overrides_in_force(),
        "past_overrides": queries.past_overrides(),
        "laid": {(row.antigen, row.series, row.dose, row.field) for row in queries.governing_schedule().overrides},
        "may_choose": request.actor.may(CHOOSE_SCHEDULE),
        "today": request.actor.today,
        "seasons_over": queries.seasons_that_ended(request.actor.today),
    }


@require_GET
@staff_page(SEE_SETTINGS)
def schedules(request: StaffRequest) -> HttpResponse:
    """The editions there are, what the practice follows, its own values."""
    return page(request, "immunizations/schedules.html", _context(request))


@staff_page(CHOOSE_SCHEDULE)
def choose(request: StaffRequest) -> HttpResponse:
    """Follow an edition for one vaccine group, or for all others."""
    form = ChooseScheduleForm(request.POST or None, initial={"group": request.GET.get("group", "")})
    if form.is_valid() and attempt(form, actions.choose_schedule, actor=request.actor, **form.cleaned_data):
        return redirect_to(request, "vaccine-schedules")
    return page(request, "immunizations/schedule_form.html", {"title": "Follow an edition"}, form=form)


@require_POST
@staff_page(CHOOSE_SCHEDULE)
def follow_the_rest(request: StaffRequest) -> HttpResponse:
    """Let one group follow what all others follow."""
    actions.follow_the_rest(actor=request.actor, group=request.POST.get("group", ""))
    return redirect_to(request, "vaccine-schedules")


@staff_page(CHOOSE_SCHEDULE)
def add_edition(request: StaffRequest) -> HttpResponse:
    """Record an issuer's edition."""
    form = EditionForm(request.POST or None)
    if form.is_valid() and attempt(
        form, actions.record_edition, actor=request.actor, facts=EditionFacts(**form.cleaned_data)
    ):
        return redirect_to(request, "vaccine-schedules")
    return page(request, "immunizations/schedule_form.html", {"title": "Add an edition"}, form=form)


@staff_page(CHOOSE_SCHEDULE)
def edition_status(request: StaffRequest, name: str) -> HttpResponse:
    """Say whether an edition may govern."""
    edition = queries.editions().get(name)
    if edition is None:
        raise NotFound("There is no such edition.")
    form = EditionStatusForm(request.POST or None, initial={"status": edition.header.status})
    if form.is_valid():
        said = {"status": Standing(form.cleaned_data["status"]), "reason": form.cleaned_data["reason"]}
        if attempt(form, actions.set_edition_status, actor=request.actor, name=name, **said):
            return redirect_to(request, "vaccine-schedules")
    return page(request, "immunizations/schedule_form.html", {"title": f"Status of {edition.title}"}, form=form)


@staff_page(CHOOSE_SCHEDULE)
def add_override(request: StaffRequest) -> HttpResponse:
    """Set one value of the schedule for the practice."""
    form = OverrideForm(request.POST or None)
    if form.is_valid() and attempt(
        form, actions.override_schedule, actor=request.actor, facts=OverrideFacts(**form.facts())
    ):
        return redirect_to(request, "vaccine-schedules")
    return page(request, "immunizations/schedule_form.html", {"title": "A value of our own"}, form=form)


@staff_page(CHOOSE_SCHEDULE)
def withdraw_override(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Go back to what the schedule says."""
    row = queries.override_for(public_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid() and attempt(
        form, actions.withdraw_override, actor=request.actor, override=row, **form.cleaned_data
    ):
        return redirect_to(request, "vaccine-schedules")
    return page(request, "immunizations/schedule_form.html", {"title": "Back to the schedule"}, form=form)
