"""Inside the actions: locking stock, taking doses out of vials, writing movements, watching par levels."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.outbox import publish
from mainstay.inventory.errors import LotNotHere, NothingLeft
from mainstay.inventory.events import StockBelowPar
from mainstay.inventory.models import Item, Lot, Movement, MovementKind, OpenVial, ParLevel, Stock, StorageUnit
from mainstay.inventory.permissions import USE
from mainstay.inventory.queries.levels import doses_fit_for_use
from mainstay.inventory.queries.lots import LotOnHand, on_hand


def locked_stock(stock: Stock, actor: Actor) -> LotOnHand:
    """One lot in one unit, locked until the transaction ends, judged as it stands then."""
    list(Stock.objects.select_for_update().filter(pk=stock.pk))
    return on_hand(Stock.objects.filter(pk=stock.pk), on=actor.now)[0]


def locked_lot(lot: Lot, actor: Actor, *, unit: StorageUnit | None) -> list[LotOnHand]:
    """A lot wherever it is at the actor's site (or in one unit), locked, in the order it should be used.

    Raises `LotNotHere` if the site never had it.
    """
    rows = Stock.objects.filter(lot=lot)
    rows = rows.filter(unit=unit) if unit else rows.filter(unit__site_id=actor.site_id) if actor.site_id else rows
    keys = [stock.pk for stock in rows.select_for_update(of=("self",)).order_by("pk")]
    if not keys:
        raise LotNotHere(f"Lot {lot.lot_number} is not in stock at this site.", field="lot")
    return on_hand(Stock.objects.filter(pk__in=keys), on=actor.now)


def lock_lots(*, actor: Actor, lots: Iterable[Lot]) -> None:
    """Lock the stock of several lots, wherever it is, in the order every act locks it.

    For who moves more than one lot in one act: what is locked one after the other by two people could stop both.
    """
    actor.may(USE).or_raise()
    list(Stock.objects.filter(lot__in=lots).select_for_update(of=("self",)).order_by("pk"))


def put_into(lot: Lot, unit: StorageUnit) -> Stock:
    """The stock row of a lot in a unit, locked; made with nothing in it if it is new."""
    Stock.objects.get_or_create(lot=lot, unit=unit)
    return Stock.objects.select_for_update().get(lot=lot, unit=unit)


def move(
    actor: Actor, stock: Stock, kind: MovementKind, doses: int, *, reason: str = "", act: uuid.UUID | None = None
) -> Movement:
    """Write a movement; the database changes the stock with it. Raises `NothingLeft` before it could go negative."""
    if stock.on_hand + doses < 0:
        raise NothingLeft()
    movement = Movement.objects.create(
        stock=stock,
        kind=kind,
        doses=doses,
        at=actor.now,
        by_id=actor.staff_id,
        reason=reason.strip()[:300],
        act=act or uuid.uuid4(),
    )
    stock.on_hand += doses
    return movement


def open_vials(stock: Stock) -> list[OpenVial]:
    """Vials in use of a locked stock, the one opened first in front."""
    return list(OpenVial.objects.select_for_update().filter(stock=stock, closed_at=None).order_by("opened_at", "pk"))


def take_from_vials(actor: Actor, stock: Stock, doses: int) -> OpenVial | None:
    """Take usable doses out of the multi-dose vials of a locked stock before they are moved out.

    Opens a new one if needed. Returns the vial the last dose came from, None where the item has no such vials.
    Raises `NothingLeft`.
    """
    item = stock.lot.item
    if item.doses_per_vial < 2:
        return None
    vials = open_vials(stock)
    unopened = stock.on_hand - sum(v.doses_left for v in vials)
    fresh = [v for v in vials if v.beyond_use_at is None or v.beyond_use_at > actor.now]
    vial: OpenVial | None = None
    for _ in range(doses):
        vial = next((v for v in fresh if v.doses_left), None)
        if vial is None:
            if unopened <= 0:
                raise NothingLeft()
            vial = _opened(actor, stock, item, unopened)
            unopened -= vial.doses_left
            fresh.append(vial)
        vial.doses_left -= 1
        _save_vial(actor, vial)
    return vial


def take_from_open_vials(actor: Actor, stock: Stock, doses: int) -> None:
    """Take doses that are lost: from vials already open first, whatever their hours, then unopened ones."""
    for vial in open_vials(stock):
        taken = min(vial.doses_left, doses)
        doses -= taken
        vial.doses_left -= taken
        _save_vial(actor, vial)


def keep_vials_within(actor: Actor, stock: Stock) -> None:
    """After doses left without naming a vial: open vials hold no more than there is."""
    vials = open_vials(stock)
    over = sum(v.doses_left for v in vials) - stock.on_hand
    if over > 0:
        take_from_open_vials(actor, stock, over)


def _opened(actor: Actor, stock: Stock, item: Item, unopened: int) -> OpenVial:
    """The next vial: of doses that make no whole number of vials, first the one that came part-used."""
    hours = item.hours_after_opening
    return OpenVial.objects.create(
        stock=stock,
        opened_at=actor.now,
        opened_by_id=actor.staff_id,
        beyond_use_at=actor.now + timedelta(hours=hours) if hours is not None else None,
        doses_left=unopened % item.doses_per_vial or item.doses_per_vial,
    )


def _save_vial(actor: Actor, vial: OpenVial) -> None:
    if vial.doses_left == 0:
        vial.closed_at, vial.closed_because = actor.now, "empty"
    vial.save()


def watch_par(actor: Actor, stocks: Iterable[Stock], *, doses: int) -> None:
    """Tell whoever orders when doses that just left brought an item below its par level: once, as it falls."""
    for stock in stocks:
        for par in ParLevel.objects.filter(
            site=stock.unit.site_id, item=stock.lot.item_id, is_current=True, funding__in=["", stock.lot.funding]
        ):
            left = doses_fit_for_use(par, today=actor.today)
            if left < par.at_least <= left + doses:
                publish(StockBelowPar(par_id=par.pk))


def asked_for(doses: int) -> int:
    """A number of doses somebody typed; raises `InvalidInput` unless it is 1 or more."""
    if doses < 1:
        raise InvalidInput("Say how many: 1 or more.", field="doses")
    return doses
