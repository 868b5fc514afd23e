"""What comes: scan or type, against an order; and the orders."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from mainstay.foundation.errors import ClinicError
from mainstay.foundation.pages import StaffRequest, attempt, confirmations_in, page, redirect_to, staff_page
from mainstay.inventory import actions, queries
from mainstay.inventory.forms import OrderForm, ReceiveForm
from mainstay.inventory.lifecycle import Funding
from mainstay.inventory.permissions import ORDER, RECEIVE, SEE


@staff_page(RECEIVE)
def receive(request: StaffRequest) -> HttpResponse:
    """Take stock in: a scan fills the form, the label's own words if there is no scanner."""
    read, said = _scanned(request)
    form = ReceiveForm(request.POST or None, initial=read, **_choices(request))
    if form.is_valid():
        about = {"actor": request.actor, "confirmed": confirmations_in(request), **form.arguments()}
        if stock := attempt(form, actions.receive_and_learn, gtin=form.cleaned_data["gtin"], **about):
            return redirect_to(request, "stock-lot", stock.lot.public_id)
    context = {"said": said, "scan": request.GET.get("scan", ""), "is_read": bool(read)}
    return page(request, "inventory/receive.html", context, form=form)


def _choices(request: StaffRequest) -> dict[str, Any]:
    site = request.actor.site_id or 0
    return {
        "items": queries.stocked_items(),
        "units": queries.units_for(site_id=site),
        "lines": queries.lines_to_come(site_id=site),
    }


def _scanned(request: StaffRequest) -> tuple[dict[str, Any], str]:
    """What a scan in the address says as first values of the form, and what there is to say about it."""
    scan = request.GET.get("scan", "").strip()
    if not scan:
        return {}, ""
    try:
        code = queries.read_barcode(scan, today=request.actor.today)
    except ClinicError as error:
        return {}, error.message
    items = queries.items_scanned(code)
    read = {"lot_number": code.lot_number, "expires_on": code.expires_on, "gtin": code.gtin}
    if len(items) != 1:
        return read, "This package number is new here: choose the item, and it is known from then on."
    units = queries.units_for(kind=items[0].storage, site_id=request.actor.site_id)
    return {**read, "item": items[0].pk, "unit": units[0].pk if len(units) == 1 else ""}, ""


@staff_page(SEE)
def orders(request: StaffRequest) -> HttpResponse:
    """What is ordered and what came; a new order."""
    form = OrderForm(request.POST or None, items=queries.stocked_items())
    if form.is_valid() and attempt(form, actions.order_stock, actor=request.actor, **_ordered(request, form)):
        return redirect_to(request, "stock-orders")
    context = {
        "orders": queries.orders_at(site_id=request.actor.site_id or 0),
        "may_order": request.actor.may(ORDER),
        "may_receive": request.actor.may(RECEIVE),
    }
    return page(request, "inventory/orders.html", context, form=form)


def _ordered(request: StaffRequest, form: OrderForm) -> dict[str, Any]:
    typed = form.cleaned_data
    wanted = [actions.Wanted(typed["item"], typed["doses"], Funding(typed["funding"]))]
    return {
        "site": queries.site_here(request.actor),
        "vendor": typed["vendor"],
        "number": typed["number"],
        "wanted": wanted,
    }


@require_POST
@staff_page(ORDER)
def cancel(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Give up what has not come of an order."""
    reason = request.POST.get("reason", "")
    actions.cancel_order(actor=request.actor, order=queries.order_named(public_id), reason=reason)
    return redirect_to(request, "stock-orders")
