"""Carrying out a signed order: begun, put back, done, and taken up again when what it was used for is withdrawn."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from mainstay.authority.queries import Here
from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.moves import locked, take_step
from mainstay.foundation.outbox import publish
from mainstay.orders.errors import NoLongerValid
from mainstay.orders.events import OrderReopened, OrderSettled
from mainstay.orders.kinds import kinds
from mainstay.orders.lifecycle import order_lifecycle
from mainstay.orders.models import Order
from mainstay.orders.queries.waiting import may_carry_out


@transaction.atomic
def start_order(*, actor: Actor, order: Order, here: Here | None = None) -> Order:
    """Say that somebody is carrying out a signed order. Raises `NotPermitted`, `IllegalMove`, `NoLongerValid`."""
    fresh = locked(Order.objects.all(), pk=order.pk)
    order_lifecycle.check("start", order_lifecycle.states(fresh.state))
    may_carry_out(actor, fresh, here=here).or_raise()
    _still_good(actor, fresh)
    take_step(fresh, order_lifecycle, "start", actor=actor)
    fresh.save()
    return fresh


@transaction.atomic
def stop_order(*, actor: Actor, order: Order, reason: str) -> Order:
    """Put an order that was begun back among the signed ones, with the reason."""
    if not reason.strip():
        raise InvalidInput("Say why it is not carried out now.", field="reason")
    fresh = locked(Order.objects.all(), pk=order.pk)
    take_step(fresh, order_lifecycle, "stop", actor=actor, reason=reason.strip()[:300])
    fresh.save()
    return fresh


@transaction.atomic
def complete_order(*, actor: Actor, order: Order, used_ref: UUID, here: Here | None = None) -> Order:
    """Say that a signed order was carried out; `used_ref` is the public id of what it was used for (a dose).

    Asks the authority whether the actor may do the act on this order, here and now; pass `here` if it was read already.
    Raises `NotPermitted`, `IllegalMove` (unsigned, done, cancelled) and `NoLongerValid`.
    """
    fresh = locked(Order.objects.all(), pk=order.pk)
    order_lifecycle.check("complete", order_lifecycle.states(fresh.state))
    may_carry_out(actor, fresh, here=here).or_raise()
    _still_good(actor, fresh)
    take_step(fresh, order_lifecycle, "complete", actor=actor)
    fresh.used_ref = used_ref
    fresh.save()
    publish(OrderSettled(order_id=fresh.pk))
    return fresh


@transaction.atomic
def record_carried_out(*, actor: Actor, order: Order, words: str) -> Order:
    """Say in words that a signed order was carried out where nothing else records it; the order points at itself.

    Raises `InvalidInput` without words, and for a vaccine or a medicine, which take more checks than words;
    `NotPermitted`, `IllegalMove` and `NoLongerValid` as `complete_order`.
    """
    if not words.strip():
        raise InvalidInput("Say what was done, when, and what came of it.", field="words")
    fresh = locked(Order.objects.all(), pk=order.pk)
    match kinds()[fresh.kind].settled_by:
        case "page":
            raise InvalidInput("Give the vaccine on the patient's vaccine page: it settles this order.", field="words")
        case "nothing":
            raise InvalidInput("A medicine is not recorded as given in words alone.", field="words")
    order_lifecycle.check("complete", order_lifecycle.states(fresh.state))
    may_carry_out(actor, fresh).or_raise()
    _still_good(actor, fresh)
    take_step(fresh, order_lifecycle, "complete", actor=actor, reason=words.strip()[:300])
    fresh.used_ref = fresh.public_id
    fresh.save()
    publish(OrderSettled(order_id=fresh.pk))
    return fresh


@transaction.atomic
def close_refused_order(*, actor: Actor, order: Order, used_ref: UUID, reason: str) -> Order:
    """Close a signed order the patient refused, with the reason; `used_ref` is the public id of the refusal."""
    if not reason.strip():
        raise InvalidInput("Say why it was refused.", field="reason")
    fresh = locked(Order.objects.all(), pk=order.pk)
    take_step(fresh, order_lifecycle, "refuse", actor=actor, reason=reason.strip()[:300])
    fresh.used_ref = used_ref
    fresh.save()
    publish(OrderSettled(order_id=fresh.pk))
    return fresh


@transaction.atomic
def reopen_order(*, actor: Actor, order: Order, reason: str) -> Order:
    """Take a done order up again because what it was used for was withdrawn, with the reason."""
    if not reason.strip():
        raise InvalidInput("Say why the order is open again.", field="reason")
    fresh = locked(Order.objects.all(), pk=order.pk)
    take_step(fresh, order_lifecycle, "reopen", actor=actor, reason=reason.strip()[:300])
    fresh.used_ref = None
    fresh.save()
    publish(OrderReopened(order_id=fresh.pk))
    return fresh


def _still_good(actor: Actor, order: Order) -> None:
    if order.expires_on is not None and order.expires_on < actor.today:
        raise NoLongerValid()
