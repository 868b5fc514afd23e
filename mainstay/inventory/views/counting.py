"""Blind counts."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from mainstay.foundation.pages import StaffRequest, attempt, confirmations_in, page, redirect_to, staff_page
from mainstay.inventory import actions, queries
from mainstay.inventory.forms import CountForm, WhyForm, counted
from mainstay.inventory.lifecycle import FINDING_LOTS, CountState
from mainstay.inventory.models import Count, CountLine
from mainstay.inventory.permissions import ADJUST, COUNT, SEE


@require_GET
@staff_page(SEE)
def counts(request: StaffRequest) -> HttpResponse:
    """Counts of this site, and the units that can be counted."""
    site = request.actor.site_id or 0
    context = {
        "counts": queries.counts_at(site_id=site),
        "units": queries.units_for(site_id=site),
        "may_count": request.actor.may(COUNT),
    }
    return page(request, "inventory/counts.html", context)


@require_POST
@staff_page(COUNT)
def begin(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Begin to count a unit."""
    count = actions.begin_count(actor=request.actor, unit=queries.unit_named(public_id))
    return redirect_to(request, "stock-count", count.public_id)


@staff_page(COUNT)
def count(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """One count: figures are typed without seeing any, differences counted again, then settled by a lead."""
    shown, typed = queries.count_named(public_id), request.POST.dict()
    items = queries.stocked_items() if shown.state in FINDING_LOTS else ()
    form = CountForm(request.POST or None, items=items)
    if form.is_valid() and (done := attempt(form, _write, request=request, shown=shown, label=form)):
        if "add" not in request.POST:
            return redirect_to(request, "stock-count", public_id)
        typed[f"found-{done.stock_id}"] = str(form.cleaned_data["doses"])
        form = CountForm(items=items)
    context = {
        "count": shown,
        "finding": shown.state in FINDING_LOTS,
        "lines": [
            (line, typed.get(f"found-{line.stock_id}", ""), typed.get(f"why-{line.stock_id}", ""))
            for line in queries.lines_to_count(shown)
        ],
        "may_adjust": request.actor.may(ADJUST),
        "reasons": queries.reasons("count").values(),
    }
    return page(request, "inventory/count.html", context, form=form)


def _write(request: StaffRequest, shown: Count, label: CountForm) -> Count | CountLine:
    """Write down what was sent, as the state of the count asks for; a lot in no book is put into the list first."""
    more: dict[int, int] = {}
    if shown.state in FINDING_LOTS and (lot := label.lot()):
        line = actions.count_found_lot(actor=request.actor, count=shown, **lot)
        if "add" in request.POST:
            return line
        more = {line.stock_id: label.cleaned_data["doses"]}
    stocks = [line.stock_id for line in queries.lines_to_count(shown)]
    found = {**counted(request.POST, stocks), **more}
    if shown.state == CountState.COUNTING:
        return actions.write_first_count(actor=request.actor, count=shown, found=found)
    if shown.state == CountState.RECOUNTING:
        confirmed = confirmations_in(request)
        return actions.write_second_count(actor=request.actor, count=shown, found=found, confirmed=confirmed)
    why = {stock: request.POST.get(f"why-{stock}", "") for stock in stocks}
    return actions.settle_count(actor=request.actor, count=shown, why=why)


@require_POST
@staff_page(COUNT)
def drop(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Give up a count."""
    form = WhyForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    actions.drop_count(actor=request.actor, count=queries.count_named(public_id), reason=reason)
    return redirect_to(request, "stock-counts")
