"""What follows from orders: the board, the work of whoever is waited for, and the yearly review."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from mainstay.foundation import clock
from mainstay.foundation.actor import Actor, the_system
from mainstay.foundation.dates import spell_date
from mainstay.foundation.outbox import publish
from mainstay.orders.events import (
    OrderDeclined,
    OrderPended,
    OrderReopened,
    OrderSettled,
    OrderSigned,
    StandingOrderExpiring,
    StandingOrderSigned,
    StandingOrderWithdrawn,
)
from mainstay.orders.kinds import standing_terms
from mainstay.orders.lifecycle import TO_CARRY_OUT, OrderState, StandingState
from mainstay.orders.models import Order, StandingOrder
from mainstay.visits.actions import clear_signal, raise_signal
from mainstay.visits.models import SignalKind, Visit
from mainstay.work.actions import finish_cause, owe

NO_ZONE = ZoneInfo("UTC")
ON_BOARD = "orders"
AboutOrder = OrderPended | OrderSigned | OrderDeclined | OrderSettled | OrderReopened


def show_on_board(event: AboutOrder) -> None:
    """Say on the board how many orders of the visit wait to be signed and to be carried out; nothing waits: nothing."""
    order = Order.objects.select_related("site").get(pk=event.order_id)
    visit = Visit.objects.filter(public_id=order.visit_ref).first() if order.visit_ref else None
    if visit is None:
        return
    states = list(Order.objects.filter(visit_ref=order.visit_ref).values_list("state", flat=True))
    to_sign = states.count(OrderState.PENDED)
    to_do = sum(state in TO_CARRY_OUT for state in states)
    actor = _system_at(order)
    if not to_sign and not to_do:
        clear_signal(actor=actor, visit=visit, kind=SignalKind.ORDER_WAITING, source_ref=ON_BOARD)
        return
    said = [f"{to_sign} to sign"] if to_sign else []
    said += [f"{to_do} to carry out"] if to_do else []
    text = f"Orders: {', '.join(said)}"
    raise_signal(actor=actor, visit=visit, kind=SignalKind.ORDER_WAITING, text=text, source_ref=ON_BOARD)


def settle_wait(event: OrderSigned | OrderDeclined | OrderSettled) -> None:
    """Nobody waits for this signature, nor for these words to be read, any more."""
    order = Order.objects.select_related("site").get(pk=event.order_id)
    actor = _system_at(order)
    finish_cause(actor=actor, once_key=f"order-waits:{order.pk}", outcome=f"The order is {order.state}.")
    if order.decline_seen_at is not None:
        finish_cause(actor=actor, once_key=f"order-declined:{order.pk}", outcome="Read.")


def return_to_pender(event: OrderDeclined) -> None:
    """Put a declined order on the list of whoever prepared it, with the words that came back."""
    order = Order.objects.select_related("patient", "site", "pended_by").get(pk=event.order_id)
    owe(
        actor=_system_at(order),
        kind="order_declined",
        title=f"Order not signed: {order.name}",
        detail=order.declined_because,
        patient=order.patient,
        site=order.site,
        band="R3" if order.priority != "routine" else "R4",
        owner=order.pended_by,
        subject_kind="order",
        subject_ref=order.public_id,
        url="/orders/#declined",
        once_key=f"order-declined:{order.pk}",
    )


@transaction.atomic
def owe_signatures(*, actor: Actor) -> int:
    """Turn every order that has waited too long for its signature into work, once each; returns how many are late."""
    late = list(
        Order.objects.filter(state=OrderState.PENDED, sign_by__lte=actor.now).select_related(
            "patient", "site", "for_provider"
        )
    )
    for order in late:
        owe(
            actor=actor,
            kind="order_waiting",
            title=f"Waits for a signature: {order.name}",
            detail=order.reason,
            patient=order.patient,
            site=order.site,
            band="R2" if order.priority == "stat" else "R3",
            pool="" if order.for_provider_id else "provider",
            owner=order.for_provider,
            subject_kind="order",
            subject_ref=order.public_id,
            url="/orders/",
            once_key=f"order-waits:{order.pk}",
        )
    return len(late)


@transaction.atomic
def tell_standing_orders_expiring(*, actor: Actor) -> int:
    """Say of every signed standing order that ends, or is due for review, within a month; returns how many."""
    terms, count = standing_terms(), 0
    for order in StandingOrder.objects.filter(state=StandingState.SIGNED):
        if order.terms(review_months=terms.review_months).ends_on - actor.today <= timedelta(days=terms.notice_days):
            publish(StandingOrderExpiring(standing_order_id=order.pk))
            count += 1
    return count


def owe_review(event: StandingOrderExpiring) -> None:
    """Put the review of a standing order on the list of whoever signed it."""
    order = StandingOrder.objects.select_related("signed_by__home_site").get(pk=event.standing_order_id)
    if order.state != StandingState.SIGNED or order.signed_by is None:
        return
    site = order.signed_by.home_site
    now = clock.now()
    actor = the_system(now=now, zone=site.zone if site else NO_ZONE)
    ends = order.terms(review_months=standing_terms().review_months).ends_on
    owe(
        actor=actor,
        kind="review_standing_order",
        title=f"Review the standing order: {order.title} (holds through {spell_date(ends)})"[:160],
        detail="After that day it does not hold, and nobody may act on it. Review it as it is, or write a new version.",
        site=site,
        band="R5",
        owner=order.signed_by,
        subject_kind="standing_order",
        subject_ref=order.public_id,
        url=f"/orders/standing/{order.public_id}/",
        once_key=f"standing-review:{order.family}",
    )


def settle_review(event: StandingOrderSigned | StandingOrderWithdrawn) -> None:
    """Take the review of a standing order off the list: it was reviewed, replaced or withdrawn."""
    order = StandingOrder.objects.get(pk=event.standing_order_id)
    actor = the_system(now=clock.now(), zone=NO_ZONE)
    finish_cause(actor=actor, once_key=f"standing-review:{order.family}", outcome=f"Now {order.state}.")


def _system_at(order: Order) -> Actor:
    return the_system(now=clock.now(), zone=order.site.zone)
