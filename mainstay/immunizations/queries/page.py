"""Everything the page of giving shows, step by step, as the person at the screen may do it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mainstay.authority.queries import who_is_here
from mainstay.foundation.actor import Actor
from mainstay.foundation.components.day import PlaybookStep
from mainstay.foundation.decisions import Decision
from mainstay.immunizations.lifecycle import OPEN, ConcernState, PreparationState, VaccinationState
from mainstay.immunizations.models import GivenDose, Vaccination, VaccineConcern, VaccinePreparation, VaccineWatch
from mainstay.immunizations.queries.checks import (
    lots_offered,
    multi_may_stand,
    product_in_hand,
    sites_used,
    statements_to_give,
)
from mainstay.immunizations.queries.giving import (
    DueGroup,
    concerns_about,
    due_groups,
    given_doses_of,
    preparations_of,
    questions_asked,
    vaccination_of,
    watch_of,
    weight_of,
)
from mainstay.immunizations.queries.talking import talk_before
from mainstay.immunizations.queries.ways import Way, may_give_at_all, ways_to_give
from mainstay.immunizations.rules.concerns import ConcernKind
from mainstay.immunizations.rules.placing import Advice, Placement, needle_advice, site_to_use, sites
from mainstay.immunizations.rules.screening import questions
from mainstay.immunizations.rules.vaccines import Product, products_of
from mainstay.immunizations.rules.vis import Statement
from mainstay.inventory.queries import LotOnHand
from mainstay.orders.queries import signed_orders_for
from mainstay.people.models import Patient
from mainstay.visits.models import Visit

STEP_WORDS = (
    ("identify", "Who: two identifiers"),
    ("may", "May you give it here now"),
    ("due", "What is due, on whose order"),
    ("screen", "Questions before"),
    ("pays", "Who pays"),
    ("give", "Vial, place, statement, give"),
    ("watch", "Watch afterwards"),
)


@dataclass(frozen=True, slots=True)
class Offer:
    """One vaccine group one may choose: what the schedule says, on whose word, and whether a talk comes first."""

    due: DueGroup
    way: Way
    talk: Decision

    @property
    def decision(self) -> Decision:
        """Whether it may be prepared: by whose word, then whether it was talked over."""
        return self.talk if self.way.decision else self.way.decision


@dataclass(frozen=True, slots=True)
class AskedLine:
    """One question as the page shows it: its words, what was answered before, and why it is asked.

    `spoken` are the words in the patient's language, where the table has them and it is not English.
    """

    code: str
    words: str
    answer: str
    detail: str
    why: str
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One vaccine of the visit with what its step needs."""

    preparation: VaccinePreparation
    state: str
    on_whose_word: str
    doubts: Sequence[VaccineConcern]
    notes: tuple[str, ...]
    product: Product | None = None
    lots: Sequence[LotOnHand] = ()
    advice: Advice | None = None
    first_site: str = ""
    statements: Sequence[Statement] = ()
    may_use_multi: bool = False
    given: GivenDose | None = None

    @property
    def name(self) -> str:
        """What it is: the product once a vial was taken, the group before."""
        return self.preparation.product or self.preparation.group


@dataclass(frozen=True, slots=True)
class GivingPage:
    """The page as it stands."""

    visit: Visit
    vaccination: Vaccination | None
    may: Decision
    steps: tuple[PlaybookStep, ...]
    offers: Sequence[Offer]
    later: Sequence[DueGroup]
    asked: Sequence[AskedLine]
    cards: Sequence[Card]
    given: Sequence[GivenDose]
    watch: VaccineWatch | None

    @property
    def is_screened(self) -> bool:
        """Whether the questions were answered."""
        return self.vaccination is not None and self.vaccination.state != VaccinationState.IDENTIFIED

    @property
    def is_ready(self) -> bool:
        """Whether vials may be taken."""
        return self.vaccination is not None and self.vaccination.state == VaccinationState.READY


def giving_page_of(actor: Actor, visit: Visit) -> GivingPage:
    """Everything about the vaccines of one visit."""
    vaccination = vaccination_of(visit)
    may = may_give_at_all(actor, here=who_is_here(actor))
    if vaccination is None:
        return GivingPage(visit, None, may, _steps(None, may, [], None), (), (), (), (), (), None)
    preparations = preparations_of(vaccination)
    offers, later = offers_for(actor, vaccination, preparations)
    cards = [_card(actor, vaccination, one) for one in preparations]
    watch = watch_of(vaccination)
    return GivingPage(
        visit=visit,
        vaccination=vaccination,
        may=may,
        steps=_steps(vaccination, may, preparations, watch),
        offers=offers,
        later=later,
        asked=asked_lines(actor, vaccination),
        cards=cards,
        given=given_doses_of(vaccination),
        watch=watch,
    )


def offers_for(
    actor: Actor, vaccination: Vaccination, preparations: Sequence[VaccinePreparation]
) -> tuple[list[Offer], list[DueGroup]]:
    """The groups to choose from: due today or ordered, and not on their way yet; and what comes later."""
    patient = vaccination.patient
    lines = due_groups(patient, on=actor.today)
    ordered: set[str] = set()
    for order in signed_orders_for(patient, on=actor.today):
        ordered.add(order.vaccine_group)
        ordered.update(group for one in products_of(order.code) for group in one.groups)
    on_their_way = {one.group for one in preparations if one.state in OPEN}
    mine = [one for one in lines if one.group not in on_their_way and (one.is_due or one.group in ordered)]
    ways: Mapping[str, Way] = ways_to_give(actor, vaccination, [one.group for one in mine])
    later = [one for one in lines if not one.is_due and one.earliest is not None and one.group not in ordered]
    here = who_is_here(actor) if any(one.needs_talk for one in mine) else None
    offers = [
        Offer(
            one,
            ways[one.group],
            talk_before(actor, patient, [one], groups=[one.group], order=ways[one.group].order, here=here),
        )
        for one in mine
    ]
    return offers, sorted(later, key=lambda one: one.earliest or actor.today)


def asked_lines(actor: Actor, vaccination: Vaccination) -> list[AskedLine]:
    """The questions with what was answered before."""
    said = {row.code: row for row in vaccination.answers.all()}
    known, is_spanish = questions(), speaks_spanish(vaccination.patient)
    return [
        AskedLine(
            code,
            words,
            said[code].answer if code in said else "",
            said[code].detail if code in said else "",
            known[code].why if code in known else "The standing order asks it.",
            known[code].words.es if is_spanish and code in known else "",
        )
        for code, words in questions_asked(actor, vaccination).words.items()
    ]


def speaks_spanish(patient: Patient) -> bool:
    """Whether a patient is asked in Spanish, and gets the statements in it."""
    return patient.language.startswith("es")


def _card(actor: Actor, vaccination: Vaccination, preparation: VaccinePreparation) -> Card:
    preparation.vaccination = vaccination
    state = PreparationState(preparation.state)
    order, standing = preparation.order, preparation.standing_order
    word = Way(Decision("allow"), preparation.basis, order=order, standing_order=standing).words  # type: ignore[arg-type]
    doubts = [one for one in preparation.concerns.all() if one.state != ConcernState.GONE]
    card = {"preparation": preparation, "state": str(state), "on_whose_word": word, "doubts": doubts, "notes": ()}
    if state is PreparationState.CHOSEN and vaccination.state == VaccinationState.READY:
        card["lots"] = lots_offered(actor, preparation)
    if state in (PreparationState.TAKEN, PreparationState.PLACED, PreparationState.CHECKED, PreparationState.INFORMED):
        card |= _in_hand(actor, vaccination, preparation)
    return Card(**card)  # type: ignore[arg-type]


def _in_hand(actor: Actor, vaccination: Vaccination, preparation: VaccinePreparation) -> dict[str, object]:
    product = product_in_hand(preparation, on=actor.today)
    patient, route = vaccination.patient, preparation.route or product.routes[0]
    born, on = patient.birth_date, actor.today
    notes = [one for one in concerns_about(preparation, product, on=on) if one.kind is ConcernKind.NOTE]
    return {
        "product": product,
        "notes": tuple(one.sentence for one in notes),
        "advice": needle_advice(route, born=born, on=on, sex=patient.sex, weight_kg=weight_of(patient, on=on)),
        "first_site": site_to_use(route, born=born, on=on, others=sites_used(preparation)),
        "statements": statements_to_give(preparation, on=on),
        "may_use_multi": multi_may_stand(preparation, on=on),
    }


def _steps(
    vaccination: Vaccination | None,
    may: Decision,
    preparations: Sequence[VaccinePreparation],
    watch: VaccineWatch | None,
) -> tuple[PlaybookStep, ...]:
    """The fixed order, with the step that is now."""
    given = any(one.state == PreparationState.GIVEN for one in preparations)
    is_open = any(one.state in OPEN for one in preparations)
    done = {
        "identify": vaccination is not None,
        "may": vaccination is not None and bool(may),
        "due": bool(preparations),
        "screen": vaccination is not None and vaccination.state != VaccinationState.IDENTIFIED,
        "pays": vaccination is not None and vaccination.state == VaccinationState.READY,
        "give": bool(preparations) and not is_open,
        "watch": given and watch is not None and watch.ended_at is not None,
    }
    now = next((code for code, _ in STEP_WORDS if not done[code]), "")
    return tuple(
        PlaybookStep(words, "done" if done[code] else "now" if code == now else "todo") for code, words in STEP_WORDS
    )


def placement_to_offer(actor: Actor, preparation: VaccinePreparation) -> Placement:
    """The usual dose, route, site and needle for a vaccine in hand, in the limb used least."""
    product = product_in_hand(preparation, on=actor.today)
    patient, route, on = preparation.vaccination.patient, product.routes[0], actor.today
    born, weight = patient.birth_date, weight_of(patient, on=on)
    site = site_to_use(route, born=born, on=on, others=sites_used(preparation))
    advice = needle_advice(route, born=born, on=on, sex=patient.sex, weight_kg=weight)
    needle = advice.sites[sites()[site].part][0] if advice else 0
    return Placement(product.volumes[0], route, site, needle)
