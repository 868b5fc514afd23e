"""Throwing doses away: with a cause, and mostly with a witness."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.moves import locked
from mainstay.inventory.actions.moving import (
    asked_for,
    keep_vials_within,
    locked_lot,
    locked_stock,
    move,
    take_from_open_vials,
    watch_par,
)
from mainstay.inventory.errors import NothingLeft
from mainstay.inventory.models import Lot, MovementKind, OpenVial, Stock, StorageUnit, Waste
from mainstay.inventory.permissions import USE
from mainstay.inventory.rules.reasons import reasons
from mainstay.workforce.models import Staff

OUT_OF_AN_OPEN_VIAL = ("drawn_not_given", "refused_after_draw", "open_vial_over", "reconstituted_wrong")


@transaction.atomic
def waste_dose(
    *,
    actor: Actor,
    lot: Lot,
    reason: str,
    witness: Staff | None = None,
    doses: int = 1,
    note: str = "",
    unit: StorageUnit | None = None,
    used_for: UUID | None = None,
) -> Waste:
    """Write off doses that were lost, with a reason from `tables/reasons.toml` and who saw it.

    Held, expired and recalled stock can be wasted too. Raises `InvalidInput` for an unknown reason, or where somebody
    other than the actor has to witness and nobody does; `NothingLeft`, `LotNotHere`.
    """
    actor.may(USE).or_raise()
    asked_for(doses)
    known = reasons("waste").get(reason)
    if known is None:
        raise InvalidInput("Choose why it is wasted.", field="reason")
    if known.code == "other" and not note.strip():
        raise InvalidInput("Say what happened.", field="note")
    if known.needs_witness:
        _seen_by_another(actor, witness)
    found = [here for here in locked_lot(lot, actor, unit=unit) if here.doses_left >= doses]
    if not found:
        raise NothingLeft()
    stock = found[0].stock
    if reason in OUT_OF_AN_OPEN_VIAL:
        take_from_open_vials(actor, stock, doses)
    movement = move(actor, stock, MovementKind.WASTED, -doses, reason=known.title)
    keep_vials_within(actor, stock)
    wasted = Waste.objects.create(
        stock=stock,
        doses=doses,
        cause=reason,
        note=note.strip()[:300],
        wasted_at=actor.now,
        wasted_by_id=actor.staff_id,
        witness=witness,
        used_for=used_for,
        movement=movement,
    )
    watch_par(actor, [stock], doses=doses)
    return wasted


@transaction.atomic
def discard_open_vial(*, actor: Actor, vial: OpenVial) -> Waste:
    """Throw away a vial past its hours, with what is left in it. Raises `IllegalMove` if it is closed or still good."""
    actor.may(USE).or_raise()
    stock = locked_stock(Stock(pk=vial.stock_id), actor).stock
    fresh = locked(OpenVial.objects.all(), pk=vial.pk)
    if fresh.closed_at or not fresh.doses_left:
        raise IllegalMove("This vial is closed already.")
    if fresh.beyond_use_at is None or fresh.beyond_use_at > actor.now:
        raise IllegalMove("This vial may still be used. To throw it away now, waste its doses with a reason.")
    left = fresh.doses_left
    fresh.closed_at, fresh.closed_because, fresh.doses_left = actor.now, "open_vial_over", 0
    fresh.save()
    movement = move(actor, stock, MovementKind.WASTED, -left, reason=reasons("waste")["open_vial_over"].title)
    wasted = Waste.objects.create(
        stock=stock,
        doses=left,
        cause="open_vial_over",
        wasted_at=actor.now,
        wasted_by_id=actor.staff_id,
        movement=movement,
    )
    watch_par(actor, [stock], doses=left)
    return wasted


@transaction.atomic
def discard_vials_past_hours(*, actor: Actor, stock: Stock) -> list[Waste]:
    """Throw away every vial of a lot in one unit that is past its hours. Raises `IllegalMove` if there is none."""
    over = OpenVial.objects.filter(stock=stock, closed_at=None, beyond_use_at__lte=actor.now).order_by("opened_at")
    if not over:
        raise IllegalMove("No open vial here is past its hours.")
    return [discard_open_vial(actor=actor, vial=vial) for vial in over]


def _seen_by_another(actor: Actor, witness: Staff | None) -> None:
    if witness is None:
        raise InvalidInput("Somebody else has to see this and sign. Choose who.", field="witness")
    if witness.pk == actor.staff_id:
        raise InvalidInput("You cannot witness your own waste. Choose somebody else.", field="witness")
