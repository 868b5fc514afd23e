"""What waits for a signature, what is signed and not done, what came back; and one order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from mainstay.foundation.pages import StaffRequest, attempt, page, redirect_to, staff_page
from mainstay.orders import actions, queries
from mainstay.orders.actions import Seen
from mainstay.orders.forms import ReasonForm, WordsForm, order_form
from mainstay.orders.kinds import kinds, kinds_written
from mainstay.orders.lines import order_lines
from mainstay.orders.permissions import CARRY_OUT, PEND, SEE, SIGN
from mainstay.people.queries import banner_for, open_chart
from mainstay.visits.queries import site_of, visit_for


@require_GET
@staff_page(SEE)
def orders(request: StaffRequest) -> HttpResponse:
    """Orders and results: what waits here, and for whom."""
    return orders_page(request)


def orders_page(request: StaffRequest, **more: Any) -> HttpResponse:
    """The page of orders, with what came of signing or declining."""
    actor, site = request.actor, site_of(request.actor)
    waiting = queries.orders_waiting(site)
    mine = queries.orders_to_sign(actor) if actor.may(SIGN) else []
    asked_of_me = {order.pk for order in mine}
    context = {
        "site": site,
        "may_sign": queries.may_sign(actor),
        "to_sign": order_lines(mine, late_at=actor.now),
        "waiting": order_lines((o for o in waiting if o.pk not in asked_of_me), late_at=actor.now),
        "to_do": order_lines(queries.orders_to_carry_out(site)),
        "declined": order_lines(queries.declined_orders_of(actor)),
        "all_ticked": request.GET.get("tick") == "all",
        "now": actor.now,
    }
    return page(request, "orders/orders.html", {**context, **more}, status=more.get("status", 200))


@require_POST
@staff_page(SIGN)
def sign(request: StaffRequest) -> HttpResponse:
    """Sign what was ticked, each order by itself, as it was shown."""
    seen = _ticked(request.POST)
    if not seen:
        messages.warning(request, _("Tick what you want to sign."))
        return redirect_to(request, "orders")
    batch = actions.sign_orders(actor=request.actor, seen=seen)
    if batch.signed:
        count = len(batch.signed)
        messages.success(request, ngettext("Signed one order.", "Signed %(n)d orders.", count) % {"n": count})
    if not batch.refused:
        return redirect_to(request, "orders")
    return orders_page(request, refused=batch.refused)


def _ticked(posted: Mapping[str, Any]) -> list[Seen]:
    """The orders that were ticked, each with the seal of what was shown; what is no order's id is passed over."""
    found = []
    for text in posted.getlist("sign"):  # type: ignore[attr-defined]  # a QueryDict
        try:
            found.append(Seen(UUID(text), posted.get(f"seal-{text}", "")))
        except ValueError:
            continue
    return found


@require_POST
@staff_page(SIGN)
def decline(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Decline to sign, with words."""
    order, form = queries.order_named(request.actor, public_id), WordsForm(request.POST)
    if form.is_valid() and attempt(
        form, actions.decline_order, actor=request.actor, order=order, words=form.cleaned_data["words"]
    ):
        return redirect_to(request, "orders")
    return orders_page(request, form=form, declining=public_id, status=422)


@require_POST
@staff_page(PEND)
def acknowledge(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The words of a declined order were read."""
    actions.acknowledge_decline(actor=request.actor, order=queries.order_named(request.actor, public_id))
    return redirect_to(request, "orders")


@require_GET
@staff_page(SEE)
def order(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """One order: what it says, who signed it, what happened to it."""
    return _order(request, public_id)


def _order(request: StaffRequest, public_id: UUID, form: WordsForm | None = None) -> HttpResponse:
    found = queries.order_named(request.actor, public_id)
    patient = open_chart(request.actor, found.patient.public_id, what="order")
    [line] = order_lines([found], late_at=request.actor.now)
    context = {
        "line": line,
        "order": found,
        "banner": banner_for(request.actor, patient),
        "steps": found.steps.select_related("by").order_by("pk"),
        "may_carry_out": queries.may_carry_out(request.actor, found) if found.signed_at else None,
        "may_sign": queries.may_sign(request.actor),
        "may_end": request.actor.may(SIGN if found.signed_at else PEND),
        "kind": kinds()[found.kind],
    }
    return page(request, "orders/order.html", context, form=form)


@require_POST
@staff_page(SEE)
def end(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Take back an order that waits, or cancel a signed one, with the reason."""
    found, form = queries.order_named(request.actor, public_id), ReasonForm(request.POST)
    act = actions.cancel_order if found.signed_at else actions.take_back_order
    if form.is_valid() and attempt(form, act, actor=request.actor, order=found, reason=form.cleaned_data["reason"]):
        return redirect_to(request, "order", public_id)
    return page(request, "orders/end.html", {"order": found}, form=form, status=422)


@require_POST
@staff_page(CARRY_OUT)
def done(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """A signed order was carried out, in words; vaccines are given on their own page."""
    found, form = queries.order_named(request.actor, public_id), WordsForm(request.POST)
    about = {"actor": request.actor, "order": found}
    if form.is_valid() and attempt(form, actions.record_carried_out, **about, words=form.cleaned_data["words"]):
        return redirect_to(request, "order", public_id)
    return _order(request, public_id, form)


@staff_page(PEND)
def pend(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Prepare an order from the chart."""
    return _pend(request, patient_id)


@staff_page(PEND)
def pend_at_visit(request: StaffRequest, visit_id: UUID) -> HttpResponse:
    """Prepare an order while rooming."""
    visit = visit_for(request.actor, visit_id)
    return _pend(request, visit.patient.public_id, visit=visit)


def _pend(request: StaffRequest, patient_id: UUID, *, visit: Any = None) -> HttpResponse:
    patient, kind = open_chart(request.actor, patient_id, what="orders"), _kind_asked(request)
    asked = {"for_provider": visit.provider_id} if visit else {}
    form = order_form(kind)(request.POST or None, kind=kind, site_id=request.actor.site_id, initial=asked)
    if request.method == "POST" and form.is_valid():
        arguments = {"patient": patient, "visit": visit, "content": form.content(), **form.people()}
        if attempt(form, actions.pend_order, actor=request.actor, **arguments):
            messages.success(request, _("Prepared. It takes effect once a provider signs it."))
            return redirect_to(request, "rooming", visit.public_id) if visit else redirect_to(request, "orders")
    earlier = order_lines(queries.orders_of_patient(patient), late_at=request.actor.now)
    context = {"banner": banner_for(request.actor, patient), "patient": patient, "visit": visit, "earlier": earlier}
    return page(request, "orders/pend.html", {**context, "kind": kind, "kinds": kinds_written().values()}, form=form)


def _kind_asked(request: StaffRequest) -> str:
    """The kind of order the form was sent for, or the address names; a vaccine where it is none."""
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    return kind if kind in kinds_written() else "vaccine"


@staff_page(PEND)
def change(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Change an order that waits, or prepare one that replaces a signed one."""
    found = queries.order_named(request.actor, public_id)
    patient = open_chart(request.actor, found.patient.public_id, what="orders")
    written = order_form(found.kind)
    form = written(request.POST or None, kind=found.kind, site_id=found.site_id, order=found)
    act = actions.amend_order if found.signed_at else actions.change_order
    if request.method == "POST" and form.is_valid():
        changed = attempt(form, act, actor=request.actor, order=found, content=form.content())
        if changed:
            return redirect_to(request, "order", changed.public_id)
    context = {"banner": banner_for(request.actor, patient), "patient": patient, "order": found, "kind": found.kind}
    return page(request, "orders/pend.html", context, form=form)
