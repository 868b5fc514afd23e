"""Standing orders: the list, one of them, writing, signing, reviewing, withdrawing, and paper."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mainstay.foundation.pages import StaffRequest, attempt, page, redirect_to, staff_page
from mainstay.foundation.printing import typeset
from mainstay.orders import actions, queries
from mainstay.orders.forms import CriterionForms, ProductForms, ReasonForm, StandingForm, StandingReviewForm
from mainstay.orders.lines import standing_line
from mainstay.orders.models import StandingOrder
from mainstay.orders.papers_of import standing_words
from mainstay.orders.permissions import SEE, SIGN_STANDING, WRITE_STANDING


@require_GET
@staff_page(SEE)
def standing_orders(request: StaffRequest) -> HttpResponse:
    """Every standing order, and whether it holds today."""
    lines = [standing_line(order, on=request.actor.today) for order in queries.standing_orders()]
    context = {"lines": lines, "may_write": request.actor.may(WRITE_STANDING)}
    return page(request, "orders/standing_orders.html", context)


@require_GET
@staff_page(SEE)
def standing_order(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """One standing order in full."""
    return standing_page(request, queries.standing_order_named(request.actor, public_id))


def standing_page(request: StaffRequest, order: StandingOrder, **more: object) -> HttpResponse:
    """The page of one standing order, with a form that was refused."""
    context = {
        "order": order,
        "line": standing_line(order, on=request.actor.today),
        "words": standing_words(order),
        "versions": queries.versions_of(order),
        "may_write": request.actor.may(WRITE_STANDING),
        "may_sign": queries.may_sign_standing(request.actor, order),
        "review": StandingReviewForm(initial={"expires_on": queries.a_year_from(request.actor.today)}),
        "reason": ReasonForm(),
    }
    return page(request, "orders/standing_order.html", {**context, **more}, status=422 if more else 200)


@staff_page(WRITE_STANDING)
def write(request: StaffRequest) -> HttpResponse:
    """Write a standing order."""
    return _write(request, None)


@staff_page(WRITE_STANDING)
def write_version(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Write the next version of a standing order."""
    return _write(request, queries.standing_order_named(request.actor, public_id))


def _write(request: StaffRequest, old: StandingOrder | None) -> HttpResponse:
    typed = request.POST or None
    form = StandingForm(typed, order=old)
    lines = CriterionForms(typed, prefix="line", initial=list(old.criteria.values()) if old and not typed else None)
    products = ProductForms(typed, prefix="product", initial=list(old.products.values()) if old and not typed else None)
    if typed and all(part.is_valid() for part in (form, lines, products)):
        criteria = [c for one in lines if (c := one.criterion()) is not None]
        text = form.text(criteria, [p for one in products if (p := one.product()) is not None])
        if order := attempt(form, actions.write_standing_order, actor=request.actor, text=text, replaces=old):
            return redirect_to(request, "standing-order", order.public_id)
    is_wrong = typed is not None
    context = {"lines": lines, "products": products, "old": old}
    return page(request, "orders/write_standing.html", context, form=form, status=422 if is_wrong else 200)


@require_POST
@staff_page(SIGN_STANDING)
def sign(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Sign a standing order."""
    order = queries.standing_order_named(request.actor, public_id)
    actions.sign_standing_order(actor=request.actor, standing_order=order)
    messages.success(request, _("Signed. It holds from its first day."))
    return redirect_to(request, "standing-order", public_id)


@require_POST
@staff_page(SIGN_STANDING)
def review(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Say that a standing order was reviewed and holds on."""
    order, form = queries.standing_order_named(request.actor, public_id), StandingReviewForm(request.POST)
    if form.is_valid() and attempt(
        form, actions.renew_standing_order, actor=request.actor, standing_order=order, **form.cleaned_data
    ):
        return redirect_to(request, "standing-order", public_id)
    return standing_page(request, order, review=form)


@require_POST
@staff_page(SIGN_STANDING)
def withdraw(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Take a standing order out of force."""
    order, form = queries.standing_order_named(request.actor, public_id), ReasonForm(request.POST)
    if form.is_valid() and attempt(
        form, actions.withdraw_standing_order, actor=request.actor, standing_order=order, **form.cleaned_data
    ):
        return redirect_to(request, "standing-order", public_id)
    return standing_page(request, order, reason=form)


@require_POST
@staff_page(WRITE_STANDING)
def discard(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Throw away a draft."""
    order = queries.standing_order_named(request.actor, public_id)
    actions.discard_standing_order(actor=request.actor, standing_order=order)
    return redirect_to(request, "standing-orders")


@require_GET
@staff_page(SEE)
def paper(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """A standing order on paper, with a line to sign on."""
    order = queries.standing_order_named(request.actor, public_id)
    pdf = typeset("mainstay.orders", "standing_order.typ", standing_words(order))
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="standing-order.pdf"'
    return answer
