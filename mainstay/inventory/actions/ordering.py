"""Ordering: several things at once, the rest back-ordered, and closed short when it will not come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.moves import begin, locked, take_step
from mainstay.inventory.actions.moving import asked_for
from mainstay.inventory.lifecycle import Funding, order_lifecycle
from mainstay.inventory.models import Item, OrderLine, StockOrder
from mainstay.inventory.permissions import ORDER
from mainstay.practice.models import Site
from mainstay.work.actions import finish_cause


@dataclass(frozen=True, slots=True)
class Wanted:
    """One line of an order."""

    item: Item
    doses: int
    funding: Funding = Funding.PRIVATE


@transaction.atomic
def order_stock(
    *,
    actor: Actor,
    site: Site,
    vendor: str,
    wanted: Sequence[Wanted],
    number: str = "",
    expected_on: date | None = None,
) -> StockOrder:
    """Write down an order sent to a vendor or program; what was owed to be ordered is settled with it.

    Raises `InvalidInput` without a vendor or a line, or for the same item and fund on two lines.
    """
    actor.may(ORDER).or_raise()
    if not vendor.strip():
        raise InvalidInput("Say who it was ordered from.", field="vendor")
    if not wanted:
        raise InvalidInput("Order at least one thing.", field="doses")
    if len({(line.item.pk, line.funding) for line in wanted}) < len(wanted):
        raise InvalidInput("The same item of the same fund stands on two lines. Put them together.")
    order = StockOrder.objects.create(
        site=site,
        vendor=vendor.strip(),
        number=number.strip(),
        ordered_at=actor.now,
        ordered_by_id=actor.staff_id,
        expected_on=expected_on,
    )
    for line in wanted:
        OrderLine.objects.create(order=order, item=line.item, doses=asked_for(line.doses), funding=line.funding)
        for fund in ("", line.funding):
            finish_cause(
                actor=actor,
                once_key=f"par:{site.pk}:{line.item.pk}:{fund}",
                outcome=f"Ordered {line.doses} from {order.vendor}.",
            )
    begin(order, order_lifecycle, actor=actor)
    return order


@transaction.atomic
def back_order(*, actor: Actor, order: StockOrder, expected_on: date, words: str) -> StockOrder:
    """What has not come is promised for another day, in whose words; once that day has passed somebody asks again.

    Raises `InvalidInput` for a day that has passed, or without words.
    """
    if expected_on < actor.today:
        raise InvalidInput("Say a day that is to come.", field="expected_on")
    if not words.strip():
        raise InvalidInput("Say who promised it, and what they said.", field="words")
    fresh = locked(StockOrder.objects.all(), pk=order.pk)
    take_step(fresh, order_lifecycle, "back_order", actor=actor, reason=words.strip()[:300])
    fresh.expected_on = expected_on
    fresh.save()
    finish_cause(actor=actor, once_key=f"order:{fresh.pk}:late", outcome=f"Promised for {expected_on:%m/%d/%Y}.")
    return fresh


@transaction.atomic
def close_line_short(*, actor: Actor, line: OrderLine, reason: str) -> OrderLine:
    """The rest of one line will not come, with the reason; with its last open line the order is closed."""
    actor.may(ORDER).or_raise()
    if not reason.strip():
        raise InvalidInput("Say why it will not come.", field="reason")
    order = locked(StockOrder.objects.all(), pk=line.order_id)
    fresh = locked(OrderLine.objects.all(), pk=line.pk)
    if not fresh.to_come:
        raise IllegalMove("Nothing more is to come on this line.")
    fresh.short_because = reason.strip()[:300]
    fresh.save()
    if not any(other.to_come for other in order.lines.all()):
        _close(actor, order, reason)
    return fresh


@transaction.atomic
def close_order_short(*, actor: Actor, order: StockOrder, reason: str) -> StockOrder:
    """Nothing more comes of an order, with the reason: cancelled where nothing ever came, else closed short."""
    actor.may(ORDER).or_raise()
    if not reason.strip():
        raise InvalidInput("Say why.", field="reason")
    fresh = locked(StockOrder.objects.all(), pk=order.pk)
    for line in OrderLine.objects.select_for_update().filter(order=fresh).order_by("pk"):
        if line.to_come:
            line.short_because = reason.strip()[:300]
            line.save()
    _close(actor, fresh, reason)
    return fresh


def _close(actor: Actor, order: StockOrder, reason: str) -> None:
    came = any(line.received for line in order.lines.all())
    take_step(order, order_lifecycle, "close_short" if came else "cancel", actor=actor, reason=reason.strip()[:300])
    order.save()
    finish_cause(actor=actor, once_key=f"order:{order.pk}:late", outcome=f"Closed: {reason.strip()}"[:300])
