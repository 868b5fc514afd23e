"""The week plan of a site."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.pages import StaffRequest, attempt, page, redirect_to, staff_page
from mainstay.workforce import actions
from mainstay.workforce.forms import ShiftForm
from mainstay.workforce.permissions import PLAN_SHIFTS, SEE_STAFF
from mainstay.workforce.queries import shift_named, site_here, week_rows
from mainstay.workforce.rules import shift_span

FARTHEST = timedelta(weeks=5_000)
"""How far from today a week plan can be looked at."""


def monday_in(text: str, today: date) -> date:
    """The Monday of the week asked for (`2026-11-23`), or of this one."""
    try:
        day = date.fromisoformat(text) if text else today
    except ValueError:
        raise InvalidInput("There is no such week.") from None
    if abs(day - today) > FARTHEST:
        raise InvalidInput("That week is too far from this one.")
    return day - timedelta(days=day.weekday())


@require_GET
@staff_page(SEE_STAFF)
def week(request: StaffRequest) -> HttpResponse:
    """Who works when, this week or another."""
    return show_week(request, ShiftForm(initial={"day": request.actor.today}))


def show_week(request: StaffRequest, form: ShiftForm) -> HttpResponse:
    """The week plan with its form."""
    site = site_here(request.actor)
    monday = monday_in(request.GET.get("week", ""), request.actor.today)
    days, rows = week_rows(site, monday)
    context = {
        "site": site, "days": days, "rows": rows, "monday": monday, "today": request.actor.today,
        "earlier": monday - timedelta(days=7), "later": monday + timedelta(days=7),
        "may_plan": request.actor.may(PLAN_SHIFTS),
    }  # fmt: skip
    return page(request, "workforce/shifts.html", context, form=form)


@require_POST
@staff_page(PLAN_SHIFTS)
def plan(request: StaffRequest) -> HttpResponse:
    """Plan one shift."""
    form, site = ShiftForm(request.POST), site_here(request.actor)
    if form.is_valid():
        typed = form.cleaned_data
        starts, ends = shift_span(site.zone, typed["day"], typed["starts"], typed["ends"])
        planned = attempt(
            form, actions.plan_shift, actor=request.actor, staff=typed["staff"], site=site, starts=starts, ends=ends,
            duty=typed["duty"], pod=typed["pod"],
        )  # fmt: skip
        if planned is not None:
            return redirect_to(request, f"/shifts/?week={typed['day'].isoformat()}")
    return show_week(request, form)


@require_POST
@staff_page(PLAN_SHIFTS)
def copy(request: StaffRequest) -> HttpResponse:
    """Plan the next week like this one."""
    monday = monday_in(request.POST.get("week", ""), request.actor.today)
    made, left_out = actions.copy_week(actor=request.actor, site=site_here(request.actor), monday=monday)
    messages.success(
        request,
        _("Shifts copied: %(made)s. Left out because they were there: %(out)s.") % {"made": made, "out": left_out},
    )
    return redirect_to(request, f"/shifts/?week={(monday + timedelta(days=7)).isoformat()}")


@require_POST
@staff_page(PLAN_SHIFTS)
def cancel(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Take a shift off the plan."""
    shift = actions.cancel_shift(actor=request.actor, shift=shift_named(public_id))
    day = shift.during.lower.astimezone(shift.site.zone).date()
    return redirect_to(request, f"/shifts/?week={day.isoformat()}")
