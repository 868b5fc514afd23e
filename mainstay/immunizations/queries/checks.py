"""What the rules say about one vaccine as it stands: the lot, the place, the statements. Asked early and last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput, NotFound, StopFound
from mainstay.foundation.findings import Finding, Severity
from mainstay.immunizations.lifecycle import PreparationState
from mainstay.immunizations.models import Vaccination, VaccinePreparation
from mainstay.immunizations.queries.due import person_for_forecast
from mainstay.immunizations.queries.giving import due_group, weight_of
from mainstay.immunizations.queries.schedules import governing_schedule
from mainstay.immunizations.rules.funding import judge_funding
from mainstay.immunizations.rules.placing import Placement, judge_placement
from mainstay.immunizations.rules.rechecking import Basis, judge_dose, judge_product
from mainstay.immunizations.rules.vaccines import Product, products_for_group, products_of
from mainstay.immunizations.rules.vis import (
    MULTI,
    Statement,
    current_statement,
    may_use_multi,
    statements_for,
    statements_missing,
)
from mainstay.inventory.models import Lot
from mainstay.inventory.queries import LotOnHand, judge_lot, lot_facts, lots_to_give

PLACED = (PreparationState.PLACED, PreparationState.CHECKED, PreparationState.INFORMED, PreparationState.GIVEN)


def product_of_lot(lot: Lot, group: str, *, born: date, on: date) -> Product:
    """What is in the vial, as our tables know it; of several rows of one product the one for the age.

    Raises `InvalidInput` for something that is no vaccine we know, and `StopFound` for the wrong vaccine.
    """
    known = products_of(lot.item.cvx, lot.item.mvx)
    if not known:
        raise InvalidInput(f"{lot.item.name} is not in the table of vaccines given here.", field="scan")
    fitting = [one for one in known if group in one.groups]
    if not fitting:
        words = f"This is {lot.item.name}, and {group} is being prepared. Wrong vial: put it back."
        raise StopFound([Finding(Severity.STOP, "wrong_vaccine", "scan", words)])
    return next((one for one in fitting if one.ages.holds(born, on)), fitting[0])


def findings_about_lot(actor: Actor, preparation: VaccinePreparation, lot: Lot, product: Product) -> list[Finding]:
    """Everything that speaks against giving this lot to this patient today: lot, fund, product, age, interval."""
    vaccination = preparation.vaccination
    patient, site_id = vaccination.patient, vaccination.visit.site_id
    born, on = patient.birth_date, actor.today
    basis = Basis.STANDING if preparation.basis == "standing" else Basis.SIGNED
    found = [
        *judge_lot(lot_facts(lot, on=actor.now, site_id=site_id), now=actor.now, funding=None),
        *judge_funding(vaccination.eligibility, str(lot.funding), born=born, on=on),
        *judge_product(product, born=born, on=on, weight_kg=weight_of(patient, on=on)),
    ]
    if any(one.severity is Severity.STOP for one in found):
        return found
    return [*found, *judge_dose(product, person_for_forecast(patient, on), governing_schedule(), on=on, basis=basis)]


def findings_about_place(actor: Actor, preparation: VaccinePreparation, placement: Placement) -> list[Finding]:
    """What is wrong with dose, route, site and needle, beside what went in at this visit already."""
    patient = preparation.vaccination.patient
    return judge_placement(
        product_in_hand(preparation, on=actor.today),
        placement,
        born=patient.birth_date,
        on=actor.today,
        sex=patient.sex,
        weight_kg=weight_of(patient, on=actor.today),
        others=sites_used(preparation),
    )


def product_in_hand(preparation: VaccinePreparation, *, on: date) -> Product:
    """The product that was taken for a vaccine. Raises `InvalidInput` before one was."""
    known = products_of(preparation.cvx, preparation.mvx)
    born = preparation.vaccination.patient.birth_date
    named = [one for one in known if one.name == preparation.product] or [
        one for one in known if one.ages.holds(born, on)
    ]
    if not named:
        raise InvalidInput("Take the vial first.", field="scan")
    return named[0]


def sites_used(preparation: VaccinePreparation, others: Sequence[VaccinePreparation] | None = None) -> list[str]:
    """Where other vaccines of this visit went in or will go in."""
    rows = others if others is not None else _others(preparation)
    return [one.site for one in rows if one.pk != preparation.pk and one.site and one.state in PLACED]


def _others(preparation: VaccinePreparation) -> list[VaccinePreparation]:
    return list(preparation.vaccination.preparations.exclude(pk=preparation.pk))


def statements_to_give(preparation: VaccinePreparation, *, on: date, with_multi: str = "") -> Sequence[Statement]:
    """The current statements for the vaccine in hand; with `with_multi` the one that may stand for a child's first."""
    product = product_in_hand(preparation, on=on)
    if with_multi:
        multi = current_statement(MULTI, on)
        return (multi,) if multi is not None and multi_may_stand(preparation, on=on) else ()
    return statements_for(product, on)


def missing_on_record(preparation: VaccinePreparation, product: Product, *, on: date) -> Sequence[Statement]:
    """The statements of a vaccine that were not handed over, of the editions of a day."""
    handed = preparation.statements.values_list("code", "edition")
    return statements_missing(product, handed, on)


def multi_may_stand(
    preparation: VaccinePreparation, *, on: date, others: Sequence[VaccinePreparation] | None = None
) -> bool:
    """Whether the statement for a child's first vaccines may stand for this one: all in there, two or more today."""
    mine = product_in_hand(preparation, on=on).vis
    rows = others if others is not None else _others(preparation)
    codes = [
        code
        for other in rows
        if other.pk != preparation.pk and other.cvx
        for one in products_of(other.cvx, other.mvx)[:1]
        for code in one.vis
    ]
    multi = current_statement(MULTI, on)
    covered = [code for code in codes if multi is not None and code in multi.covers]
    return may_use_multi([*mine, *covered], on)


def lots_offered(actor: Actor, preparation: VaccinePreparation) -> list[LotOnHand]:
    """Lots at the site that may be meant for a vaccine; those for this patient's fund and age first."""
    due = due_group(preparation.vaccination.patient, preparation.group, on=actor.today)
    return lots_for(actor, preparation.vaccination, {preparation.group: due.cvx})[preparation.group]


def lots_for(actor: Actor, vaccination: Vaccination, wanted: Mapping[str, Sequence[str]]) -> dict[str, list[LotOnHand]]:
    """For each vaccine group the lots at the site that may be meant, by the codes due; asked of the stock once.

    Each says what speaks against it for this patient, the fund too; those that nothing speaks against come first.
    """
    born, on = vaccination.patient.birth_date, actor.today
    codes = {
        group: set(due) or {one.cvx for one in products_for_group(group) if one.ages.holds(born, on)}
        for group, due in wanted.items()
    }
    every = sorted(set().union(*codes.values()))
    found = lots_to_give(site_id=vaccination.visit.site_id, cvx_codes=every, on=actor.now) if every else []

    def paid(one: LotOnHand) -> list[Finding]:
        return judge_funding(vaccination.eligibility, str(one.lot.funding), born=born, on=on)

    judged = [replace(one, findings=(*one.findings, *paid(one))) for one in found]
    judged.sort(key=lambda one: (bool(paid(one)), bool(one.findings)))
    return {group: [one for one in judged if one.item.cvx in mine] for group, mine in codes.items()}


def lot_named(public_id: str) -> Lot:
    """The lot picked from a list, by its public id. Raises `NotFound`."""
    try:
        found = Lot.objects.select_related("item").filter(public_id=UUID(public_id)).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound("There is no such lot.")
    return found
