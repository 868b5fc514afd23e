"""The day, the week, the rooms and things, and the day on paper."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from mainstay.foundation.dates import read_date
from mainstay.foundation.errors import InvalidInput, NotFound
from mainstay.foundation.pages import StaffRequest, page, staff_page
from mainstay.practice.models import Site
from mainstay.practice.queries import open_sites
from mainstay.scheduling import queries
from mainstay.scheduling.permissions import BOOK, CHANGE_TEMPLATES, SEE

VIEWS = ("day", "resources")


@require_GET
@staff_page(SEE)
def schedule(request: StaffRequest) -> HttpResponse:
    """A site's day by provider, or by room and thing."""
    site, day = _site(request), _day(request)
    view = request.GET.get("view", "day")
    look = queries.resource_view if view == "resources" else queries.day_view
    context = {
        **_around(request, site, day),
        "view": view if view in VIEWS else "day",
        "shown": look(request.actor, site, day),
    }
    return page(request, "scheduling/schedule.html", context)


@require_GET
@staff_page(SEE)
def week(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """One provider's week."""
    provider = queries.providers.queryset().filter(public_id=public_id).first()
    if provider is None:
        raise NotFound("There is no such provider.")
    site, day = _site(request), _day(request)
    monday = day - timedelta(days=day.weekday())
    context = {
        **_around(request, site, day),
        "view": "week",
        "provider": provider,
        "shown": queries.week_view(request.actor, provider, site, monday),
        "earlier": monday - timedelta(days=7),
        "later": monday + timedelta(days=7),
        "monday": monday,
    }
    return page(request, "scheduling/schedule.html", context)


@require_GET
@staff_page(SEE)
def day_sheet(request: StaffRequest) -> HttpResponse:
    """The day as a list to print."""
    site, day = _site(request), _day(request)
    rows = queries.day_sheet(request.actor, site, day)
    context = {
        "rows": rows,
        "site": site,
        "day": day,
        "printed_at": request.actor.now,
        "printed_by": request.actor.name,
    }
    return page(request, "scheduling/day_sheet.html", context)


def _around(request: StaffRequest, site: Site, day: date) -> dict[str, object]:
    return {
        "site": site,
        "sites": open_sites(),
        "day": day,
        "today": request.actor.today,
        "misread": "" if _day_typed(request) else request.GET["day"],
        "earlier": day - timedelta(days=1),
        "later": day + timedelta(days=1),
        "providers": queries.providers(at=site.pk),
        "may_book": request.actor.may(BOOK),
        "may_change": request.actor.may(CHANGE_TEMPLATES),
    }


def _site(request: StaffRequest) -> Site:
    sites = {str(s.pk): s for s in open_sites()}
    if not sites:
        raise NotFound("No site is set up yet.")
    asked = request.GET.get("site", "")
    return sites.get(asked) or sites.get(str(request.actor.site_id)) or next(iter(sites.values()))


def _day(request: StaffRequest) -> date:
    return _day_typed(request) or request.actor.today


def _day_typed(request: StaffRequest) -> date | None:
    """The day as typed, today if none was; None for what is not a day."""
    typed = request.GET.get("day", "").strip()
    try:
        return read_date(typed, today=request.actor.today) if typed else request.actor.today
    except InvalidInput:
        return None
