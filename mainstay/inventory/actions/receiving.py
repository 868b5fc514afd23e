"""Taking in what came, against an order where there is one."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.findings import NOTHING_CONFIRMED, Confirmations, Finding, Severity
from mainstay.foundation.moves import locked, take_step
from mainstay.inventory.actions.keeping import know_package
from mainstay.inventory.actions.moving import asked_for, move, put_into
from mainstay.inventory.lifecycle import AWAITED, ExcursionState, Funding, OrderState, order_lifecycle
from mainstay.inventory.models import (
    Excursion,
    Item,
    Lot,
    Movement,
    MovementKind,
    OrderLine,
    Recall,
    Receipt,
    Stock,
    StockOrder,
    StorageKind,
    StorageUnit,
)
from mainstay.inventory.permissions import RECEIVE
from mainstay.work.actions import finish_cause


@transaction.atomic
def receive_stock(
    *,
    actor: Actor,
    unit: StorageUnit,
    item: Item,
    lot_number: str,
    expires_on: date,
    funding: Funding | str,
    doses: int,
    order_line: OrderLine | None = None,
    note: str = "",
    confirmed: Confirmations = NOTHING_CONFIRMED,
) -> Stock:
    """Take doses of a lot into a unit, against an order line if there is one.

    Raises `StopFound` for an expired or recalled lot, a unit of the wrong kind, or a lot number known with another
    expiry; `NeedsConfirmation` for more than was ordered.
    """
    actor.may(RECEIVE).or_raise()
    number = lot_number.strip().upper()
    if not number:
        raise InvalidInput("Type the lot number.", field="lot_number")
    asked_for(doses)
    line = locked(OrderLine.objects.select_related("order"), pk=order_line.pk) if order_line else None
    fund = Funding(funding)
    confirmed.answer(_before_receiving(actor, unit, item, number, expires_on, doses, line, fund))
    lot, _ = Lot.objects.get_or_create(item=item, lot_number=number, funding=fund, defaults={"expires_on": expires_on})
    stock = put_into(lot, unit)
    movement = move(actor, stock, MovementKind.RECEIVED, doses, reason=note)
    if line:
        _came(actor, line, movement)
    return stock


@transaction.atomic
def receive_and_learn(
    *,
    actor: Actor,
    unit: StorageUnit,
    item: Item,
    lot_number: str,
    expires_on: date,
    funding: Funding | str,
    doses: int,
    order_line: OrderLine | None = None,
    note: str = "",
    gtin: str = "",
    confirmed: Confirmations = NOTHING_CONFIRMED,
) -> Stock:
    """Take stock in, and remember the package number it was scanned by as this item's."""
    if gtin.strip():
        know_package(actor=actor, item=item, gtin=gtin)
    return receive_stock(
        actor=actor,
        unit=unit,
        item=item,
        lot_number=lot_number,
        expires_on=expires_on,
        funding=funding,
        doses=doses,
        order_line=order_line,
        note=note,
        confirmed=confirmed,
    )


def _before_receiving(
    actor: Actor,
    unit: StorageUnit,
    item: Item,
    number: str,
    expires_on: date,
    doses: int,
    line: OrderLine | None,
    funding: Funding,
) -> list[Finding]:
    found = []
    if expires_on < actor.today:
        found.append(Finding(Severity.STOP, "expired", "expires_on", "This lot has expired. Send it back."))
    if Recall.objects.filter(item=item, lot_number__iexact=number).exists():
        found.append(
            Finding(Severity.STOP, "recalled", "lot_number", "This lot is recalled. Keep it apart and send it back.")
        )
    if unit.kind != item.storage:
        wanted = StorageKind(item.storage).replace("_", "-")
        found.append(Finding(Severity.STOP, "wrong_unit", "unit", f"{item.name} belongs in a {wanted}."))
    if Excursion.objects.filter(unit=unit, state=ExcursionState.OPEN).exists():
        found.append(Finding(Severity.STOP, "unit_held", "unit", f"{unit.name} is marked DO NOT USE. Choose another."))
    known = Lot.objects.filter(item=item, lot_number=number).exclude(expires_on=expires_on).first()
    if known:
        found.append(
            Finding(
                Severity.STOP,
                "expiry_differs",
                "expires_on",
                f"Lot {number} is known to expire on {known.expires_on:%m/%d/%Y}. Read the label again.",
            )
        )
    if line and (line.short_because or line.order.state not in AWAITED):
        found.append(
            Finding(Severity.STOP, "order_ended", "order_line", "Nothing is to come on this order line any more.")
        )
    elif line and (line.item_id != item.pk or line.funding != funding):
        found.append(Finding(Severity.STOP, "not_ordered", "item", "The order is for something else, or another fund."))
    elif line and line.received + doses > line.doses:
        left = line.to_come
        found.append(
            Finding(
                Severity.CONFIRM,
                "more_than_ordered",
                "doses",
                f"{left} {'is' if left == 1 else 'are'} still to come on this order, not {doses}.",
            )
        )
    return found


def _came(actor: Actor, line: OrderLine, movement: Movement) -> None:
    line.received += movement.doses
    line.save()
    Receipt.objects.create(line=line, movement=movement)
    order = locked(StockOrder.objects.all(), pk=line.order_id)
    lines = list(order.lines.all())
    if not any(other.to_come for other in lines):
        is_short = any(other.short_because for other in lines)
        take_step(order, order_lifecycle, "receive_last" if is_short else "receive_rest", actor=actor)
        finish_cause(actor=actor, once_key=f"order:{order.pk}:late", outcome="All that was to come has come.")
    elif order.state in (OrderState.ORDERED, OrderState.BACK_ORDERED):
        take_step(order, order_lifecycle, "receive_part", actor=actor)
    order.save()
