"""On whose word a vaccine may be given here and now: an order, a standing order, or one's own license."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from mainstay.authority.queries import Here, may_do_act, who_is_here
from mainstay.authority.queries import Order as OnOrder
from mainstay.authority.queries import Patient as PatientAsked
from mainstay.authority.queries import StandingOrder as StandingFacts
from mainstay.foundation.actor import Actor
from mainstay.foundation.decisions import Decision, no
from mainstay.foundation.tables import read_toml
from mainstay.immunizations.models import Vaccination, VaccinePreparation
from mainstay.immunizations.permissions import GIVE
from mainstay.immunizations.queries.due import KnownPerson, known_person
from mainstay.immunizations.queries.giving import answers_of
from mainstay.immunizations.rules.ages import years_old
from mainstay.immunizations.rules.screening import Said
from mainstay.immunizations.rules.vaccines import products_of
from mainstay.orders.models import Order, StandingOrder
from mainstay.orders.queries import PatientFacts, StandingMatch, signed_orders_for, standing_orders_for
from mainstay.people.models import Patient

ACT = "vaccine"
ASK_FOR_ORDER = ("a provider, by signing an order", "the medical director, by a standing order that covers it")


def would_take_order(refused: Decision) -> bool:
    """Whether an order for this very patient would let a vaccine be given that is refused on the word it stands on."""
    return not refused and refused.who_could == ASK_FOR_ORDER


@dataclass(frozen=True, slots=True)
class Way:
    """One way to give a vaccine group: whether it is open, on what, and whether a licensed person checks it first."""

    decision: Decision
    basis: str
    order: Order | None = None
    standing_order: StandingOrder | None = None
    needs_check: bool = False

    @property
    def words(self) -> str:
        """On whose word, in one line."""
        if self.order is not None:
            signer = self.order.signed_by.shown_name if self.order.signed_by else ""
            return f"Order of {signer}: {self.order.name}"
        if self.standing_order is not None:
            signer = self.standing_order.signed_by.shown_name if self.standing_order.signed_by else ""
            return f"Standing order “{self.standing_order.title}”, signed by {signer}"
        return "On your own license"


def may_give_at_all(actor: Actor, *, here: Here | None = None) -> Decision:
    """Whether the actor may give any vaccine here today, orders left open: the first question of the page."""
    role = actor.may(GIVE)
    return role if not role else may_do_act(actor, ACT, here=here)


@dataclass(frozen=True, slots=True)
class Asked:
    """What asking about one visit reads, read once: who is here, what the chart says, what was ordered and answered.

    `matches` are the standing orders held against the patient, where a page asks more than once.
    """

    here: Here
    known: KnownPerson
    orders: Sequence[Order]
    answers: Mapping[str, Said]
    matches: Sequence[StandingMatch] | None = None


def asked_once(actor: Actor, vaccination: Vaccination) -> Asked:
    """What `ways_to_give` reads of a visit."""
    patient = vaccination.patient
    return Asked(
        who_is_here(actor),
        known_person(patient, actor.today),
        signed_orders_for(patient, kind=ACT, on=actor.today),
        answers_of(vaccination),
    )


def ways_to_give(
    actor: Actor, vaccination: Vaccination, groups: Iterable[str], *, asked: Asked | None = None
) -> Mapping[str, Way]:
    """For each vaccine group, the best way open to the actor, or why there is none and who could."""
    read = asked or asked_once(actor, vaccination)
    patient, here, orders = vaccination.patient, read.here, read.orders
    matches = read.matches if read.matches is not None else standing_matches(actor, patient, read)
    aged = PatientAsked(age=years_old(patient.birth_date, actor.today))
    return {group: _way(actor, here, aged, group, orders, matches) for group in groups}


def standing_matches(actor: Actor, patient: Patient, read: Asked) -> Sequence[StandingMatch]:
    """The standing orders for vaccines, each held against the patient's chart and answers."""
    return standing_orders_for(actor, act=ACT, patient=_facts(patient, read.known, read.answers))


def way_to_give(actor: Actor, vaccination: Vaccination, group: str) -> Way:
    """The best way open to the actor for one vaccine group."""
    return ways_to_give(actor, vaccination, [group])[group]


def way_still_open(actor: Actor, preparation: VaccinePreparation, *, read: Asked | None = None) -> Decision:
    """Whether the order or standing order a vaccine was chosen on still lets it be given, at the moment of giving.

    `read` is what a page has read already; without it everything is read afresh.
    """
    if not (role := actor.may(GIVE)):
        return role
    vaccination = preparation.vaccination
    here = read.here if read else who_is_here(actor)
    asked = PatientAsked(age=years_old(vaccination.patient.birth_date, actor.today))
    if preparation.order is not None:
        orders = read.orders if read else signed_orders_for(vaccination.patient, kind=ACT, on=actor.today)
        open_ones = {one.pk for one in orders}
        if preparation.order_id not in open_ones:
            return no("The order is not open any more: done, cancelled or run out.", who_could=ASK_FOR_ORDER)
        license = preparation.order.signed_license
        return may_do_act(actor, ACT, here=here, patient=asked, order=OnOrder.SIGNED, delegator=license)
    if preparation.standing_order is not None:
        return _standing_still_open(actor, preparation, here, asked, read)
    return may_do_act(actor, ACT, here=here, patient=asked, order=OnOrder.NONE)


def _standing_still_open(
    actor: Actor, preparation: VaccinePreparation, here: Here, asked: PatientAsked, read: Asked | None
) -> Decision:
    vaccination = preparation.vaccination
    matches = read.matches if read is not None else None
    if matches is None:
        known = known_person(vaccination.patient, actor.today)
        facts = _facts(vaccination.patient, known, answers_of(vaccination))
        matches = standing_orders_for(actor, act=ACT, patient=facts)
    match = next((one for one in matches if one.order.pk == preparation.standing_order_id), None)
    if match is None:
        return no("The standing order was withdrawn or replaced.", who_could=ASK_FOR_ORDER)
    if not match.holds:
        return no(" ".join(one.message for one in match.findings), who_could=ASK_FOR_ORDER)
    return _by_standing_order(actor, here, asked, match)


def _way(
    actor: Actor,
    here: Here,
    asked: PatientAsked,
    group: str,
    orders: Iterable[Order],
    matches: Iterable[StandingMatch],
) -> Way:
    refused: list[Decision] = []
    for order in orders:
        if is_of_group(order, group):
            by_order = may_do_act(
                actor, ACT, here=here, patient=asked, order=OnOrder.SIGNED, delegator=order.signed_license
            )
            if by_order:
                return Way(by_order, "signed", order=order, needs_check=needs_licensed_check(here, by_order))
            refused.append(by_order)
    own = may_do_act(actor, ACT, here=here, patient=asked, order=OnOrder.NONE)
    if own:
        return Way(own, "own", needs_check=needs_licensed_check(here, own))
    doubts: list[str] = []
    for match in matches:
        if group not in match.order.vaccine_groups and not _covers(match.order, group):
            continue
        if not match.could_hold:
            doubts += [one.message for one in match.findings]
            continue
        by_standing = _by_standing_order(actor, here, asked, match)
        if by_standing:
            check = needs_licensed_check(here, by_standing)
            return Way(by_standing, "standing", standing_order=match.order, needs_check=check)
        refused.append(by_standing)
    if refused:
        return Way(refused[0], "own")
    general = may_do_act(actor, ACT, here=here, patient=asked)
    if not general:
        return Way(general, "own")
    reason = " ".join(dict.fromkeys(doubts)) or "No order and no standing order covers this vaccine for this patient."
    return Way(no(reason, who_could=ASK_FOR_ORDER), "own")


def _by_standing_order(actor: Actor, here: Here, asked: PatientAsked, match: StandingMatch) -> Decision:
    facts: StandingFacts = match.facts
    return may_do_act(
        actor, ACT, here=here, patient=asked, order=OnOrder.STANDING, standing_order=facts, delegator=match.delegator
    )


def is_of_group(order: Order, group: str) -> bool:
    """Whether an order is for a vaccine group: it names it, or a vaccine that belongs to it."""
    if group in (order.vaccine_group, order.code):
        return True
    return order.system == "cvx" and any(group in one.groups for one in products_of(order.code))


def _covers(order: StandingOrder, group: str) -> bool:
    return any(group in one.groups for cvx in order.cvx for one in products_of(cvx))


def _facts(patient: Patient, known: KnownPerson, answers: Mapping[str, Said]) -> PatientFacts:
    return PatientFacts(
        birth_date=patient.birth_date,
        sex=patient.sex,
        conditions=frozenset(fact.code for fact in known.person.facts),
        answers={code: str(said.answer) for code, said in answers.items()},
    )


@cache
def _check_table() -> Mapping[str, Any]:
    return read_toml("mainstay.immunizations", "giving/licensed_check.toml")


def needs_licensed_check(here: Here, decision: Decision) -> bool:
    """Whether a licensed person checks vaccine and dose before this person gives it here."""
    if decision.citation.startswith("Practice act"):
        return False
    by_state = here.state in {row["code"] for row in _check_table()["state"]}
    return by_state or any("licensed person" in one.lower() for one in decision.conditions)


def is_licensed(actor: Actor, *, here: Here | None = None) -> bool:
    """Whether the actor holds a license that may check what a medical assistant gives."""
    person = (here or who_is_here(actor)).people.get(actor.staff_id or 0)
    return person is not None and person.is_a(licenses("checkers"), actor.today)


def licenses(kind: str) -> Sequence[str]:
    """The licenses of the table that may check what others give (`checkers`), or prescribe (`prescribers`)."""
    found: Sequence[str] = _check_table()[kind]
    return found
