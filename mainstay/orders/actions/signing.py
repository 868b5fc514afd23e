"""Signing many orders at once, each judged by itself; declining, cancelling, running out, striking out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from mainstay.authority.queries import Held, held_by, may_sign_orders
from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import ClinicError, InvalidInput
from mainstay.foundation.findings import NOTHING_CONFIRMED
from mainstay.foundation.moves import locked, take_step
from mainstay.foundation.outbox import publish
from mainstay.orders.errors import ChangedSinceShown
from mainstay.orders.events import OrderDeclined, OrderSettled, OrderSigned
from mainstay.orders.kinds import kinds
from mainstay.orders.lifecycle import TO_CARRY_OUT, OrderState, order_lifecycle
from mainstay.orders.models import Order
from mainstay.orders.permissions import PEND, SIGN
from mainstay.orders.rules import SigningFacts, before_signing
from mainstay.orders.seals import order_seal

UNSIGNED_LASTS = timedelta(days=14)
"""How long an order may wait before it runs out unsigned (house decision, unverified)."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One order as it was shown to whoever signs: its id and the seal over what was shown."""

    order_ref: UUID
    seal: str


@dataclass(frozen=True, slots=True)
class Refused:
    """One order of a batch that was not signed, and why."""

    order_ref: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class SignedBatch:
    """What came of signing several orders."""

    signed: tuple[Order, ...]
    refused: tuple[Refused, ...]


@transaction.atomic
def sign_orders(*, actor: Actor, seen: Iterable[Seen]) -> SignedBatch:
    """Sign orders as they were shown; each is judged by itself, and one refusal does not lose the others.

    Raises `NotPermitted` when the actor holds no license orders are signed by: a medical assistant never signs.
    """
    actor.may(SIGN).or_raise()
    held = held_by(actor)
    may_sign_orders(held).or_raise()
    signed, refused = [], []
    for one in sorted(seen, key=lambda s: s.order_ref):
        try:
            with transaction.atomic():
                signed.append(_sign(actor, held, one))
        except ClinicError as error:
            refused.append(Refused(one.order_ref, error.message))
    return SignedBatch(tuple(signed), tuple(refused))


def _sign(actor: Actor, held: Held, seen: Seen) -> Order:
    order = locked(Order.objects.select_related("patient"), public_id=seen.order_ref)
    order_lifecycle.check("sign", OrderState(order.state))
    seal = order_seal(order)
    if seal != seen.seal:
        raise ChangedSinceShown()
    facts = SigningFacts(
        is_patient_alive=order.patient.deceased_on is None,
        is_patient_merged=order.patient.merged_into_id is not None,
        sign_by_day=(order.pended_at + UNSIGNED_LASTS).astimezone(actor.zone).date(),
    )
    NOTHING_CONFIRMED.answer(before_signing(facts, on=actor.today))
    take_step(order, order_lifecycle, "sign", actor=actor)
    order.signed_by_id, order.signed_at, order.signed_license = actor.staff_id, actor.now, held.license
    order.content_sha256 = seal
    order.expires_on = actor.today + timedelta(days=kinds()[order.kind].valid_days)
    order.save()
    _cancel_replaced(actor, order)
    publish(OrderSigned(order_id=order.pk))
    return order


def _cancel_replaced(actor: Actor, order: Order) -> None:
    if order.replaces_id is None:
        return
    old = locked(Order.objects.all(), pk=order.replaces_id)
    if old.state not in TO_CARRY_OUT:
        raise InvalidInput("The order it replaces is done or cancelled already. Decline this one, or order anew.")
    take_step(old, order_lifecycle, "cancel", actor=actor, reason=f"Replaced by order {order.public_id}")
    old.save()
    publish(OrderSettled(order_id=old.pk))


@transaction.atomic
def decline_order(*, actor: Actor, order: Order, words: str) -> Order:
    """Decline to sign, with words that go back to whoever prepared it."""
    actor.may(SIGN).or_raise()
    may_sign_orders(held_by(actor)).or_raise()
    if not words.strip():
        raise InvalidInput("Say why, for the one who prepared it.", field="words")
    fresh = locked(Order.objects.all(), pk=order.pk)
    take_step(fresh, order_lifecycle, "decline", actor=actor, reason=words.strip()[:300])
    fresh.declined_because = words.strip()[:300]
    fresh.save()
    publish(OrderDeclined(order_id=fresh.pk))
    return fresh


@transaction.atomic
def acknowledge_decline(*, actor: Actor, order: Order) -> Order:
    """Say that the words of a declined order were read; it leaves the list of what came back."""
    actor.may(PEND).or_raise()
    fresh = locked(Order.objects.all(), pk=order.pk)
    if fresh.state == OrderState.DECLINED and fresh.decline_seen_at is None:
        fresh.decline_seen_at = actor.now
        fresh.save()
        publish(OrderSettled(order_id=fresh.pk))
    return fresh


@transaction.atomic
def cancel_order(*, actor: Actor, order: Order, reason: str) -> Order:
    """Cancel a signed order that is not done, with the reason."""
    return _end(actor, order, "cancel", reason)


@transaction.atomic
def strike_order(*, actor: Actor, order: Order, reason: str) -> Order:
    """Mark an order as entered in error, with the reason; it stays readable."""
    return _end(actor, order, "strike", reason)


def _end(actor: Actor, order: Order, step: str, reason: str) -> Order:
    if not reason.strip():
        raise InvalidInput("Say why.", field="reason")
    fresh = locked(Order.objects.all(), pk=order.pk)
    take_step(fresh, order_lifecycle, step, actor=actor, reason=reason.strip()[:300])
    fresh.save()
    publish(OrderSettled(order_id=fresh.pk))
    return fresh


@transaction.atomic
def expire_orders(*, actor: Actor) -> int:
    """Let orders run out: signed ones after their last day, unsigned ones after two weeks; returns how many."""
    rows = Order.objects.select_for_update(of=("self",), skip_locked=True).filter(
        state=OrderState.SIGNED, expires_on__lt=actor.today
    ) | Order.objects.select_for_update(of=("self",), skip_locked=True).filter(
        state=OrderState.PENDED, pended_at__lt=actor.now - UNSIGNED_LASTS - timedelta(days=1)
    )
    count = 0
    for order in rows:
        take_step(order, order_lifecycle, "expire", actor=actor)
        order.save()
        publish(OrderSettled(order_id=order.pk))
        count += 1
    return count
