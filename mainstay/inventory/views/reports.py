"""Reports to print: VFC reconciliation, waste, use, stock on hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from mainstay.foundation.pages import StaffRequest, page, staff_page
from mainstay.inventory import queries
from mainstay.inventory.forms import SpanForm
from mainstay.inventory.lifecycle import Funding
from mainstay.inventory.permissions import SEE


@require_GET
@staff_page(SEE)
def reports(request: StaffRequest) -> HttpResponse:
    """What can be printed."""
    first, last = queries.month_of(request.actor.today)
    return page(request, "inventory/reports.html", {"first": first, "last": last})


@require_GET
@staff_page(SEE)
def reconciliation(request: StaffRequest) -> HttpResponse:
    """Doses of one fund: opening, what came and went, closing."""
    asked = request.GET.get("fund", Funding.VFC)
    fund = Funding(asked) if asked in set(Funding) else Funding.VFC

    def rows(first: date, last: date) -> dict[str, Any]:
        site = queries.site_here(request.actor)
        found = queries.reconciliation(site=site, first=first, last=last, funding=fund)
        columns = queries.columns_of(found)
        return {
            "rows": [(row, row.of(columns)) for row in found],
            "columns": [name.replace("_", " ") for name in columns],
            "fund": fund.label,
            "wrong": [row for row in found if not row.adds_up],
        }

    return _printed(request, "inventory/reconciliation.html", rows)


@require_GET
@staff_page(SEE)
def waste(request: StaffRequest) -> HttpResponse:
    """Every dose lost, with its cause and witness."""

    def rows(first: date, last: date) -> dict[str, Any]:
        found = queries.lost_doses(site=queries.site_here(request.actor), first=first, last=last)
        return {"rows": found, "doses": -sum(row.movement.doses for row in found)}

    return _printed(request, "inventory/waste.html", rows)


@require_GET
@staff_page(SEE)
def usage(request: StaffRequest) -> HttpResponse:
    """What was used, by item and fund."""

    def rows(first: date, last: date) -> dict[str, Any]:
        return {"rows": queries.usage(site=queries.site_here(request.actor), first=first, last=last)}

    return _printed(request, "inventory/usage.html", rows)


@require_GET
@staff_page(SEE)
def on_hand(request: StaffRequest) -> HttpResponse:
    """Everything on hand, as a list to print."""
    context = {
        "rows": queries.stock_at(site_id=request.actor.site_id or 0, on=request.actor.now),
        **queries.paper_head(request.actor),
    }
    return page(request, "inventory/on_hand.html", context)


def _printed(request: StaffRequest, template: str, rows: Callable[[date, date], dict[str, Any]]) -> HttpResponse:
    asked = _span(request)
    first, last = asked or queries.month_of(request.actor.today)
    context = {
        **rows(first, last),
        "first": first,
        "last": last,
        "is_read": asked is not None or not request.GET,
        **queries.paper_head(request.actor),
    }
    return page(request, template, context)


def _span(request: StaffRequest) -> tuple[date, date] | None:
    """The days asked for; None where they cannot be read, or end before they begin."""
    form = SpanForm(request.GET)
    if not form.is_valid() or form.cleaned_data["first"] > form.cleaned_data["last"]:
        return None
    return form.cleaned_data["first"], form.cleaned_data["last"]
