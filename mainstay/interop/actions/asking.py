"""Asking the registry about a patient, choosing whom it means, and bringing in what it has."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput, NotFound
from mainstay.foundation.moves import in_turn
from mainstay.immunizations import actions as immunizations
from mainstay.immunizations.actions import DoseElsewhere
from mainstay.immunizations.models import VaccineDose
from mainstay.interop.actions.reporting import new_control_id, queue_message
from mainstay.interop.hl7 import parse_message
from mainstay.interop.lifecycle import OutboundState
from mainstay.interop.models import InboundMessage, OutboundMessage, Purpose
from mainstay.interop.permissions import ASK_REGISTRY
from mainstay.interop.queries.registry import answer_to, plan_for
from mainstay.interop.queries.reporting import (
    REGISTRY_NUMBER,
    connection_for,
    envelope_of,
    person_report,
    site_of,
)
from mainstay.interop.registries.answers import Found, RegistryAnswer, told_in_update
from mainstay.interop.registries.merging import Standing
from mainstay.interop.registries.reports import Identifier
from mainstay.interop.registries.writing import Asking, history_query
from mainstay.people import actions as people
from mainstay.people.models import Patient
from mainstay.terminology.queries import CodeSystem, concepts_by_code

TAKEABLE = (Standing.NEW, Standing.DOUBTFUL)


@transaction.atomic
def ask_registry(
    *,
    actor: Actor,
    patient: Patient,
    asking: Asking = Asking.HISTORY_AND_FORECAST,
    meaning: Identifier | None = None,
) -> OutboundMessage:
    """Ask what the registry has of a patient; a question that is still out is returned instead of a second one.

    `meaning` is the registry's number of the candidate a person chose. Raises `IllegalMove` where there is no registry.
    """
    actor.may(ASK_REGISTRY).or_raise()
    in_turn(Patient.objects.all(), pk=patient.pk)
    connection = connection_for(site_of(actor) or patient.home_site)
    if connection is None:
        raise IllegalMove("No registry is set up for this site.")
    out = OutboundMessage.objects.filter(
        patient=patient, purpose=Purpose.QUERY, state__in=[OutboundState.QUEUED, OutboundState.SENT]
    ).first()
    if out is not None:
        return out
    person = person_report(patient, connection, today=actor.today)
    if meaning is not None:
        person = replace(person, identifiers=(meaning, *person.identifiers))
    message = history_query(
        envelope_of(connection), person, asking=asking, control_id=new_control_id(), now=actor.now, zone=actor.zone
    )
    return queue_message(
        actor=actor,
        connection=connection,
        message=message,
        purpose=Purpose.QUERY,
        patient=patient,
        what="What the registry has",
    )


@transaction.atomic
def choose_candidate(*, actor: Actor, patient: Patient, query: OutboundMessage, number: str) -> OutboundMessage:
    """A person says which of the registry's candidates is this patient: asked again, with the registry's own number.

    Raises `NotFound` for a number the registry did not offer.
    """
    actor.may(ASK_REGISTRY).or_raise()
    answer = answer_to(query)
    offered = [one.number() for one in answer.candidates] if answer else []
    chosen = next((one for one in offered if one and one[0] == number), None)
    if chosen is None:
        raise NotFound("The registry did not offer this person.")
    return ask_registry(actor=actor, patient=patient, meaning=Identifier(chosen[0], chosen[1], "SR"))


@transaction.atomic
def bring_in_answer(
    *, actor: Actor, patient: Patient, query: OutboundMessage, keys: Collection[str]
) -> list[VaccineDose]:
    """Write down the chosen doses of a registry's answer, and remember the registry's number of the patient.

    What is here already stays as it is, however often this is done. Raises `IllegalMove` without an answer.
    """
    actor.may(ASK_REGISTRY).or_raise()
    in_turn(Patient.objects.all(), pk=patient.pk)
    answer = answer_to(query) if query.patient_id == patient.pk else None
    if answer is None or answer.found is not Found.HISTORY:
        raise IllegalMove("There is no history to bring in. Ask the registry again.")
    if answer.person and (number := answer.person.number()):
        people.add_identifier(actor=actor, patient=patient, system=f"{REGISTRY_NUMBER}{number[1]}", value=number[0])
    return _bring_in(actor, patient, answer, keys)


@transaction.atomic
def bring_in_received(
    *, actor: Actor, patient: Patient, message: InboundMessage, keys: Collection[str]
) -> list[VaccineDose]:
    """Write down the chosen doses of a message somebody sent us about this patient."""
    actor.may(ASK_REGISTRY).or_raise()
    in_turn(Patient.objects.all(), pk=patient.pk)
    if not message.outcomes.filter(patient=patient, code="AA").exists():
        raise NotFound("This message is not about this patient.")
    return _bring_in(actor, patient, told_in_update(parse_message(bytes(message.body))), keys)


def _bring_in(actor: Actor, patient: Patient, answer: RegistryAnswer, keys: Collection[str]) -> list[VaccineDose]:
    plan = plan_for(patient, answer, actor.today)
    wanted = [one.told for one in plan.compared if one.key in keys and one.standing in TAKEABLE]
    known = concepts_by_code(CodeSystem.CVX, [one.cvx for one in wanted])
    if unknown := sorted({one.cvx for one in wanted} - set(known)):
        raise InvalidInput(f"CVX {', '.join(unknown)} is not a code we know. Leave it out; it stays with the registry.")
    doses = [
        DoseElsewhere(cvx=one.cvx, given_on=one.given_on, mvx=one.mvx, product=one.words, lot_number=one.lot)
        for one in wanted
    ]
    if not doses:
        return []
    return immunizations.record_doses_elsewhere(actor=actor, patient=patient, doses=doses, source="registry")
