"""Before the vial: who the patient is, what was asked, who pays, which vaccine on whose order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput, StopFound
from mainstay.foundation.findings import NOTHING_CONFIRMED
from mainstay.foundation.moves import begin, locked, take_step
from mainstay.immunizations.actions.doubts import let_doubts_go, raise_doubts
from mainstay.immunizations.actions.locks import locked_preparation
from mainstay.immunizations.errors import AlreadyOnItsWay, NotHereToday, NotIdentifiedYet, StepSkipped, TalkFirst
from mainstay.immunizations.lifecycle import (
    OPEN,
    PreparationState,
    VaccinationState,
    preparation_lifecycle,
    vaccination_lifecycle,
)
from mainstay.immunizations.models import ScreeningAnswer, Vaccination, VaccinePreparation
from mainstay.immunizations.permissions import GIVE
from mainstay.immunizations.queries.giving import due_group, questions_asked
from mainstay.immunizations.queries.talking import talk_before
from mainstay.immunizations.queries.ways import is_of_group, way_still_open, way_to_give, would_take_order
from mainstay.immunizations.rules.funding import judge_eligibility
from mainstay.immunizations.rules.screening import Answer
from mainstay.orders.actions import pend_order
from mainstay.orders.lifecycle import OrderState
from mainstay.orders.models import Order
from mainstay.orders.queries import Content, orders_of_visit
from mainstay.visits.lifecycle import IN_THE_CLINIC
from mainstay.visits.models import Visit


@dataclass(frozen=True, slots=True)
class AnswerSaid:
    """One answer as it was given; for blood products also which and on which day."""

    answer: str
    detail: str = ""
    product: str = ""
    on: date | None = None


@transaction.atomic
def identify_for_vaccines(*, actor: Actor, visit: Visit, identifiers: Sequence[str]) -> Vaccination:
    """Begin the vaccines of a visit: two identifiers, said by the patient. The second time finds the same one.

    Raises `NotIdentifiedYet` for fewer than two, and `NotHereToday` for a visit of another day or one that is over.
    """
    actor.may(GIVE).or_raise()
    fresh = locked(Visit.objects.select_related("patient"), pk=visit.pk)
    if fresh.stage not in IN_THE_CLINIC or fresh.day != actor.today:
        raise NotHereToday()
    said = sorted(set(identifiers))
    if len(said) < 2:
        raise NotIdentifiedYet(field="identifiers")
    known = Vaccination.objects.filter(visit=fresh).first()
    if known is not None:
        return known
    made = Vaccination.objects.create(
        visit=fresh,
        patient=fresh.patient,
        identifiers=said,
        identified_at=actor.now,
        identified_by_id=actor.staff_id,
    )
    begin(made, vaccination_lifecycle, actor=actor)
    return made


@transaction.atomic
def choose_vaccine(*, actor: Actor, vaccination: Vaccination, group: str) -> VaccinePreparation:
    """Begin to prepare what a vaccine group asks for, on an order, a standing order or the actor's own license.

    Asks the authority first: a refusal (`NotPermitted`) says why and who could. Raises `InvalidInput` for a vaccine
    that is not due without an order for this patient, `TalkFirst` for one of shared decision that
    nobody who prescribes talked over or ordered, and `AlreadyOnItsWay` for the second one of a group.
    """
    actor.may(GIVE).or_raise()
    fresh = locked(Vaccination.objects.select_related("patient", "visit__site"), pk=vaccination.pk)
    way = way_to_give(actor, fresh, group)
    way.decision.or_raise()
    due = due_group(fresh.patient, group, on=actor.today)
    if not due.is_due and way.order is None:
        raise InvalidInput(f"{group} is not due today: {due.why} It takes an order for this patient.", field="group")
    if not (talked := talk_before(actor, fresh.patient, [due], groups=[group], order=way.order)):
        raise TalkFirst(talked.reason)
    if fresh.preparations.filter(group=group, state__in=OPEN).exists():
        raise AlreadyOnItsWay()
    made = VaccinePreparation.objects.create(
        vaccination=fresh,
        group=group,
        dose_number=due.number,
        why=due.why[:400],
        basis=way.basis,
        order=way.order,
        standing_order=way.standing_order,
        authority=f"{way.decision.reason} {way.decision.citation}".strip()[:400],
        needs_check=way.needs_check,
        chosen_at=actor.now,
        chosen_by_id=actor.staff_id,
    )
    begin(made, preparation_lifecycle, actor=actor)
    if fresh.state != VaccinationState.IDENTIFIED:
        raise_doubts(actor, made)
    return made


@transaction.atomic
def record_screening(
    *, actor: Actor, vaccination: Vaccination, answers: Mapping[str, AnswerSaid], told_by: str
) -> Vaccination:
    """Keep the answers to every question asked; what they hold back goes to a clinician.

    Silence is not a no: raises `StopFound` naming every question without an answer.
    """
    actor.may(GIVE).or_raise()
    fresh = locked(Vaccination.objects.select_related("patient", "visit__site", "visit__provider"), pk=vaccination.pk)
    asked = questions_asked(actor, fresh)
    if missing := asked.missing({code for code, said in answers.items() if said.answer}):
        raise StopFound(missing)
    is_first = fresh.state == VaccinationState.IDENTIFIED
    take_step(fresh, vaccination_lifecycle, "screen" if is_first else "screen_again", actor=actor)
    for code, words in asked.words.items():
        said = answers[code]
        ScreeningAnswer.objects.update_or_create(
            vaccination=fresh,
            code=code,
            defaults={
                "asked": words[:300],
                "answer": Answer(said.answer),
                "detail": said.detail.strip()[:240],
                "product": said.product[:30],
                "on": said.on,
            },
        )
    fresh.told_by, fresh.screened_at, fresh.screened_by_id = told_by[:40], actor.now, actor.staff_id
    fresh.save()
    for preparation in fresh.preparations.select_for_update().filter(state__in=OPEN).order_by("pk"):
        raise_doubts(actor, preparation)
    return fresh


@transaction.atomic
def record_eligibility(*, actor: Actor, vaccination: Vaccination, eligibility: str) -> Vaccination:
    """Keep who pays today: asked at every visit, before any dose. Raises `StepSkipped` before the questions."""
    actor.may(GIVE).or_raise()
    fresh = locked(Vaccination.objects.select_related("patient", "visit__site"), pk=vaccination.pk)
    if fresh.state == VaccinationState.IDENTIFIED:
        raise StepSkipped("Ask the questions first.")
    born, setting = fresh.patient.birth_date, fresh.visit.site.setting
    NOTHING_CONFIRMED.answer(judge_eligibility(eligibility, born=born, on=actor.today, setting=setting))
    if fresh.state == VaccinationState.READY and fresh.eligibility != eligibility:
        _nothing_taken(fresh)
        take_step(fresh, vaccination_lifecycle, "screen_again", actor=actor, reason="who pays was asked again")
    if fresh.state == VaccinationState.SCREENED:
        take_step(fresh, vaccination_lifecycle, "ask_funding", actor=actor)
    fresh.eligibility, fresh.eligibility_at = eligibility, actor.now
    fresh.save()
    return fresh


def _nothing_taken(vaccination: Vaccination) -> None:
    """Vials in hand were matched to who pays: they go back first."""
    taken = vaccination.preparations.filter(
        state__in=[PreparationState.TAKEN, PreparationState.PLACED, PreparationState.CHECKED, PreparationState.INFORMED]
    )
    if taken.exists():
        raise StepSkipped("Put the vials back first: they were chosen for who pays.")


@transaction.atomic
def ask_for_order(*, actor: Actor, preparation: VaccinePreparation) -> Order:
    """Leave out a vaccine that the word it was chosen on does not allow, and prepare an order for this patient.

    Its doubts go with it: they are asked anew with the order. An order that waits for its signature already is not
    prepared twice. Raises `StepSkipped` before the questions, `IllegalMove` where an order would change nothing, and
    `NotPermitted` for who may not prepare one.
    """
    actor.may(GIVE).or_raise()
    fresh = locked_preparation(preparation)
    if fresh.vaccination.state == VaccinationState.IDENTIFIED:
        raise StepSkipped("Ask the questions first.")
    way, visit, group = way_still_open(actor, fresh), fresh.vaccination.visit, fresh.group
    if not would_take_order(way):
        raise IllegalMove(
            "An order would change nothing here: it may be given as it is, or somebody else has to give it."
        )
    let_doubts_go(actor, fresh)
    _leave_out(actor, fresh, f"{way.reason} An order was asked for.")
    waiting = [one for one in orders_of_visit(visit.public_id) if one.state == OrderState.PENDED]
    known = next((one for one in waiting if is_of_group(one, group)), None)
    asked = f"Stopped at the visit: {way.reason}"[:240]
    content = Content("vaccine", "vaccine_group", group, f"{group} vaccine", asked, vaccine_group=group)
    return known or pend_order(actor=actor, patient=fresh.vaccination.patient, visit=visit, content=content)


@transaction.atomic
def put_vaccine_aside(*, actor: Actor, preparation: VaccinePreparation, reason: str) -> VaccinePreparation:
    """Stop preparing a vaccine, with the reason; nothing leaves the stock."""
    actor.may(GIVE).or_raise()
    if not reason.strip():
        raise InvalidInput("Say why it is not given now.", field="reason")
    fresh = locked_preparation(preparation)
    _leave_out(actor, fresh, reason.strip())
    return fresh


def _leave_out(actor: Actor, preparation: VaccinePreparation, reason: str) -> None:
    take_step(preparation, preparation_lifecycle, "put_aside", actor=actor, reason=reason[:300])
    preparation.put_aside_because = reason[:240]
    preparation.save()
