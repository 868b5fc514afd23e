"""The huddle sheet for the next day, and what is open at the end of this one."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from mainstay.foundation.pages import StaffRequest, page, redirect_to, staff_page
from mainstay.rooming import actions, queries
from mainstay.rooming.permissions import END_OF_DAY, HUDDLE
from mainstay.visits import queries as visit_queries


@require_GET
@staff_page(HUDDLE)
def huddle(request: StaffRequest) -> HttpResponse:
    """What the next day's patients need, by provider."""
    site = visit_queries.site_of(request.actor)
    day = request.actor.today
    if request.GET.get("day") != "today":
        day = queries.day_to_plan(site, today=day)
    groups = queries.huddle_groups(site, day)
    unplanned = sum(line.plan is None for group in groups for line in group.lines)
    context = {"site": site, "day": day, "groups": groups, "unplanned": unplanned, "today": request.actor.today}
    return page(request, "rooming/huddle.html", context)


@require_POST
@staff_page(HUDDLE)
def rebuild(request: StaffRequest) -> HttpResponse:
    """Build the sheet anew; the team's notes stay."""
    site, today = visit_queries.site_of(request.actor), request.actor.today
    is_today = request.POST.get("day") == "today"
    day = today if is_today else queries.day_to_plan(site, today=today)
    actions.build_huddle(actor=request.actor, site=site, day=day)
    return redirect_to(request, "/huddle/?day=today" if is_today else "huddle")


@require_POST
@staff_page(HUDDLE)
def note(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Keep the team's word on one visit."""
    plan = queries.plan_for(public_id)
    actions.note_for_huddle(actor=request.actor, plan=plan, note=request.POST.get("note", ""))
    return redirect_to(request, "/huddle/?day=today" if request.POST.get("day") == "today" else "huddle")


@require_GET
@staff_page(END_OF_DAY)
def end_of_day(request: StaffRequest) -> HttpResponse:
    """What is still open, each with the one thing to do."""
    site = visit_queries.site_of(request.actor)
    sections = queries.open_at_end_of_day(request.actor, site)
    return page(request, "rooming/end_of_day.html", {"site": site, "day": request.actor.today, "sections": sections})
