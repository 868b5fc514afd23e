"""What comes: scanned or typed, against an order line or without one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse

from mainstay.foundation.errors import ClinicError
from mainstay.foundation.pages import StaffRequest, attempt, confirmations_in, page, redirect_to, staff_page
from mainstay.inventory import actions, queries
from mainstay.inventory.forms import ReceiveForm
from mainstay.inventory.models import OrderLine
from mainstay.inventory.permissions import RECEIVE


@staff_page(RECEIVE)
def receive(request: StaffRequest) -> HttpResponse:
    """Take stock in: a scan fills the form, the label's own words if there is no scanner."""
    read, said = _scanned(request)
    choices = _choices(request)
    form = ReceiveForm(request.POST or None, initial={**_awaited(request, choices["lines"]), **read}, **choices)
    if form.is_valid():
        about = {"actor": request.actor, "confirmed": confirmations_in(request), **form.arguments()}
        if stock := attempt(form, actions.receive_and_learn, gtin=form.cleaned_data["gtin"], **about):
            line = form.cleaned_data["order_line"]
            to = ("stock-order", line.order.public_id) if line else ("stock-lot", stock.lot.public_id)
            return redirect_to(request, *to)
    asked = {name: request.GET.get(name, "")[:200] for name in ("scan", "line")}
    return page(request, "inventory/receive.html", {**asked, "said": said, "is_read": bool(read)}, form=form)


def _awaited(request: StaffRequest, lines: Iterable[OrderLine]) -> dict[str, Any]:
    """First values of the form for the order line in the address: its item, fund and what is still to come."""
    asked = request.GET.get("line", "")
    line = next((one for one in lines if str(one.pk) == asked), None)
    if line is None:
        return {}
    units = queries.units_for(kind=line.item.storage, site_id=request.actor.site_id)
    return {
        "order_line": str(line.pk),
        "item": str(line.item_id),
        "doses": line.to_come,
        "funding": line.funding,
        "unit": str(units[0].pk) if len(units) == 1 else "",
    }


def _choices(request: StaffRequest) -> dict[str, Any]:
    site = request.actor.site_id or 0
    lines = queries.lines_to_come(site_id=site)
    return {
        "items": queries.stocked_items(),
        "units": queries.units_for(site_id=site),
        "lines": lines,
        "funds": queries.funds_here(*(line.funding for line in lines)),
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
