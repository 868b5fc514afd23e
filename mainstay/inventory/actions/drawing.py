"""Taking doses for a patient, and putting back what was a wrong entry."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.findings import NOTHING_CONFIRMED, Confirmations
from mainstay.foundation.moves import locked
from mainstay.inventory.actions.moving import asked_for, locked_lot, locked_stock, move, take_from_vials, watch_par
from mainstay.inventory.errors import AlreadyBack, NothingLeft
from mainstay.inventory.lifecycle import Funding
from mainstay.inventory.models import Draw, Lot, MovementKind, OpenVial, Stock, StorageUnit, Waste
from mainstay.inventory.permissions import USE
from mainstay.inventory.rules import judge_lot
from mainstay.people.models import Patient


@transaction.atomic
def draw_dose(
    *,
    actor: Actor,
    lot: Lot,
    patient: Patient,
    used_for: UUID,
    funding: Funding | str | None = None,
    unit: StorageUnit | None = None,
    doses: int = 1,
    confirmed: Confirmations = NOTHING_CONFIRMED,
) -> Draw:
    """Take doses of a lot at the actor's site for one patient; locks the lot, judges it, opens a vial if needed.

    `used_for` is the public id of the record the dose is for; `funding` what the patient needs (None: not asked);
    `unit` where it is taken from if not from where it should be used first. Raises `StopFound` with what speaks
    against the lot, `NothingLeft`, `LotNotHere`, and `AlreadyDrawn` for the same lot drawn for the same record twice.
    """
    actor.may(USE).or_raise()
    asked_for(doses)
    chosen = locked_lot(lot, actor, unit=unit)[0]
    findings = judge_lot(chosen.facts, now=actor.now, funding=funding)
    if [f.code for f in findings] == ["empty"]:
        raise NothingLeft(findings[0].message)
    confirmed.answer(findings)
    stock = chosen.stock
    vial = take_from_vials(actor, stock, doses)
    movement = move(actor, stock, MovementKind.DRAWN, -doses)
    drawn = Draw.objects.create(
        stock=stock,
        lot=stock.lot,
        patient=patient,
        used_for=used_for,
        doses=doses,
        vial=vial,
        drawn_at=actor.now,
        drawn_by_id=actor.staff_id,
        movement=movement,
    )
    watch_par(actor, [stock], doses=doses)
    return drawn


@transaction.atomic
def return_draw(*, actor: Actor, draw: Draw, reason: str) -> Draw:
    """Put back a draw that was a wrong entry, with the reason. Raises `AlreadyBack` the second time.

    The dose returns to its vial while that is in use; where the vial was discarded meanwhile it is lost with it.
    """
    actor.may(USE).or_raise()
    if not reason.strip():
        raise InvalidInput("Say why this dose goes back to stock.", field="reason")
    stock = locked_stock(Stock(pk=draw.stock_id), actor).stock
    fresh = locked(Draw.objects.select_related("vial"), pk=draw.pk)
    if fresh.returned_at:
        raise AlreadyBack()
    back = move(actor, stock, MovementKind.RETURNED, fresh.doses, reason=reason)
    if fresh.vial and not _back_into(fresh.vial, fresh.doses):
        _lost_with_its_vial(actor, stock, fresh)
    fresh.returned_at, fresh.returned_by_id = actor.now, actor.staff_id
    fresh.return_reason, fresh.return_movement = reason.strip()[:300], back
    fresh.save()
    return fresh


def _back_into(vial: OpenVial, doses: int) -> bool:
    """Whether the vial could take its doses back."""
    if vial.closed_at and vial.closed_because != "empty":
        return False
    vial.closed_at, vial.closed_because = None, ""
    vial.doses_left += doses
    vial.save()
    return True


def _lost_with_its_vial(actor: Actor, stock: Stock, draw: Draw) -> None:
    gone = move(actor, stock, MovementKind.WASTED, -draw.doses, reason="Its vial had been discarded.")
    Waste.objects.create(
        stock=stock,
        doses=draw.doses,
        cause="open_vial_over",
        note="Returned as a wrong entry after its vial had been discarded.",
        wasted_at=actor.now,
        wasted_by_id=actor.staff_id,
        used_for=draw.used_for,
        movement=gone,
    )
