"""A wrong entry is put right with a reason: the record says what it said before, stock and registry follow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.findings import NOTHING_CONFIRMED, Severity
from mainstay.foundation.moves import locked, take_step
from mainstay.foundation.outbox import publish
from mainstay.immunizations.events import DoseAmended, DoseWithdrawn, VaccineHistoryChanged
from mainstay.immunizations.lifecycle import preparation_lifecycle
from mainstay.immunizations.models import DoseAmendment, GivenDose, VaccineDose, VaccinePreparation
from mainstay.immunizations.permissions import GIVE
from mainstay.immunizations.queries.checks import product_of_lot
from mainstay.immunizations.rules.placing import routes, sites
from mainstay.inventory import actions as inventory_actions
from mainstay.inventory.lifecycle import Funding
from mainstay.inventory.models import Draw, Lot
from mainstay.inventory.queries import judge_lot, lot_facts
from mainstay.orders import actions as order_actions
from mainstay.orders.lifecycle import OrderState
from mainstay.workforce.models import Staff


@dataclass(frozen=True, slots=True)
class DoseChanges:
    """What to put right; None leaves a fact as it is. `given_at` is aware; `volume` in mL."""

    site: str | None = None
    route: str | None = None
    volume: Decimal | None = None
    given_at: datetime | None = None
    lot: Lot | None = None


@transaction.atomic
def amend_dose(*, actor: Actor, given: GivenDose, changes: DoseChanges, reason: str) -> GivenDose:
    """Put facts of a given dose right, each with what it said before. Another lot moves the stock of both.

    Raises `InvalidInput` without a reason or a change, and `StopFound` for a lot that could not have been given.
    """
    actor.may(GIVE).or_raise()
    if not reason.strip():
        raise InvalidInput("Say what was wrong.", field="reason")
    fresh = _locked(given)
    before = _facts(fresh)
    if changes.lot is not None and changes.lot.pk != fresh.lot_id:
        _change_lot(actor, fresh, changes.lot, reason)
    _change_facts(actor, fresh, changes)
    fresh.save()
    changed = [(what, old, new) for what, old in before.items() if (new := _facts(fresh)[what]) != old]
    if not changed:
        raise InvalidInput("Nothing is different from what is on record.")
    DoseAmendment.objects.bulk_create(
        DoseAmendment(
            given=fresh,
            what=what,
            before=old,
            after=new,
            reason=reason.strip()[:240],
            at=actor.now,
            by_id=actor.staff_id,
        )
        for what, old, new in changed
    )
    publish(DoseAmended(dose_id=fresh.dose_id))
    publish(VaccineHistoryChanged(patient_id=fresh.dose.patient_id))
    return fresh


@transaction.atomic
def withdraw_dose(
    *, actor: Actor, given: GivenDose, reason: str, wasted_because: str = "", witness: Staff | None = None
) -> GivenDose:
    """Mark a dose as entered in error: it counts no more, its stock comes back or is wasted, its order is open again.

    Nothing is deleted. Raises `IllegalMove` for one that is withdrawn already.
    """
    actor.may(GIVE).or_raise()
    if not reason.strip():
        raise InvalidInput("Say why this was never given, or was entered wrongly.", field="reason")
    fresh = _locked(given)
    fresh.dose.status = "entered-in-error"
    fresh.dose.save()
    inventory_actions.return_draw(actor=actor, draw=fresh.draw, reason=reason)
    if wasted_because:
        inventory_actions.waste_dose(
            actor=actor,
            lot=fresh.lot,
            reason=wasted_because,
            witness=witness,
            note=reason.strip()[:200],
            used_for=fresh.dose.public_id,
        )
    preparation = locked(VaccinePreparation.objects.select_related("order"), pk=fresh.preparation_id)
    take_step(preparation, preparation_lifecycle, "withdraw", actor=actor, reason=reason.strip()[:300])
    preparation.save()
    if preparation.order is not None and preparation.order.state == OrderState.DONE:
        order_actions.reopen_order(actor=actor, order=preparation.order, reason=reason)
    _note(actor, fresh, "status", "completed", "entered-in-error", reason)
    publish(DoseWithdrawn(dose_id=fresh.dose_id))
    publish(VaccineHistoryChanged(patient_id=fresh.dose.patient_id))
    return fresh


def _locked(given: GivenDose) -> GivenDose:
    dose = locked(VaccineDose.objects.all(), pk=given.dose_id)
    if dose.status == "entered-in-error":
        raise IllegalMove("This dose is withdrawn already: it was entered in error.")
    fresh = locked(
        GivenDose.objects.select_related("lot__item", "draw", "preparation__vaccination__visit"), pk=given.pk
    )
    fresh.dose = dose
    return fresh


def _facts(given: GivenDose) -> dict[str, str]:
    return {
        "site": given.site,
        "route": given.route,
        "volume": str(given.volume),
        "given at": given.given_at.isoformat(timespec="minutes"),
        "lot": f"{given.dose.product} {given.lot_number}, {given.funding}",
    }


def _change_lot(actor: Actor, given: GivenDose, lot: Lot, reason: str) -> None:
    """The other lot was the one in the hand: its dose leaves the stock, the wrong one comes back."""
    preparation = given.preparation
    patient = given.dose.patient
    product = product_of_lot(lot, preparation.group, born=patient.birth_date, on=given.given_on)
    facts = lot_facts(lot, on=actor.now, site_id=given.clinic_id)
    NOTHING_CONFIRMED.answer(
        one for one in judge_lot(facts, now=given.given_at, funding=None) if one.severity is Severity.STOP
    )
    draw: Draw = inventory_actions.draw_dose(
        actor=actor, lot=lot, patient=patient, used_for=given.dose.public_id, funding=Funding(lot.funding)
    )
    inventory_actions.return_draw(actor=actor, draw=given.draw, reason=reason)
    given.lot, given.draw = lot, draw
    given.lot_number, given.expires_on, given.ndc = lot.lot_number, lot.expires_on, lot.item.ndc
    given.funding = str(lot.funding)
    dose = given.dose
    dose.lot_number, dose.cvx, dose.mvx = lot.lot_number, product.cvx, lot.item.mvx or product.mvx
    dose.product = product.name
    dose.save()


def _change_facts(actor: Actor, given: GivenDose, changes: DoseChanges) -> None:
    if changes.site is not None:
        if changes.site not in sites():
            raise InvalidInput("Choose where it went in.", field="site")
        given.site = changes.site
    if changes.route is not None:
        if changes.route not in routes():
            raise InvalidInput("Choose the route.", field="route")
        given.route = changes.route
    if changes.volume is not None:
        if not 0 < changes.volume <= given.full_volume:
            raise InvalidInput(f"Between 0 and {given.full_volume} mL.", field="volume")
        given.volume = changes.volume
        given.dose.status = "partial" if changes.volume < given.full_volume else "completed"
        given.partial_because = "put right afterwards" if changes.volume < given.full_volume else ""
        given.dose.save()
    if changes.given_at is not None:
        if changes.given_at > actor.now:
            raise InvalidInput("That is in the future.", field="given_at")
        given.given_at = changes.given_at
        given.given_on = changes.given_at.astimezone(actor.zone).date()
        given.dose.given_on = given.given_on
        given.dose.save()


def _note(actor: Actor, given: GivenDose, what: str, before: str, after: str, reason: str) -> None:
    DoseAmendment.objects.create(
        given=given,
        what=what,
        before=before,
        after=after,
        reason=reason.strip()[:240],
        at=actor.now,
        by_id=actor.staff_id,
    )
