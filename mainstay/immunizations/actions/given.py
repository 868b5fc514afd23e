"""The act itself and its consequences, in one transaction: chart, stock, order, watch, and what others are told."""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.findings import NOTHING_CONFIRMED, Confirmations
from mainstay.foundation.moves import take_step
from mainstay.foundation.outbox import publish
from mainstay.immunizations.actions.doubts import raise_doubts
from mainstay.immunizations.actions.locks import locked_preparation
from mainstay.immunizations.actions.vial import ask_for_talk, doubts_open, forget_vial, keep_reasons
from mainstay.immunizations.actions.watching import start_watch
from mainstay.immunizations.errors import DoubtIsOpen, StepSkipped
from mainstay.immunizations.events import DoseGiven, VaccineHistoryChanged, VaccineRefused
from mainstay.immunizations.lifecycle import (
    WITH_VIAL,
    PreparationState,
    VaccinationState,
    preparation_lifecycle,
)
from mainstay.immunizations.models import (
    GivenDose,
    VaccineDose,
    VaccinePreparation,
    VaccineRefusal,
)
from mainstay.immunizations.permissions import GIVE
from mainstay.immunizations.queries.checks import (
    findings_about_lot,
    findings_about_place,
    product_in_hand,
)
from mainstay.immunizations.queries.giving import likely_products
from mainstay.immunizations.queries.ways import way_still_open
from mainstay.immunizations.rules.placing import Placement
from mainstay.immunizations.rules.vaccines import products_for_group
from mainstay.immunizations.rules.vis import judge_statements
from mainstay.inventory import actions as inventory_actions
from mainstay.orders import actions as order_actions
from mainstay.practice.models import Site
from mainstay.workforce.models import Staff

REFUSAL_REASONS = ("00", "01", "02", "03")


@transaction.atomic
def give_dose(
    *,
    actor: Actor,
    preparation: VaccinePreparation,
    volume_given: Decimal | None = None,
    partial_because: str = "",
    confirmed: Confirmations = NOTHING_CONFIRMED,
) -> VaccineDose:
    """Record a vaccine given now. Everything is asked once more, the dose leaves the stock, the watch begins.

    `volume_given` (mL) less than what was placed makes a partial dose to be repeated, which says why. Raises
    `NotPermitted`, `StepSkipped`, `TalkFirst`, `DoubtIsOpen`, `StopFound`, `NeedsConfirmation` and `NothingLeft`.
    """
    fresh = locked_preparation(preparation)
    way_still_open(actor, fresh).or_raise()
    preparation_lifecycle.check("give", PreparationState(fresh.state))
    if fresh.vaccination.state != VaccinationState.READY or fresh.lot is None or fresh.volume is None:
        raise StepSkipped()
    volume = _volume(fresh, volume_given, partial_because)
    _judge_once_more(actor, fresh, confirmed)
    dose = _write_dose(actor, fresh, is_partial=volume < fresh.volume)
    draw = inventory_actions.draw_dose(
        actor=actor,
        lot=fresh.lot,
        patient=fresh.vaccination.patient,
        used_for=dose.public_id,
        funding=fresh.lot.funding,
    )
    _write_given(actor, fresh, dose, draw_id=draw.pk, volume=volume, because=partial_because)
    take_step(fresh, preparation_lifecycle, "give", actor=actor)
    fresh.save()
    if fresh.order is not None and volume == fresh.volume:
        order_actions.complete_order(actor=actor, order=fresh.order, used_ref=dose.public_id)
    start_watch(actor, fresh.vaccination)
    publish(DoseGiven(dose_id=dose.pk))
    publish(VaccineHistoryChanged(patient_id=dose.patient_id))
    return dose


def _volume(preparation: VaccinePreparation, volume_given: Decimal | None, because: str) -> Decimal:
    placed = preparation.volume or Decimal()
    volume = placed if volume_given is None else volume_given
    if not 0 < volume <= placed:
        raise InvalidInput(f"Between 0 and {placed} mL went in.", field="volume_given")
    if volume < placed and not because.strip():
        raise InvalidInput("Say why not all of it went in.", field="partial_because")
    return volume


def _judge_once_more(actor: Actor, preparation: VaccinePreparation, confirmed: Confirmations) -> None:
    """Everything that may have changed since the vial was taken: the chart, the lot, the clock, the statements."""
    assert preparation.lot is not None and preparation.volume is not None
    product = product_in_hand(preparation, on=actor.today)
    ask_for_talk(actor, preparation, product)
    if doubts_open(preparation) or raise_doubts(actor, preparation, product):
        raise DoubtIsOpen()
    placement = Placement(preparation.volume, preparation.route, preparation.site, preparation.needle)
    handed = list(preparation.statements.values_list("code", "edition"))
    findings = [
        *findings_about_lot(actor, preparation, preparation.lot, product),
        *findings_about_place(actor, preparation, placement),
        *judge_statements(product, handed, actor.today),
    ]
    keep_reasons(actor, preparation, findings, confirmed)


def _write_dose(actor: Actor, preparation: VaccinePreparation, *, is_partial: bool) -> VaccineDose:
    assert preparation.lot is not None
    return VaccineDose.objects.create(
        public_id=uuid.uuid4(),
        patient=preparation.vaccination.patient,
        cvx=preparation.cvx,
        mvx=preparation.mvx,
        product=preparation.product,
        lot_number=preparation.lot.lot_number,
        given_on=actor.today,
        source="here",
        status="partial" if is_partial else "completed",
        recorded_by_id=actor.staff_id,
        recorded_at=actor.now,
        visit_ref=preparation.vaccination.visit.public_id,
    )


def _write_given(
    actor: Actor, preparation: VaccinePreparation, dose: VaccineDose, *, draw_id: int, volume: Decimal, because: str
) -> GivenDose:
    site, lot = preparation.vaccination.visit.site, preparation.lot
    assert lot is not None
    name, title = _who_gave(actor)
    return GivenDose.objects.create(
        dose=dose,
        preparation=preparation,
        lot=lot,
        draw_id=draw_id,
        clinic=site,
        given_at=actor.now,
        given_on=actor.today,
        given_by_id=actor.staff_id,
        giver_name=name,
        giver_title=title,
        clinic_name=site.name,
        clinic_address=address_of(site),
        ndc=lot.item.ndc,
        lot_number=lot.lot_number,
        expires_on=lot.expires_on,
        volume=volume,
        full_volume=preparation.volume,
        route=preparation.route,
        site=preparation.site,
        needle=preparation.needle,
        funding=str(lot.funding),
        eligibility=preparation.vaccination.eligibility,
        ordered_by=_on_whose_word(preparation)[:160],
        partial_because=because.strip()[:200] if volume < (preparation.volume or volume) else "",
    )


def address_of(site: Site) -> str:
    """The address of a clinic in one line, as the law wants it on every dose."""
    town = f"{site.city}, {site.state} {site.postal_code}".strip(" ,")
    return ", ".join(part for part in (site.street, town) if part) or site.name


def _who_gave(actor: Actor) -> tuple[str, str]:
    staff = Staff.objects.filter(pk=actor.staff_id).first()
    if staff is None:
        return actor.name, "recorded by the system"
    roles = ", ".join(role.replace("_", " ").replace("clinical ma", "medical assistant") for role in staff.roles)
    return staff.get_full_name(), (staff.title or staff.licence or roles or "staff")[:80]


def _on_whose_word(preparation: VaccinePreparation) -> str:
    if preparation.order is not None and preparation.order.signed_by is not None:
        return f"{preparation.order.signed_by.shown_name}, order"
    standing = preparation.standing_order
    if standing is not None and standing.signed_by is not None:
        return f"{standing.signed_by.shown_name}, standing order {standing.title}"
    return "on own license"


@transaction.atomic
def refuse_vaccine(
    *,
    actor: Actor,
    preparation: VaccinePreparation,
    reason: str,
    by_name: str,
    by_relation: str,
    signature: str,
    words: str = "",
    wasted_because: str = "",
    witness: Staff | None = None,
) -> VaccineRefusal:
    """Keep that a vaccine was refused: by whom, why (NIP002), signed. A vial that was opened is wasted with a witness.

    `signature` is the name as the person signed it. Raises `InvalidInput` for a missing one.
    """
    actor.may(GIVE).or_raise()
    if reason not in REFUSAL_REASONS:
        raise InvalidInput("Choose why it was refused.", field="reason")
    if reason == "02" and not words.strip():
        raise InvalidInput("Say why, in their own words.", field="words")
    for field, text in (("by_name", by_name), ("by_relation", by_relation), ("signature", signature)):
        if not text.strip():
            raise InvalidInput("Say who refused, and have them sign.", field=field)
    fresh = locked_preparation(preparation)
    if wasted_because and fresh.state in WITH_VIAL:
        _waste(actor, fresh, reason=wasted_because, witness=witness)
    take_step(fresh, preparation_lifecycle, "refuse", actor=actor, reason=words.strip()[:300])
    fresh.save()
    refusal = VaccineRefusal.objects.create(
        patient=fresh.vaccination.patient,
        preparation=fresh,
        group=fresh.group,
        cvx=fresh.cvx or _cvx_of(fresh, actor),
        refused_on=actor.today,
        reason=reason,
        words=words.strip()[:240],
        by_name=by_name.strip()[:120],
        by_relation=by_relation.strip()[:40],
        signature=signature.strip()[:120],
        signed_at=actor.now,
        witness_id=actor.staff_id,
        visit_ref=fresh.vaccination.visit.public_id,
    )
    if fresh.order is not None:
        order_actions.close_refused_order(
            actor=actor, order=fresh.order, used_ref=refusal.public_id, reason=words.strip() or "refused"
        )
    publish(VaccineRefused(refusal_id=refusal.pk))
    return refusal


def _cvx_of(preparation: VaccinePreparation, actor: Actor) -> str:
    """The vaccine code to say was refused when no vial was taken: the first the schedule finds suitable."""
    found = likely_products(preparation.vaccination.patient, preparation.group, on=actor.today)
    return (found or list(products_for_group(preparation.group)))[0].cvx


@transaction.atomic
def waste_vial(
    *, actor: Actor, preparation: VaccinePreparation, reason: str, witness: Staff | None, note: str = ""
) -> VaccinePreparation:
    """A dose was drawn up and cannot be given: it is wasted with a witness, and another vial is taken."""
    actor.may(GIVE).or_raise()
    fresh = locked_preparation(preparation)
    if fresh.state not in WITH_VIAL:
        raise StepSkipped("There is no vial in hand.")
    _waste(actor, fresh, reason=reason, witness=witness, note=note)
    take_step(fresh, preparation_lifecycle, "put_back", actor=actor, reason=f"wasted: {reason}")
    forget_vial(fresh)
    return fresh


def _waste(
    actor: Actor, preparation: VaccinePreparation, *, reason: str, witness: Staff | None, note: str = ""
) -> None:
    assert preparation.lot is not None
    inventory_actions.waste_dose(
        actor=actor, lot=preparation.lot, reason=reason, witness=witness, note=note, used_for=preparation.public_id
    )
