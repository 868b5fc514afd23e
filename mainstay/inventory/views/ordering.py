"""Orders of stock: what is to come, a new order of as many lines as wanted, and what becomes of the rest."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from mainstay.foundation.pages import StaffRequest, attempt, page, redirect_to, staff_page
from mainstay.inventory import actions, queries
from mainstay.inventory.forms import WhyForm
from mainstay.inventory.forms_ordering import FIRST_LINES, BackOrderForm, LineForms, OrderForm, lines_typed, wanted_of
from mainstay.inventory.permissions import ORDER, RECEIVE, SEE


@require_GET
@staff_page(SEE)
def orders(request: StaffRequest) -> HttpResponse:
    """What is ordered and what came."""
    context = {
        "orders": queries.orders_at(site_id=request.actor.site_id or 0),
        "may_order": request.actor.may(ORDER),
        "may_receive": request.actor.may(RECEIVE),
        "today": request.actor.today,
    }
    return page(request, "inventory/orders.html", context)


@staff_page(ORDER)
def write(request: StaffRequest) -> HttpResponse:
    """A new order: lines are added and taken away by buttons, what is below its level can stand there at once."""
    kw = {"items": queries.stocked_items(), "funds": queries.funds_here()}
    if change := request.POST.get("lines"):
        lines = LineForms(prefix="line", initial=lines_typed(request.POST, change), form_kwargs=kw)
        return _order_form(request, OrderForm(initial=request.POST.dict()), lines)
    if request.method != "POST":
        return _order_form(request, OrderForm(), LineForms(prefix="line", initial=_first(request), form_kwargs=kw))
    form, lines = OrderForm(request.POST), LineForms(request.POST, prefix="line", form_kwargs=kw)
    if form.is_valid() and lines.is_valid():
        about = {"actor": request.actor, "site": queries.site_here(request.actor), "wanted": wanted_of(lines)}
        if made := attempt(form, actions.order_stock, **about, **form.cleaned_data):
            return redirect_to(request, "stock-order", made.public_id)
    return _order_form(request, form, lines, status=422)


def _first(request: StaffRequest) -> list[dict[str, Any]]:
    if "below" not in request.GET:
        return [{} for _ in range(FIRST_LINES)]
    wanted = queries.lines_wanted(site_id=request.actor.site_id or 0, on=request.actor.now)
    return [{"item": str(item.pk), "doses": doses, "funding": fund or "private"} for item, doses, fund in wanted] or [
        {}
    ]


def _order_form(request: StaffRequest, form: OrderForm, lines: Any, *, status: int = 200) -> HttpResponse:
    context = {"lines": lines, "vendors": queries.vendors(), "is_below": "below" in request.GET}
    return page(request, "inventory/order_form.html", context, form=form, status=status)


@require_GET
@staff_page(SEE)
def order(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """One order: each line, what came of it in which lots, and what is still to come."""
    return _order(request, public_id)


def _order(request: StaffRequest, public_id: UUID, form: Form | None = None, at: int | None = None) -> HttpResponse:
    shown = queries.order_named(public_id)
    lines = [
        (line, form if form and line.pk == at else WhyForm(prefix=f"line-{line.pk}")) for line in shown.lines.all()
    ]
    context = {
        "order": shown,
        "lines": lines,
        "is_awaited": any(line.to_come for line, _ in lines),
        "later": form if isinstance(form, BackOrderForm) else BackOrderForm(prefix="later"),
        "end": form if isinstance(form, WhyForm) and at is None else WhyForm(prefix="end"),
        "steps": shown.steps.select_related("by").order_by("pk"),
        "may_order": request.actor.may(ORDER),
        "may_receive": request.actor.may(RECEIVE),
        "today": request.actor.today,
    }
    return page(request, "inventory/order.html", context, form=form)


@require_POST
@staff_page(ORDER)
def later(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The rest is back-ordered."""
    form = BackOrderForm(request.POST, prefix="later")
    about = {"actor": request.actor, "order": queries.order_named(public_id)}
    if form.is_valid() and attempt(form, actions.back_order, **about, **form.cleaned_data):
        return redirect_to(request, "stock-order", public_id)
    return _order(request, public_id, form)


@require_POST
@staff_page(ORDER)
def close(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Nothing more comes of an order."""
    form = WhyForm(request.POST, prefix="end")
    about = {"actor": request.actor, "order": queries.order_named(public_id)}
    if form.is_valid() and attempt(form, actions.close_order_short, **about, **form.cleaned_data):
        return redirect_to(request, "stock-order", public_id)
    return _order(request, public_id, form)


@require_POST
@staff_page(ORDER)
def close_line(request: StaffRequest, public_id: UUID, line: int) -> HttpResponse:
    """The rest of one line will not come."""
    found = queries.order_line_numbered(queries.order_named(public_id), line)
    form = WhyForm(request.POST, prefix=f"line-{line}")
    about = {"actor": request.actor, "line": found}
    if form.is_valid() and attempt(form, actions.close_line_short, **about, **form.cleaned_data):
        return redirect_to(request, "stock-order", public_id)
    return _order(request, public_id, form, line)
