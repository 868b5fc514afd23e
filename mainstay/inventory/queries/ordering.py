"""Orders of stock: what is to come, what came, and what should be ordered now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from mainstay.foundation.errors import NotFound
from mainstay.inventory.lifecycle import AWAITED
from mainstay.inventory.models import Item, OrderLine, Receipt, StockOrder
from mainstay.inventory.queries.shelves import stock_at


def _with_lines() -> QuerySet[StockOrder]:
    receipts = Receipt.objects.select_related("movement__stock__lot", "movement__by").order_by("pk")
    lines = OrderLine.objects.select_related("item").prefetch_related(Prefetch("receipts", receipts)).order_by("pk")
    return StockOrder.objects.select_related("site", "ordered_by").prefetch_related(Prefetch("lines", lines))


def orders_at(*, site_id: int) -> Sequence[StockOrder]:
    """Orders of a site: everything still to come first, then the forty latest that ended."""
    rows = _with_lines().filter(site_id=site_id).order_by("-ordered_at")
    return [*rows.filter(state__in=AWAITED), *rows.exclude(state__in=AWAITED)[:40]]


def order_named(public_id: UUID) -> StockOrder:
    """An order with its lines and what came of each; raises `NotFound`."""
    found = _with_lines().filter(public_id=public_id).first()
    if found is None:
        raise NotFound("There is no such order.")
    return found


def order_line_numbered(order: StockOrder, pk: int) -> OrderLine:
    """One line of an order; raises `NotFound`."""
    found = OrderLine.objects.filter(order=order, pk=pk).select_related("order", "item").first()
    if found is None:
        raise NotFound("There is no such line.")
    return found


def lines_to_come(*, site_id: int) -> Sequence[OrderLine]:
    """Lines of orders that have not come whole."""
    rows = OrderLine.objects.filter(order__site_id=site_id, order__state__in=AWAITED, short_because="")
    rows = rows.select_related("order", "item").order_by("order__ordered_at", "pk")
    return [line for line in rows if line.to_come]


def late_orders(*, today: date) -> Sequence[StockOrder]:
    """Orders promised for a day that has passed, with something still to come."""
    return list(_with_lines().filter(state__in=AWAITED, expected_on__lt=today).order_by("pk"))


def vendors() -> list[str]:
    """Whom stock was ordered from so far."""
    ordered = StockOrder.objects.order_by().values_list("vendor", flat=True).distinct()
    return sorted({*ordered, *Item.objects.exclude(vendor="").order_by().values_list("vendor", flat=True).distinct()})


def lines_wanted(*, site_id: int, on: datetime) -> list[tuple[Item, int, str]]:
    """What a site should order now: item, doses up to its level less what is to come, and fund (empty: any)."""
    coming: dict[tuple[int, str], int] = {}
    for line in lines_to_come(site_id=site_id):
        for fund in ("", line.funding):
            coming[line.item_id, fund] = coming.get((line.item_id, fund), 0) + line.to_come
    wanted = []
    for row in stock_at(site_id=site_id, on=on):
        for par in row.below:
            missing = par.order_up_to - row.usable_of(par.funding) - coming.get((row.item.pk, par.funding), 0)
            if missing > 0:
                wanted.append((row.item, missing, par.funding))
    return wanted
