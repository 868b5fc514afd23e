"""Moving stock between units and funds, putting the figure right, taking out what has expired."""

from __future__ import annotations

import uuid

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.findings import NOTHING_CONFIRMED, Finding, Severity
from mainstay.foundation.moves import locked
from mainstay.inventory.actions.holding import hold_newcomers
from mainstay.inventory.actions.moving import asked_for, keep_vials_within, locked_stock, move, put_into, watch_par
from mainstay.inventory.errors import NothingLeft
from mainstay.inventory.lifecycle import ExcursionState, Funding
from mainstay.inventory.models import Borrowing, Excursion, Lot, Movement, MovementKind, Stock, StorageKind, StorageUnit
from mainstay.inventory.permissions import ADJUST, RECEIVE
from mainstay.inventory.queries.lots import LotOnHand
from mainstay.inventory.rules.reasons import reasons
from mainstay.people.models import Patient


@transaction.atomic
def transfer_stock(*, actor: Actor, stock: Stock, to: StorageUnit, doses: int, note: str = "") -> Stock:
    """Move unopened doses to another unit or site, both sides in one act; returns the stock there.

    Held, recalled and expired stock stays where it is. Raises `StopFound`, `NothingLeft`.
    """
    actor.may(RECEIVE).or_raise()
    asked_for(doses)
    here = locked_stock(stock, actor)
    found = [f for f in here.findings if f.code not in ("empty", "beyond_use")]
    if to.pk == here.stock.unit_id:
        raise InvalidInput("It is in this unit already.", field="to")
    if to.kind != here.item.storage:
        wanted = StorageKind(here.item.storage).replace("_", "-")
        found.append(Finding(Severity.STOP, "wrong_unit", "to", f"{here.item.name} belongs in a {wanted}."))
    if Excursion.objects.filter(unit=to, state=ExcursionState.OPEN).exists():
        found.append(Finding(Severity.STOP, "unit_held", "to", f"{to.name} is marked DO NOT USE."))
    NOTHING_CONFIRMED.answer(found)
    if here.facts.unopened < doses:
        raise NothingLeft("Not so many unopened doses are left here. An open vial stays in its unit.")
    there = put_into(here.lot, to)
    act = uuid.uuid4()
    move(actor, here.stock, MovementKind.MOVED_OUT, -doses, reason=note or f"To {to.name}", act=act)
    move(actor, there, MovementKind.MOVED_IN, doses, reason=note or f"From {here.unit.name}", act=act)
    if to.site_id != here.unit.site_id:
        watch_par(actor, [here.stock], doses=doses)
    return there


@transaction.atomic
def adjust_stock(*, actor: Actor, stock: Stock, doses: int, reason: str, note: str = "") -> Movement:
    """Put a figure right by so many doses up (+) or down (−), with a reason from `tables/reasons.toml`."""
    actor.may(ADJUST).or_raise()
    known = reasons("adjust").get(reason)
    if known is None:
        raise InvalidInput("Choose why the figure is put right.", field="reason")
    if known.code == "other" and not note.strip():
        raise InvalidInput("Say what happened.", field="note")
    if doses == 0:
        raise InvalidInput("Say by how many: up (+) or down (−).", field="doses")
    here = locked_stock(stock, actor).stock
    movement = move(
        actor, here, MovementKind.ADJUSTED, doses, reason=": ".join(filter(None, (known.title, note.strip())))
    )
    if doses < 0:
        keep_vials_within(actor, here)
        watch_par(actor, [here], doses=-doses)
    else:
        hold_newcomers(actor, here.unit)
    return movement


@transaction.atomic
def expire_stock(*, actor: Actor, stock: Stock, note: str = "") -> Movement:
    """Take an expired lot out of a unit. VFC doses go back to the program; the note says with which form.

    Raises `IllegalMove` for a lot that has not expired, `NothingLeft` where none is left.
    """
    actor.may(RECEIVE).or_raise()
    here = locked_stock(stock, actor)
    if here.lot.expires_on >= actor.today:
        raise IllegalMove(f"This lot may be used until {here.lot.expires_on:%m/%d/%Y}.")
    if not here.doses_left:
        raise NothingLeft()
    movement = move(actor, here.stock, MovementKind.EXPIRED, -here.doses_left, reason=note or "Expired")
    keep_vials_within(actor, here.stock)
    return movement


@transaction.atomic
def borrow_doses(
    *,
    actor: Actor,
    stock: Stock,
    to_fund: Funding | str,
    doses: int,
    cause: str,
    note: str = "",
    patient: Patient | None = None,
) -> Borrowing:
    """Lend doses of one fund's lot to another fund, in the same unit, to be replaced; the form is printed from it.

    Raises `StopFound` for a lot that may not be used, `InvalidInput` for the same fund or an unknown cause.
    """
    actor.may(ADJUST).or_raise()
    asked_for(doses)
    fund = Funding(to_fund)
    if cause not in reasons("borrow"):
        raise InvalidInput("Choose why it is borrowed.", field="cause")
    if cause == "other" and not note.strip():
        raise InvalidInput("Say why.", field="note")
    here = locked_stock(stock, actor)
    NOTHING_CONFIRMED.answer(here.findings)
    if here.lot.funding == fund:
        raise InvalidInput(f"This is {fund.label} stock already.", field="to_fund")
    borrowed = _across(actor, here, fund, doses, MovementKind.BORROWED_OUT, MovementKind.BORROWED_IN)
    return Borrowing.objects.create(
        item=here.item,
        lent_by=here.lot,
        borrowed_as=borrowed,
        doses=doses,
        patient=patient,
        cause=cause,
        note=note.strip()[:300],
        borrowed_at=actor.now,
        borrowed_by_id=actor.staff_id,
    )


@transaction.atomic
def replace_borrowed(*, actor: Actor, borrowing: Borrowing, stock: Stock) -> Borrowing:
    """Give the lender as many doses back, from a lot of the same item and of the fund that borrowed."""
    actor.may(ADJUST).or_raise()
    here = locked_stock(stock, actor)
    fresh = locked(Borrowing.objects.select_related("lent_by", "borrowed_as"), pk=borrowing.pk)
    if fresh.replaced_at:
        raise IllegalMove("These doses have been replaced.")
    if here.lot.item_id != fresh.item_id or here.lot.funding != fresh.borrowed_as.funding:
        fund = Funding(fresh.borrowed_as.funding).label
        raise InvalidInput(f"Replace it with {fund} stock of the same vaccine.", field="stock")
    NOTHING_CONFIRMED.answer(here.findings)
    lender = Funding(fresh.lent_by.funding)
    fresh.replaced_with = _across(actor, here, lender, fresh.doses, MovementKind.REPLACED_OUT, MovementKind.REPLACED_IN)
    fresh.replaced_at, fresh.replaced_by_id = actor.now, actor.staff_id
    fresh.save()
    return fresh


def _across(actor: Actor, here: LotOnHand, fund: Funding, doses: int, out: MovementKind, into: MovementKind) -> Lot:
    """Move unopened doses to the same lot number under another fund, in the same unit."""
    if here.facts.unopened < doses:
        raise NothingLeft("Not so many unopened doses are left here.")
    lot, _ = Lot.objects.get_or_create(
        item=here.item, lot_number=here.lot.lot_number, funding=fund, defaults={"expires_on": here.lot.expires_on}
    )
    act = uuid.uuid4()
    move(actor, here.stock, out, -doses, reason=f"To {fund.label} stock", act=act)
    move(actor, put_into(lot, here.unit), into, doses, reason=f"From {here.funding.label} stock", act=act)
    return lot
