"""What speaks against a given dose as it would stand on record after an amendment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from mainstay.foundation.actor import Actor
from mainstay.foundation.findings import Finding, Severity
from mainstay.immunizations.forecast import Person
from mainstay.immunizations.models import GivenDose, StatementGiven
from mainstay.immunizations.permissions import DECIDE
from mainstay.immunizations.queries.checks import missing_on_record, product_in_hand, sites_used
from mainstay.immunizations.queries.due import person_for_forecast
from mainstay.immunizations.queries.giving import weight_of
from mainstay.immunizations.queries.schedules import governing_schedule
from mainstay.immunizations.rules.funding import judge_funding
from mainstay.immunizations.rules.placing import Placement, judge_placement
from mainstay.immunizations.rules.rechecking import Basis, judge_dose, judge_product, put_on_record
from mainstay.immunizations.rules.vaccines import Product, products_of
from mainstay.immunizations.rules.vis import Statement, speaks_of, statement_named
from mainstay.inventory.models import Lot
from mainstay.inventory.queries import judge_lot, lot_facts


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a dose said before it is put right, as far as the rules read it."""

    cvx: str
    mvx: str
    given_on: date
    lot: Lot
    place: tuple[str, str]

    @classmethod
    def of(cls, given: GivenDose) -> Recorded:
        """The facts as they stand."""
        dose = given.dose
        return cls(dose.cvx, dose.mvx, given.given_on, given.lot, (given.route, given.site))


def findings_about_record(actor: Actor, given: GivenDose, was: Recorded) -> list[Finding]:
    """What speaks against the facts now set on a record that is not saved yet; only what changed is asked about.

    Lot and fund stop anybody. Product, age, interval and place stop an assistant; a clinician puts what happened on
    record with the reason, because the vaccine is in the patient already.
    """
    is_other_lot, is_other_day = given.lot_id != was.lot.pk, given.given_on != was.given_on
    found = _about_lot(actor, given, is_other_lot=is_other_lot) if is_other_lot or is_other_day else []
    product = product_in_hand(given.preparation, on=given.given_on)
    about_dose = _about_dose(actor, given, was, product) if is_other_lot or is_other_day else []
    if is_other_lot or (given.route, given.site) != was.place:
        about_dose += _about_place(given, product)
    about_dose = put_on_record(about_dose, by_clinician=bool(actor.may(DECIDE)))
    return [*found, *about_dose, *(_about_statements(actor, given, product) if is_other_lot else [])]


def _about_statements(actor: Actor, given: GivenDose, product: Product) -> list[Finding]:
    """Another vaccine has another statement: it is handed over now, or somebody says why not (42 USC 300aa-26)."""
    missing = missing_on_record(given.preparation, product, on=actor.today)
    if not missing:
        return []
    names = ", ".join(one.name.en for one in missing)
    words = (
        f"The information statement for {names} was not handed over with this dose. Hand it over now and choose how, "
        "or say why it cannot be."
    )
    return [Finding(Severity.CONFIRM, "vis_missing", "statement_how", words)]


def _about_lot(actor: Actor, given: GivenDose, *, is_other_lot: bool) -> list[Finding]:
    """Another lot as at giving; on another day only whether it had expired: what befell it since is no matter."""
    facts = lot_facts(given.lot, on=actor.now, site_id=given.clinic_id)
    about = [one for one in judge_lot(facts, now=given.given_at, funding=None) if one.severity is Severity.STOP]
    if not is_other_lot:
        return [one for one in about if one.code == "expired"]
    born = given.dose.patient.birth_date
    return [*about, *judge_funding(given.eligibility, given.funding, born=born, on=given.given_on)]


def _about_dose(actor: Actor, given: GivenDose, was: Recorded, product: Product) -> list[Finding]:
    patient, on = given.dose.patient, given.given_on
    basis = Basis.STANDING if given.preparation.basis == "standing" else Basis.SIGNED
    found = judge_product(product, born=patient.birth_date, on=on, weight_kg=weight_of(patient, on=on))
    person = _before(person_for_forecast(patient, on), was, on)
    return [*found, *judge_dose(product, person, governing_schedule(), on=on, basis=basis)]


def statements_on_record(given: GivenDose) -> list[tuple[StatementGiven, Statement | None]]:
    """What was handed over about the vaccine now on record, each with its edition where the table has it.

    After another vaccine was put on record, the statement of the wrong one stays in the chart and is not told of.
    """
    rows = list(given.preparation.statements.all())
    product = next(iter(products_of(given.dose.cvx, given.dose.mvx)), None)
    mine = [row for row in rows if product is None or speaks_of(row.code, row.edition, product)]
    return [(row, statement_named(row.code, row.edition)) for row in mine]


def _before(person: Person, was: Recorded, on: date) -> Person:
    """The patient without this dose, as it stands on record, and without later ones."""
    mine = next(
        (one for one in person.doses if (one.given, one.cvx, one.mvx) == (was.given_on, was.cvx, was.mvx.upper())), None
    )
    return replace(person, doses=tuple(one for one in person.doses if one is not mine and one.given <= on))


def _about_place(given: GivenDose, product: Product) -> list[Finding]:
    patient, on = given.dose.patient, given.given_on
    return judge_placement(
        product,
        Placement(given.full_volume, given.route, given.site, given.needle),
        born=patient.birth_date,
        on=on,
        sex=patient.sex,
        weight_kg=weight_of(patient, on=on),
        others=sites_used(given.preparation),
    )
