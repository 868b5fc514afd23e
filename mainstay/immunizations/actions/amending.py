"""A wrong entry is put right with a reason: the record says what it said before, stock and registry follow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.findings import NOTHING_CONFIRMED, Confirmations
from mainstay.foundation.moves import take_step
from mainstay.foundation.outbox import publish
from mainstay.immunizations.actions.locks import locked_given
from mainstay.immunizations.actions.vial import HOW, LANGUAGES, write_reasons, write_statements
from mainstay.immunizations.events import DoseAmended, DoseWithdrawn, VaccineHistoryChanged
from mainstay.immunizations.lifecycle import preparation_lifecycle
from mainstay.immunizations.models import DoseAmendment, GivenDose
from mainstay.immunizations.permissions import GIVE
from mainstay.immunizations.queries.checks import missing_on_record, product_in_hand, product_of_lot
from mainstay.immunizations.queries.recorded import Recorded, findings_about_record
from mainstay.immunizations.rules.placing import routes, sites
from mainstay.inventory import actions as inventory_actions
from mainstay.inventory.lifecycle import Funding
from mainstay.inventory.models import Draw, Lot
from mainstay.orders import actions as order_actions
from mainstay.orders.lifecycle import OrderState
from mainstay.workforce.models import Staff


@dataclass(frozen=True, slots=True)
class DoseChanges:
    """What to put right; None leaves a fact as it is. `given_at` is aware; `volume` in mL.

    `statement_how` other than empty: the statement of another vaccine is handed over now, in `statement_language`.
    """

    site: str | None = None
    route: str | None = None
    volume: Decimal | None = None
    given_at: datetime | None = None
    lot: Lot | None = None
    statement_how: str = ""
    statement_language: str = "en"


@transaction.atomic
def amend_dose(
    *, actor: Actor, given: GivenDose, changes: DoseChanges, reason: str, confirmed: Confirmations = NOTHING_CONFIRMED
) -> GivenDose:
    """Put facts of a given dose right, each with what it said before. Another lot moves the stock of both.

    What is to stand on record is judged as at giving: lot, fund, product, age, interval, place. Raises `InvalidInput`
    without a reason or a change, `StopFound` for what could not have been given, `NeedsConfirmation` for what only a
    reason lets through: a clinician may so record a vaccine that should not have been given, since it was.
    """
    actor.may(GIVE).or_raise()
    if not reason.strip():
        raise InvalidInput("Say what was wrong.", field="reason")
    fresh = locked_given(given)
    before, was = _facts(fresh), Recorded.of(fresh)
    if changes.lot is not None and changes.lot.pk != fresh.lot_id:
        _change_lot(fresh, changes.lot)
    _change_facts(actor, fresh, changes)
    if changes.statement_how:
        _hand_over_missing(actor, fresh, changes)
    findings = findings_about_record(actor, fresh, was)
    confirmed.answer(findings)
    write_reasons(actor, fresh.preparation, findings, confirmed)
    if fresh.lot_id != was.lot.pk:
        fresh.draw = _swap_draws(actor, fresh, was.lot, reason)
    fresh.dose.save()
    fresh.preparation.save()
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
    fresh = locked_given(given)
    fresh.dose.status = "entered-in-error"
    fresh.dose.save()
    inventory_actions.lock_lots(actor=actor, lots=[fresh.lot])
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
    preparation = fresh.preparation
    take_step(preparation, preparation_lifecycle, "withdraw", actor=actor, reason=reason.strip()[:300])
    preparation.save()
    if preparation.order is not None and preparation.order.state == OrderState.DONE:
        order_actions.reopen_order(actor=actor, order=preparation.order, reason=reason)
    _note(actor, fresh, "status", "completed", "entered-in-error", reason)
    publish(DoseWithdrawn(dose_id=fresh.dose_id))
    publish(VaccineHistoryChanged(patient_id=fresh.dose.patient_id))
    return fresh


def _facts(given: GivenDose) -> dict[str, str]:
    return {
        "site": given.site,
        "route": given.route,
        "volume": str(given.volume),
        "given at": given.given_at.isoformat(timespec="minutes"),
        "lot": f"{given.dose.product} {given.lot_number}, {given.funding}",
    }


def _change_lot(given: GivenDose, lot: Lot) -> None:
    """The other lot was the one in the hand."""
    preparation, dose = given.preparation, given.dose
    product = product_of_lot(lot, preparation.group, born=dose.patient.birth_date, on=given.given_on)
    given.lot = lot
    given.lot_number, given.expires_on, given.ndc = lot.lot_number, lot.expires_on, lot.item.ndc
    given.funding = str(lot.funding)
    dose.lot_number, dose.cvx, dose.mvx = lot.lot_number, product.cvx, lot.item.mvx or product.mvx
    dose.product = product.name
    preparation.lot, preparation.cvx, preparation.mvx, preparation.product = lot, dose.cvx, dose.mvx, dose.product


def _swap_draws(actor: Actor, given: GivenDose, wrong: Lot, reason: str) -> Draw:
    """The dose of the right lot leaves the stock, that of the wrong one comes back; both locked before."""
    inventory_actions.lock_lots(actor=actor, lots=[wrong, given.lot])
    draw = inventory_actions.draw_dose(
        actor=actor,
        lot=given.lot,
        patient=given.dose.patient,
        used_for=given.dose.public_id,
        funding=Funding(given.lot.funding),
    )
    inventory_actions.return_draw(actor=actor, draw=given.draw, reason=reason)
    return draw


def _hand_over_missing(actor: Actor, given: GivenDose, changes: DoseChanges) -> None:
    """The statements of the vaccine that is to stand on record, handed over with the word that it was another."""
    if changes.statement_how not in HOW or changes.statement_language not in LANGUAGES:
        raise InvalidInput("Choose how it was handed over, and in which language.", field="statement_how")
    preparation = given.preparation
    missing = missing_on_record(preparation, product_in_hand(preparation, on=given.given_on), on=actor.today)
    write_statements(actor, preparation, missing, language=changes.statement_language, how=changes.statement_how)


def _change_facts(actor: Actor, given: GivenDose, changes: DoseChanges) -> None:
    if changes.site is not None:
        if changes.site not in sites():
            raise InvalidInput("Choose where it went in.", field="site")
        given.site = given.preparation.site = changes.site
    if changes.route is not None:
        if changes.route not in routes():
            raise InvalidInput("Choose the route.", field="route")
        given.route = given.preparation.route = changes.route
    if changes.volume is not None:
        if not 0 < changes.volume <= given.full_volume:
            raise InvalidInput(f"Between 0 and {given.full_volume} mL.", field="volume")
        given.volume = changes.volume
        given.dose.status = "partial" if changes.volume < given.full_volume else "completed"
        given.partial_because = "put right afterwards" if changes.volume < given.full_volume else ""
    if changes.given_at is not None:
        if changes.given_at > actor.now:
            raise InvalidInput("That is in the future.", field="given_at")
        given.given_at = changes.given_at
        given.given_on = changes.given_at.astimezone(actor.zone).date()
        given.dose.given_on = given.given_on


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
