"""Counting blind: who counts sees no figure, differences are counted again, and a lead puts them right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.findings import NOTHING_CONFIRMED, Confirmations, Finding, Severity
from mainstay.foundation.moves import begin, locked, take_step
from mainstay.inventory.actions.holding import hold_newcomers
from mainstay.inventory.actions.moving import keep_vials_within, move, put_into, watch_par
from mainstay.inventory.lifecycle import FINDING_LOTS, CountState, Funding, count_lifecycle
from mainstay.inventory.models import Count, CountLine, Item, Lot, MovementKind, Stock, StorageUnit
from mainstay.inventory.permissions import ADJUST, COUNT

SAME_COUNTER = Finding(
    Severity.CONFIRM,
    "same_counter",
    "",
    "You counted the first time too. A second count is worth most from somebody else.",
)


@transaction.atomic
def begin_count(*, actor: Actor, unit: StorageUnit) -> Count:
    """Begin a count of everything in a unit. Raises `IllegalMove` while one is under way."""
    actor.may(COUNT).or_raise()
    locked(StorageUnit.objects.all(), pk=unit.pk)
    if Count.objects.filter(unit=unit, state__in=_UNDER_WAY).exists():
        raise IllegalMove("A count of this unit is under way. Finish or drop it first.")
    inside = Stock.objects.filter(unit=unit, on_hand__gt=0)
    count = Count.objects.create(unit=unit, began_at=actor.now, began_by_id=actor.staff_id)
    begin(count, count_lifecycle, actor=actor)
    CountLine.objects.bulk_create(CountLine(count=count, stock=stock) for stock in inside)
    return count


_UNDER_WAY = (CountState.COUNTING, CountState.RECOUNTING, CountState.TO_SETTLE)


@transaction.atomic
def count_found_lot(
    *, actor: Actor, count: Count, item: Item, lot_number: str, expires_on: date, funding: Funding | str
) -> CountLine:
    """Put a lot into a count that stands in the unit and not in its books; how many is counted like the others.

    The books say none of it: found in the first count it is counted again, found in the second it stands beside what
    differed, and either way a lead says why before it becomes stock. Raises `IllegalMove` once both counts are
    written, `InvalidInput` for a lot in the list or one known with another expiry.
    """
    actor.may(COUNT).or_raise()
    fresh = locked(Count.objects.select_related("unit"), pk=count.pk)
    if fresh.state not in FINDING_LOTS:
        raise IllegalMove("This unit was counted twice. Settle the count, then count again with this lot.")
    number, fund = lot_number.strip().upper(), Funding(funding)
    if not number:
        raise InvalidInput("Type the lot number.", field="lot_number")
    known = Lot.objects.filter(item=item, lot_number=number).exclude(expires_on=expires_on).first()
    if known:
        raise InvalidInput(
            f"Lot {number} is known to expire on {known.expires_on:%m/%d/%Y}. Read the label again.", field="expires_on"
        )
    lot, _ = Lot.objects.get_or_create(item=item, lot_number=number, funding=fund, defaults={"expires_on": expires_on})
    stock = put_into(lot, fresh.unit)
    if there := fresh.lines.filter(stock=stock).first():
        agreed = fresh.state == CountState.RECOUNTING and not there.differed_first
        where = "was counted, and agreed" if agreed else "stands in the list already"
        raise InvalidInput(f"Lot {number} ({fund.label}) {where}.", field="lot_number")
    return CountLine.objects.create(count=fresh, stock=stock, is_found=True)


@transaction.atomic
def write_first_count(*, actor: Actor, count: Count, found: Mapping[int, int]) -> Count:
    """Write down what was found, by stock. Where all agrees the count is closed; what differs is counted again."""
    actor.may(COUNT).or_raise()
    fresh = locked(Count.objects.all(), pk=count.pk)
    lines = _lines(fresh, found, again=None)
    for line in lines:
        line.counted, line.expected = found[line.stock_id], line.stock.on_hand
        line.save()
    differs = any(line.counted != line.expected for line in lines)
    return _on(actor, fresh, "count_again" if differs else "agree")


@transaction.atomic
def write_second_count(
    *, actor: Actor, count: Count, found: Mapping[int, int], confirmed: Confirmations = NOTHING_CONFIRMED
) -> Count:
    """Write down the second count of what differed. Raises `NeedsConfirmation` where the first counter counts again."""
    actor.may(COUNT).or_raise()
    fresh = locked(Count.objects.all(), pk=count.pk)
    if fresh.began_by_id == actor.staff_id and actor.staff_id is not None:
        confirmed.answer([SAME_COUNTER])
    lines = _lines(fresh, found, again=CountState.RECOUNTING)
    for line in lines:
        line.counted_again, line.expected_again = found[line.stock_id], line.stock.on_hand
        line.save()
    fresh.recounted_by_id = actor.staff_id
    differs = any(line.counted_again != line.expected_again for line in lines)
    return _on(actor, fresh, "leave_to_lead" if differs else "agree")


@transaction.atomic
def settle_count(*, actor: Actor, count: Count, why: Mapping[int, str]) -> Count:
    """Put every difference right, each with its reason (by stock). Doses moved since the count stay moved."""
    actor.may(ADJUST).or_raise()
    fresh = locked(Count.objects.select_related("unit"), pk=count.pk)
    for line in _differing(fresh):
        reason = why.get(line.stock_id, "").strip()
        if not reason:
            raise InvalidInput(f"Say why lot {line.stock.lot.lot_number} differs.", field=f"why-{line.stock_id}")
        stock = Stock.objects.select_for_update().select_related("lot__item", "unit__site").get(pk=line.stock_id)
        by = (line.counted_again or 0) - (line.expected_again or 0)
        line.reason = reason[:300]
        line.movement = move(actor, stock, MovementKind.COUNTED, by, reason=reason)
        line.save()
        if by < 0:
            keep_vials_within(actor, stock)
            watch_par(actor, [stock], doses=-by)
    hold_newcomers(actor, fresh.unit)
    return _on(actor, fresh, "settle")


@transaction.atomic
def drop_count(*, actor: Actor, count: Count, reason: str) -> Count:
    """Give up a count, with the reason; nothing changes."""
    if not reason.strip():
        raise InvalidInput("Say why.", field="reason")
    fresh = locked(Count.objects.all(), pk=count.pk)
    take_step(fresh, count_lifecycle, "drop", actor=actor, reason=reason.strip()[:300])
    fresh.closed_at = actor.now
    fresh.save()
    return fresh


def _on(actor: Actor, count: Count, step: str) -> Count:
    take_step(count, count_lifecycle, step, actor=actor)
    if count.state == CountState.CLOSED:
        count.closed_at = actor.now
    count.save()
    return count


def _differing(count: Count) -> list[CountLine]:
    lines = count.lines.exclude(counted_again=None).select_related("stock__lot")
    return [line for line in lines if line.counted_again != line.expected_again]


def _lines(count: Count, found: Mapping[int, int], *, again: CountState | None) -> list[CountLine]:
    """The lines to fill, their stock locked; raises `InvalidInput` for a lot without a figure."""
    lines = list(count.lines.order_by("pk"))
    if again:
        lines = [line for line in lines if line.differed_first]
    rows = Stock.objects.select_for_update().filter(pk__in=[line.stock_id for line in lines]).order_by("pk")
    stocks = {stock.pk: stock for stock in rows}
    for line in lines:
        line.stock = stocks[line.stock_id]
        if line.stock_id not in found:
            raise InvalidInput("Count every lot; write 0 where there is none.", field=f"found-{line.stock_id}")
    return lines
