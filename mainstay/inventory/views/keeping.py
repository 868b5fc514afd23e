"""The list of items: what is stocked, its package numbers, how much each site wants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.views.decorators.http import require_GET, require_POST

from mainstay.foundation.pages import StaffRequest, attempt, page, redirect_to, staff_page
from mainstay.inventory import actions, queries
from mainstay.inventory.forms_keeping import ItemForm, PackageForm, ParForm
from mainstay.inventory.models import ParLevel
from mainstay.inventory.permissions import ORDER, SEE
from mainstay.practice.queries import open_sites


@require_GET
@staff_page(SEE)
def items(request: StaffRequest) -> HttpResponse:
    """Every item that is or was stocked."""
    return _items(request)


def _items(request: StaffRequest, **more: Any) -> HttpResponse:
    context = {"items": queries.every_item(), "may_order": request.actor.may(ORDER)}
    return page(request, "inventory/items.html", context, **more)


@staff_page(ORDER)
def add(request: StaffRequest) -> HttpResponse:
    """A new item."""
    form = ItemForm(request.POST or None)
    if form.is_valid() and (made := attempt(form, actions.add_item, actor=request.actor, **form.cleaned_data)):
        return redirect_to(request, "stock-item", made.public_id)
    return page(request, "inventory/item_form.html", form=form)


@staff_page(ORDER)
def change(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """What is known about an item, put right."""
    shown = queries.item_named(public_id)
    form = ItemForm(request.POST or None, item=shown)
    about = {"actor": request.actor, "item": shown}
    if form.is_valid() and attempt(form, actions.change_item, **about, **form.cleaned_data):
        return redirect_to(request, "stock-item", public_id)
    context = {"item": shown, "stays": queries.keeps_its_identity(shown)}
    return page(request, "inventory/item_form.html", context, form=form)


@staff_page(SEE)
def item(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """One item: its lots everywhere, its package numbers, what each site wants, and a new level."""
    shown = queries.item_named(public_id)
    form = None
    if request.method == "POST":
        form = _par_form(request, queries.pars_of_item(shown), request.POST)
    about = {"actor": request.actor, "item": shown}
    if form and form.is_valid() and attempt(form, actions.set_par_level, **about, **form.cleaned_data):
        return redirect_to(request, "stock-item", public_id)
    return _item(request, public_id, par=form)


def _par_form(request: StaffRequest, pars: Sequence[ParLevel], typed: QueryDict | None = None) -> ParForm:
    funds = queries.funds_here(*(par.funding for par in pars))
    initial = {"site": str(request.actor.site_id or "")}
    return ParForm(typed, sites=open_sites(), funds=funds, initial=initial)


def _item(
    request: StaffRequest, public_id: UUID, *, par: ParForm | None = None, package: PackageForm | None = None
) -> HttpResponse:
    shown, refused = queries.item_named(public_id), par or package
    lots, pars = queries.lots_of_item(shown, on=request.actor.now), queries.pars_of_item(shown)
    context = {
        "item": shown,
        "kept": queries.item_kept(shown, on_hand=sum(lot.doses_left for lot in lots)),
        "lots": lots,
        "pars": pars,
        "packages": [code for code in shown.package_codes.all() if code.is_current],
        "may_order": request.actor.may(ORDER),
        "now": request.actor.now,
        "par": par or _par_form(request, pars),
        "package": package or PackageForm(),
    }
    more: dict[str, Any] = {"form": refused} if refused else {}
    return page(request, "inventory/item.html", context, **more)


@require_POST
@staff_page(ORDER)
def package(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Another package number of an item."""
    shown, form = queries.item_named(public_id), PackageForm(request.POST)
    about = {"actor": request.actor, "item": shown}
    if form.is_valid() and attempt(form, actions.know_package, **about, **form.cleaned_data):
        return redirect_to(request, "stock-item", public_id)
    return _item(request, public_id, package=form)


@require_POST
@staff_page(ORDER)
def forget(request: StaffRequest, public_id: UUID, code: int) -> HttpResponse:
    """A package number that no longer means this item."""
    found = queries.package_numbered(queries.item_named(public_id), code)
    actions.forget_package(actor=request.actor, code=found)
    return redirect_to(request, "stock-item", public_id)


@require_POST
@staff_page(ORDER)
def end_par(request: StaffRequest, public_id: UUID, par: int) -> HttpResponse:
    """A site no longer keeps an item at a level."""
    actions.end_par_level(actor=request.actor, par=queries.par_numbered(queries.item_named(public_id), par))
    return redirect_to(request, "stock-item", public_id)


@require_POST
@staff_page(ORDER)
def retire(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Stop stocking an item."""
    form = Form(request.POST)
    if attempt(form, actions.retire_item, actor=request.actor, item=queries.item_named(public_id)):
        return redirect_to(request, "stock-items")
    return _items(request, form=form)


@require_POST
@staff_page(ORDER)
def restock(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Stock an item again."""
    actions.stock_item_again(actor=request.actor, item=queries.item_named(public_id))
    return redirect_to(request, "stock-item", public_id)
