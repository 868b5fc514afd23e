"""From the vial to the skin: take it, judge it, say where it goes, have it checked, hand over the statement."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput, NotPermitted
from mainstay.foundation.findings import NOTHING_CONFIRMED, Confirmations, Finding, Severity
from mainstay.foundation.moves import take_step
from mainstay.immunizations.actions.doubts import raise_doubts
from mainstay.immunizations.actions.locks import locked_preparation
from mainstay.immunizations.errors import DoubtIsOpen, StepSkipped, TalkFirst
from mainstay.immunizations.lifecycle import (
    ConcernState,
    PreparationState,
    VaccinationState,
    preparation_lifecycle,
)
from mainstay.immunizations.models import (
    StatementGiven,
    VaccineConfirmation,
    VaccinePreparation,
)
from mainstay.immunizations.permissions import CHECK, GIVE
from mainstay.immunizations.queries.checks import (
    findings_about_lot,
    findings_about_place,
    product_of_lot,
    statements_to_give,
)
from mainstay.immunizations.queries.giving import due_groups
from mainstay.immunizations.queries.talking import talk_before
from mainstay.immunizations.queries.ways import is_licensed
from mainstay.immunizations.rules.funding import eligibilities
from mainstay.immunizations.rules.placing import Placement
from mainstay.immunizations.rules.vaccines import Product
from mainstay.immunizations.rules.vis import MULTI, Statement
from mainstay.inventory.models import Lot
from mainstay.inventory.queries import LotOnHand, lot_by_scan

LANGUAGES = ("en", "es", "other")
HOW = ("paper", "screen", "link")


def keep_reasons(
    actor: Actor, preparation: VaccinePreparation, findings: Sequence[Finding], confirmed: Confirmations
) -> None:
    """Let findings through that have a reason, given now or before, and keep the new reasons with the vaccine."""
    before = {row.code: row.reason for row in preparation.confirmations.all()}
    Confirmations({**before, **confirmed.reasons}).answer(findings)
    write_reasons(actor, preparation, findings, confirmed)


def write_reasons(
    actor: Actor, preparation: VaccinePreparation, findings: Sequence[Finding], confirmed: Confirmations
) -> None:
    """Write the reasons given now for findings beside the vaccine."""
    VaccineConfirmation.objects.bulk_create(
        VaccineConfirmation(
            preparation=preparation,
            code=one.code,
            message=one.message[:300],
            reason=confirmed.reason_for(one.code)[:240],
            at=actor.now,
            by_id=actor.staff_id,
        )
        for one in findings
        if one.severity is Severity.CONFIRM and confirmed.reason_for(one.code)
    )


@transaction.atomic
def take_vial(
    *, actor: Actor, preparation: VaccinePreparation, lot: Lot, how: str, confirmed: Confirmations = NOTHING_CONFIRMED
) -> VaccinePreparation:
    """Take one lot for a vaccine: judged for date, recall, cold chain, who pays, age, interval and what is in it.

    `how` is scanned, picked or typed. Raises `StopFound`, `NeedsConfirmation`, and `TalkFirst` for what in
    the vial goes by shared decision, and changes nothing then. When the vial itself brings up a doubt (an allergy to a
    part of it) the vaccine is held and comes back held.
    """
    actor.may(GIVE).or_raise()
    fresh = locked_preparation(preparation)
    if fresh.vaccination.state != VaccinationState.READY:
        raise StepSkipped("Ask the questions and who pays first.")
    if fresh.state == PreparationState.HELD:
        raise DoubtIsOpen()
    preparation_lifecycle.check("take", PreparationState(fresh.state))
    product = product_of_lot(lot, fresh.group, born=fresh.vaccination.patient.birth_date, on=actor.today)
    ask_for_talk(actor, fresh, product)
    findings = findings_about_lot(actor, fresh, lot, product)
    keep_reasons(actor, fresh, findings, confirmed)
    if raise_doubts(actor, fresh, product):
        return fresh
    take_step(fresh, preparation_lifecycle, "take", actor=actor)
    fresh.lot, fresh.cvx, fresh.mvx, fresh.product = lot, product.cvx, lot.item.mvx or product.mvx, product.name
    fresh.taken_how = how if how in ("scanned", "picked", "typed") else "typed"
    fresh.save()
    return fresh


@transaction.atomic
def scan_vial(
    *, actor: Actor, preparation: VaccinePreparation, scan: str, confirmed: Confirmations = NOTHING_CONFIRMED
) -> VaccinePreparation:
    """Take the lot a barcode or a typed lot number means; what was typed is marked as typed.

    Of two funds with one lot number the one for this patient is meant. Raises what `take_vial` raises, `InvalidInput`
    for a scan that means nothing here, and `StopFound` where the label differs from the record.
    """
    actor.may(GIVE).or_raise()
    site_id = preparation.vaccination.visit.site_id
    found = lot_by_scan(site_id=site_id, scan=scan, on=actor.now)
    if not found.lots:
        raise InvalidInput(found.reason or "This is not in stock here.", field="scan")
    chosen = _meant(preparation, found.lots)
    label = [one for one in chosen.findings if one.code == "label_differs"]
    NOTHING_CONFIRMED.answer(label)
    how = "scanned" if found.code.gtin or found.code.ndc else "typed"
    return take_vial(actor=actor, preparation=preparation, lot=chosen.lot, how=how, confirmed=confirmed)


def _meant(preparation: VaccinePreparation, lots: Sequence[LotOnHand]) -> LotOnHand:
    known = eligibilities().get(preparation.vaccination.eligibility)
    wanted = known.funding if known else ()
    return min(lots, key=lambda one: (str(one.lot.funding) not in wanted, bool(one.findings)))


@transaction.atomic
def put_vial_back(*, actor: Actor, preparation: VaccinePreparation, reason: str) -> VaccinePreparation:
    """Put an unopened vial back on the shelf and choose again; the stock was not touched yet."""
    actor.may(GIVE).or_raise()
    if not reason.strip():
        raise InvalidInput("Say why it goes back.", field="reason")
    fresh = locked_preparation(preparation)
    take_step(fresh, preparation_lifecycle, "put_back", actor=actor, reason=reason.strip()[:300])
    forget_vial(fresh)
    return fresh


def forget_vial(preparation: VaccinePreparation) -> None:
    """Take the vial, its place and its check off a vaccine that is chosen again."""
    preparation.lot, preparation.cvx, preparation.mvx, preparation.product = None, "", "", ""
    preparation.volume, preparation.route, preparation.site, preparation.needle = None, "", "", 0
    preparation.checked_by, preparation.checked_at, preparation.taken_how = None, None, ""
    preparation.save()


@transaction.atomic
def place_dose(
    *,
    actor: Actor,
    preparation: VaccinePreparation,
    placement: Placement,
    confirmed: Confirmations = NOTHING_CONFIRMED,
) -> VaccinePreparation:
    """Say how much goes in, by which route, where, with which needle; judged by product, age, sex and weight."""
    actor.may(GIVE).or_raise()
    fresh = locked_preparation(preparation)
    preparation_lifecycle.check("place", PreparationState(fresh.state))
    keep_reasons(actor, fresh, findings_about_place(actor, fresh, placement), confirmed)
    take_step(fresh, preparation_lifecycle, "place", actor=actor)
    fresh.volume, fresh.route, fresh.site = placement.volume, placement.route, placement.site
    fresh.needle = placement.needle if placement.route in ("im", "sc") else 0
    fresh.save()
    return fresh


@transaction.atomic
def check_dose(*, actor: Actor, preparation: VaccinePreparation) -> VaccinePreparation:
    """A licensed person has looked at vaccine, lot, dose and patient, and says that they are right.

    Never the one who prepared it; raises `NotPermitted` for them and for who holds no license.
    """
    actor.may(CHECK).or_raise()
    fresh = locked_preparation(preparation)
    preparation_lifecycle.check("check", PreparationState(fresh.state))
    last = fresh.steps.filter(name="place").order_by("-pk").first()
    if last is not None and last.by_id == actor.staff_id:
        raise NotPermitted("Somebody else checks: not the one who prepared it.")
    if not is_licensed(actor):
        raise NotPermitted("Only a licensed person checks vaccine and dose.")
    take_step(fresh, preparation_lifecycle, "check", actor=actor)
    fresh.checked_by_id, fresh.checked_at = actor.staff_id, actor.now
    fresh.save()
    return fresh


@transaction.atomic
def hand_over_statements(
    *, actor: Actor, preparation: VaccinePreparation, language: str, how: str, multi: str = ""
) -> VaccinePreparation:
    """Write down that the current information statements were handed over, before the dose (42 USC 300aa-26).

    `multi` other than empty hands over the one statement for a child's first vaccines instead, where it may stand.
    """
    actor.may(GIVE).or_raise()
    if language not in LANGUAGES:
        raise InvalidInput("Choose the language it was handed over in.", field="language")
    if how not in HOW:
        raise InvalidInput("Choose how it was handed over.", field="how")
    fresh = locked_preparation(preparation)
    if fresh.needs_check and fresh.state == PreparationState.PLACED:
        raise StepSkipped("A licensed person checks vaccine and dose first.")
    preparation_lifecycle.check("inform", PreparationState(fresh.state))
    editions = statements_to_give(fresh, on=actor.today, with_multi=MULTI if multi else "")
    if not editions:
        raise InvalidInput("No current statement is known for this vaccine: ask who looks after the tables.")
    take_step(fresh, preparation_lifecycle, "inform", actor=actor)
    fresh.save()
    write_statements(actor, fresh, editions, language=language, how=how)
    return fresh


def write_statements(
    actor: Actor, preparation: VaccinePreparation, editions: Sequence[Statement], *, language: str, how: str
) -> None:
    """Write down that editions were handed over now."""
    StatementGiven.objects.bulk_create(
        StatementGiven(
            preparation=preparation,
            code=one.code,
            gdti=one.gdti,
            edition=one.edition,
            given_on=actor.today,
            given_at=actor.now,
            language=language,
            how=how,
            by_id=actor.staff_id,
        )
        for one in editions
    )


def ask_for_talk(actor: Actor, preparation: VaccinePreparation, product: Product) -> None:
    """Raise `TalkFirst` where anything in a vial goes by shared decision, and the decision is not there."""
    patient = preparation.vaccination.patient
    groups = sorted({preparation.group, *product.groups})
    talked = talk_before(actor, patient, due_groups(patient, on=actor.today), groups=groups, order=preparation.order)
    if not talked:
        raise TalkFirst(talked.reason)


def doubts_open(preparation: VaccinePreparation) -> bool:
    """Whether anything still speaks against a vaccine."""
    return preparation.concerns.filter(state__in=[ConcernState.OPEN, ConcernState.UPHELD]).exists()
