"""What is on hand: the site, one lot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from mainstay.foundation.pages import StaffRequest, attempt, page, redirect_to, staff_page
from mainstay.inventory import actions, queries
from mainstay.inventory.forms import AdjustForm, MoveForm, WasteForm
from mainstay.inventory.models import Stock
from mainstay.inventory.permissions import ADJUST, COUNT, ORDER, RECALL, RECEIVE, SEE, USE


@require_GET
@staff_page(SEE)
def shelves(request: StaffRequest) -> HttpResponse:
    """Stock on hand at the site: what needs somebody's eyes first, then every item, and the storage units."""
    actor = request.actor
    rows = queries.stock_at(site_id=actor.site_id or 0, on=actor.now)
    context = {
        "rows": rows,
        "attention": queries.needing_attention(rows, on=actor.now),
        "units": queries.units_at(site_id=actor.site_id or 0, on=actor.now),
        "may_receive": actor.may(RECEIVE),
        "may_count": actor.may(COUNT),
        "may_recall": actor.may(RECALL),
        "may_order": actor.may(ORDER),
        "now": actor.now,
    }
    return page(request, "inventory/shelves.html", context)


@require_GET
@staff_page(SEE)
def lot(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """One lot: where it is, what came and went, and who had it."""
    return _lot(request, public_id)


def _lot(request: StaffRequest, public_id: UUID, form: Form | None = None, at: UUID | None = None) -> HttpResponse:
    shown, actor = queries.lot_named(public_id), request.actor
    places = queries.stocks_of(shown, on=actor.now)
    context = {
        "lot": shown,
        "places": [(place, _forms(request, place.stock)) for place in places if place.doses_left or place.findings],
        "movements": queries.movements_of(shown),
        "lineage": queries.lineage_of(actor, shown),
        "may_use": actor.may(USE),
        "may_receive": actor.may(RECEIVE),
        "may_adjust": actor.may(ADJUST),
        "wrong": at,
        "now": actor.now,
        "today": actor.today,
    }
    return page(request, "inventory/lot.html", context, form=form)


def _forms(request: StaffRequest, stock: Stock) -> dict[str, Form]:
    """The forms beside one place of a lot, each with a prefix of its own."""
    key = str(stock.pk)
    units = [u for u in queries.units_for(kind=stock.lot.item.storage) if u.pk != stock.unit_id]
    return {
        "waste": WasteForm(prefix=f"waste-{key}", people=queries.possible_witnesses(request.actor)),
        "move": MoveForm(prefix=f"move-{key}", units=units),
        "adjust": AdjustForm(prefix=f"adjust-{key}"),
    }


@require_POST
@staff_page(USE)
def waste(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Write off doses of a lot in a unit."""
    stock = queries.stock_named(public_id)
    form = WasteForm(request.POST, prefix=f"waste-{stock.pk}", people=queries.possible_witnesses(request.actor))
    return _done(request, stock, form, actions.waste_dose, lot=stock.lot, unit=stock.unit)


@require_POST
@staff_page(RECEIVE)
def move(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Move doses to another unit."""
    stock = queries.stock_named(public_id)
    form = MoveForm(request.POST, prefix=f"move-{stock.pk}", units=queries.units_for())
    return _done(request, stock, form, actions.transfer_stock, stock=stock)


@require_POST
@staff_page(ADJUST)
def adjust(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Put a figure right."""
    stock = queries.stock_named(public_id)
    form = AdjustForm(request.POST, prefix=f"adjust-{stock.pk}")
    return _done(request, stock, form, actions.adjust_stock, stock=stock)


def _done(request: StaffRequest, place: Stock, form: Form, action: Callable[..., Any], **about: Any) -> HttpResponse:
    if form.is_valid() and attempt(form, action, actor=request.actor, **about, **form.cleaned_data):
        return redirect_to(request, "stock-lot", place.lot.public_id)
    return _lot(request, place.lot.public_id, form, place.public_id)


@require_POST
@staff_page(RECEIVE)
def expire(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Take an expired lot out of its unit."""
    stock = queries.stock_named(public_id)
    actions.expire_stock(actor=request.actor, stock=stock, note=request.POST.get("note", "")[:300])
    return redirect_to(request, "stock-lot", stock.lot.public_id)


@require_POST
@staff_page(USE)
def discard_vials(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Throw away every open vial of a lot in a unit that is past its hours."""
    stock = queries.stock_named(public_id)
    actions.discard_vials_past_hours(actor=request.actor, stock=stock)
    return redirect_to(request, "stock-lot", stock.lot.public_id)
