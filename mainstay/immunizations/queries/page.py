"""Everything the page of giving shows, step by step, as the person at the screen may do it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mainstay.authority.queries import who_is_here
from mainstay.foundation.actor import Actor
from mainstay.foundation.components.day import PlaybookStep
from mainstay.foundation.decisions import YES, Decision
from mainstay.immunizations.lifecycle import OPEN, WITH_VIAL, ConcernState, PreparationState, VaccinationState
from mainstay.immunizations.models import (
    GivenDose,
    ScreeningAnswer,
    Vaccination,
    VaccineConcern,
    VaccinePreparation,
    VaccineWatch,
)
from mainstay.immunizations.queries.checks import (
    lots_for,
    multi_may_stand,
    product_in_hand,
    sites_used,
    statements_to_give,
)
from mainstay.immunizations.queries.due import known_with_forecast
from mainstay.immunizations.queries.giving import (
    DueGroup,
    concerns_about,
    due_groups,
    facts_for_giving,
    given_doses_of,
    preparations_of,
    questions_asked,
    said_in,
    vaccination_of,
    watch_of,
    weight_of,
)
from mainstay.immunizations.queries.talking import talk_before
from mainstay.immunizations.queries.ways import (
    Asked,
    Way,
    is_licensed,
    may_give_at_all,
    standing_matches,
    way_still_open,
    ways_to_give,
    would_take_order,
)
from mainstay.immunizations.rules.concerns import ConcernKind, GivingFacts
from mainstay.immunizations.rules.placing import Advice, Placement, needle_advice, site_to_use, sites
from mainstay.immunizations.rules.screening import Said, questions
from mainstay.immunizations.rules.vaccines import Product, products_of
from mainstay.immunizations.rules.vis import Statement
from mainstay.inventory.queries import LotOnHand
from mainstay.orders.lifecycle import OrderState
from mainstay.orders.models import Order
from mainstay.orders.queries import orders_of_visit, signed_orders_for
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
    """One vaccine group one may choose: what the schedule says, on whose word, and whether a talk comes first.

    `unsigned` is the order that was asked for at this visit and waits for its signature.
    """

    due: DueGroup
    way: Way
    talk: Decision
    unsigned: Order | None = None

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
    """One vaccine of the visit with what its step needs; `way` says whether its order still lets it be given."""

    preparation: VaccinePreparation
    state: str
    on_whose_word: str
    doubts: Sequence[VaccineConcern]
    notes: tuple[str, ...]
    way: Decision = YES
    product: Product | None = None
    lots: Sequence[LotOnHand] = ()
    advice: Advice | None = None
    first_site: str = ""
    statements: Sequence[Statement] = ()
    may_use_multi: bool = False
    given: GivenDose | None = None

    @property
    def takes_order(self) -> bool:
        """Whether it is stopped on the word it was chosen on, and an order for this patient would let it be given."""
        return would_take_order(self.way)

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
    is_licensed: bool = False

    @property
    def is_screened(self) -> bool:
        """Whether the questions were answered."""
        return self.vaccination is not None and self.vaccination.state != VaccinationState.IDENTIFIED

    @property
    def is_ready(self) -> bool:
        """Whether vials may be taken."""
        return self.vaccination is not None and self.vaccination.state == VaccinationState.READY


def giving_page_of(actor: Actor, visit: Visit) -> GivingPage:
    """Everything about the vaccines of one visit; who is here, the chart and the forecast are read once."""
    vaccination, here = vaccination_of(visit), who_is_here(actor)
    may, licensed = may_give_at_all(actor, here=here), is_licensed(actor, here=here)
    if vaccination is None:
        steps = _steps(None, may, [], None)
        return GivingPage(visit, None, may, steps, (), (), (), (), (), None, is_licensed=licensed)
    known, forecast = known_with_forecast(vaccination.patient, actor.today)
    lines = due_groups(vaccination.patient, on=actor.today, forecast=forecast)
    preparations, rows = preparations_of(vaccination), list(vaccination.answers.all())
    orders = signed_orders_for(vaccination.patient, on=actor.today)
    asked = Asked(here, known, orders, said_in(rows))
    asked = replace(asked, matches=standing_matches(actor, vaccination.patient, asked))
    offers, later = offers_for(actor, vaccination, preparations, lines=lines, asked=asked)
    watch = watch_of(vaccination)
    return GivingPage(
        visit=visit,
        vaccination=vaccination,
        may=may,
        steps=_steps(vaccination, may, preparations, watch),
        offers=offers,
        later=later,
        asked=asked_lines(actor, vaccination, rows, preparations),
        cards=_cards(actor, vaccination, preparations, lines=lines, asked=asked),
        given=given_doses_of(vaccination),
        watch=watch,
        is_licensed=licensed,
    )


def offers_for(
    actor: Actor,
    vaccination: Vaccination,
    preparations: Sequence[VaccinePreparation],
    *,
    lines: Sequence[DueGroup],
    asked: Asked,
) -> tuple[list[Offer], list[DueGroup]]:
    """The groups to choose from: due today or ordered, and not on their way yet; and what comes later."""
    ordered: set[str] = set()
    for order in asked.orders:
        ordered.add(order.vaccine_group)
        ordered.update(group for one in products_of(order.code) for group in one.groups)
    on_their_way = {one.group for one in preparations if one.state in OPEN}
    mine = [one for one in lines if one.group not in on_their_way and (one.is_due or one.group in ordered)]
    ways: Mapping[str, Way] = ways_to_give(actor, vaccination, [one.group for one in mine], asked=asked)
    later = [one for one in lines if not one.is_due and one.earliest is not None and one.group not in ordered]
    unsigned = _asked_for(vaccination) if any(one.state == PreparationState.PUT_ASIDE for one in preparations) else {}
    offers = [
        Offer(one, ways[one.group], _talk(actor, vaccination, one, ways[one.group], asked), unsigned.get(one.group))
        for one in mine
    ]
    return offers, sorted(later, key=lambda one: one.earliest or actor.today)


def _asked_for(vaccination: Vaccination) -> dict[str, Order]:
    orders = orders_of_visit(vaccination.visit.public_id)
    return {one.vaccine_group: one for one in orders if one.state == OrderState.PENDED and one.vaccine_group}


def _talk(actor: Actor, vaccination: Vaccination, due: DueGroup, way: Way, asked: Asked) -> Decision:
    return talk_before(actor, vaccination.patient, [due], groups=[due.group], order=way.order, here=asked.here)


def asked_lines(
    actor: Actor,
    vaccination: Vaccination,
    answers: Sequence[ScreeningAnswer],
    preparations: Sequence[VaccinePreparation],
) -> list[AskedLine]:
    """The questions with what was answered before."""
    said = {row.code: row for row in answers}
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
        for code, words in questions_asked(actor, vaccination, preparations=preparations).words.items()
    ]


def speaks_spanish(patient: Patient) -> bool:
    """Whether a patient is asked in Spanish, and gets the statements in it."""
    return patient.language.startswith("es")


def _cards(
    actor: Actor,
    vaccination: Vaccination,
    preparations: Sequence[VaccinePreparation],
    *,
    lines: Sequence[DueGroup],
    asked: Asked,
) -> list[Card]:
    """The vaccines of the visit; stock is asked once for all to be taken, the chart once for all in hand."""
    is_ready = vaccination.state == VaccinationState.READY
    is_screened = vaccination.state != VaccinationState.IDENTIFIED
    to_take = {one.group for one in preparations if is_ready and one.state == PreparationState.CHOSEN}
    lots = lots_for(actor, vaccination, {group: _codes_due(group, lines) for group in to_take}) if to_take else {}
    is_any_in_hand = any(one.state in WITH_VIAL for one in preparations)
    facts = facts_for_giving(vaccination.patient, on=actor.today) if is_any_in_hand else None
    cards = []
    for one in preparations:
        one.vaccination = vaccination
        made = Card(
            preparation=one,
            state=one.state,
            on_whose_word=_on_whose_word(one),
            doubts=[doubt for doubt in one.concerns.all() if doubt.state != ConcernState.GONE],
            notes=(),
            way=way_still_open(actor, one, read=asked) if is_screened and one.state in OPEN else YES,
            lots=lots.get(one.group, ()) if one.state == PreparationState.CHOSEN else (),
        )
        in_hand = facts is not None and one.state in WITH_VIAL
        cards.append(
            _in_hand(actor, made, facts, asked.answers, preparations) if in_hand and facts is not None else made
        )
    return cards


def _codes_due(group: str, lines: Sequence[DueGroup]) -> Sequence[str]:
    return next((line.cvx for line in lines if line.group == group), ())


def _on_whose_word(preparation: VaccinePreparation) -> str:
    way = Way(YES, preparation.basis, order=preparation.order, standing_order=preparation.standing_order)
    return way.words


def _in_hand(
    actor: Actor,
    card: Card,
    facts: GivingFacts,
    answers: Mapping[str, Said],
    all_of_visit: Sequence[VaccinePreparation],
) -> Card:
    """A card with what a vial in hand needs: notes, needle and site, statements."""
    one, on = card.preparation, actor.today
    product = product_in_hand(one, on=on)
    route = one.route or product.routes[0]
    concerns = concerns_about(one, product, on=on, facts=facts, answers=answers)
    return replace(
        card,
        product=product,
        notes=tuple(found.sentence for found in concerns if found.kind is ConcernKind.NOTE),
        advice=needle_advice(route, born=facts.born, on=on, sex=facts.sex, weight_kg=facts.weight_kg),
        first_site=site_to_use(route, born=facts.born, on=on, others=sites_used(one, all_of_visit)),
        statements=statements_to_give(one, on=on),
        may_use_multi=multi_may_stand(one, on=on, others=all_of_visit),
    )


def _steps(
    vaccination: Vaccination | None,
    may: Decision,
    preparations: Sequence[VaccinePreparation],
    watch: VaccineWatch | None,
) -> tuple[PlaybookStep, ...]:
    """The fixed order, with the step that is now; where everything was refused or put aside, the last two fall away."""
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
    gone = ("give", "watch") if done["give"] and not given else ()
    now = next((code for code, _ in STEP_WORDS if not done[code] and code not in gone), "")

    def state(code: str) -> str:
        if code in gone:
            return "skipped"
        return "done" if done[code] else "now" if code == now else "todo"

    return tuple(PlaybookStep(words, state(code)) for code, words in STEP_WORDS)


def placement_to_offer(actor: Actor, preparation: VaccinePreparation) -> Placement:
    """The usual dose, route, site and needle for a vaccine in hand, in the limb used least."""
    product = product_in_hand(preparation, on=actor.today)
    patient, route, on = preparation.vaccination.patient, product.routes[0], actor.today
    born, weight = patient.birth_date, weight_of(patient, on=on)
    site = site_to_use(route, born=born, on=on, others=sites_used(preparation))
    advice = needle_advice(route, born=born, on=on, sex=patient.sex, weight_kg=weight)
    needle = advice.sites[sites()[site].part][0] if advice else 0
    return Placement(product.volumes[0], route, site, needle)
