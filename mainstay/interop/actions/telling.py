"""What the registry hears of by itself: doses given here, changed, withdrawn, refused, reacted to, typed."""

from __future__ import annotations

from django.db import transaction

from mainstay.foundation import clock
from mainstay.foundation.actor import Actor, the_system
from mainstay.immunizations.events import (
    DoseAmended,
    DoseGiven,
    DoseWithdrawn,
    VaccineHistoryChanged,
    VaccineReactionDescribed,
    VaccineReactionNoticed,
    VaccineRefused,
)
from mainstay.immunizations.models import GivenDose, ImmunizationFact, VaccineDose, VaccineReaction, VaccineRefusal
from mainstay.interop.actions.reporting import owe_taking_back, report_dose, report_fact, report_refusal
from mainstay.interop.hl7 import day_of, parse_message
from mainstay.interop.models import OutboundMessage, RegistryConnection
from mainstay.interop.queries.reporting import connection_for, reactions_to
from mainstay.interop.registries.answers import vaccine_of
from mainstay.interop.registries.reports import Action
from mainstay.people.models import Patient

TYPED_HERE = "historical"


@transaction.atomic
def _tell_of_dose(dose_id: int, action: Action) -> None:
    """Tell the registry of the site where a dose was given."""
    dose = VaccineDose.objects.select_related("patient", "given__clinic").get(pk=dose_id)
    if (connection := connection_for(dose.given.clinic)) is not None:
        report_dose(actor=_system_at(connection), dose=dose, action=action, site=dose.given.clinic)


def tell_of_given_dose(event: DoseGiven) -> None:
    """A vaccine was given here."""
    _tell_of_dose(event.dose_id, Action.ADD)


def tell_of_amended_dose(event: DoseAmended) -> None:
    """A fact of a dose given here was put right."""
    _tell_of_dose(event.dose_id, Action.UPDATE)


def tell_of_withdrawn_dose(event: DoseWithdrawn) -> None:
    """A dose given here was entered in error."""
    _tell_of_dose(event.dose_id, Action.DELETE)


@transaction.atomic
def tell_of_history(event: VaccineHistoryChanged) -> None:
    """Doses and facts somebody here typed from a card or a letter: new ones, changes, withdrawals, each told once.

    What a registry or an import brought is not told back.
    """
    patient = Patient.objects.select_related("home_site").get(pk=event.patient_id)
    connection = connection_for(patient.home_site)
    if connection is None:
        return
    typed = VaccineDose.objects.filter(
        patient=patient, source=TYPED_HERE, recorded_by__isnull=False, recorded_at__gte=connection.created_at
    )
    for dose in typed.select_related("patient").order_by("pk"):
        last = OutboundMessage.objects.filter(dose_ref=dose.public_id).order_by("-pk").first()
        if (action := _owed(dose, last)) is not None:
            report_dose(actor=_system_at(connection), dose=dose, action=action, site=connection.site)
    _tell_of_facts(patient, connection)


def _tell_of_facts(patient: Patient, connection: RegistryConnection) -> None:
    """Contraindications and evidence of immunity that hold, told once; of what was told and holds no longer, work."""
    typed = ImmunizationFact.objects.filter(
        patient=patient, holds=True, recorded_by__isnull=False, recorded_at__gte=connection.created_at
    )
    facts = list(typed.select_related("patient", "recorded_by").order_by("pk"))
    refs = [fact.public_id for fact in facts]
    sent = set(OutboundMessage.objects.filter(dose_ref__in=refs).values_list("dose_ref", flat=True))
    told = {fact.code: fact for fact in facts if fact.public_id in sent}
    holding = {fact.code: fact for fact in facts if fact.withdrawn_at is None}
    for code, fact in holding.items():
        if code not in told:
            report_fact(actor=_system_at(connection), fact=fact, site=connection.site)
    for code, fact in told.items():
        if code not in holding:
            owe_taking_back(actor=_system_at(connection), fact=fact)


def _owed(dose: VaccineDose, last: OutboundMessage | None) -> Action | None:
    if dose.status == "entered-in-error":
        return Action.DELETE if last is not None and last.action != Action.DELETE else None
    if last is None or last.action == Action.DELETE:
        return Action.ADD
    rxa = parse_message(bytes(last.body)).first("RXA")
    if rxa is None:
        return Action.UPDATE
    told = (vaccine_of(rxa)[0], day_of(rxa.text(3)), rxa.text(15), rxa.text(17))
    return Action.UPDATE if told != (dose.cvx, dose.given_on, dose.lot_number, dose.mvx) else None


def _system_at(connection: RegistryConnection) -> Actor:
    return the_system(now=clock.now(), zone=connection.site.zone)


@transaction.atomic
def tell_of_refusal(event: VaccineRefused) -> None:
    """A vaccine was offered and refused."""
    rows = VaccineRefusal.objects.select_related("patient", "preparation__vaccination__visit__site")
    refusal = rows.get(pk=event.refusal_id)
    connection = connection_for(refusal.preparation.vaccination.visit.site)
    if connection is not None:
        report_refusal(actor=_system_at(connection), refusal=refusal, action=Action.ADD, site=connection.site)


@transaction.atomic
def tell_of_reaction(event: VaccineReactionNoticed | VaccineReactionDescribed) -> None:
    """Something was seen after the vaccines of a visit: each dose is told again with it, where the guide has a code."""
    reaction = VaccineReaction.objects.select_related("watch__vaccination__visit__site").get(pk=event.reaction_id)
    connection = connection_for(reaction.watch.vaccination.visit.site)
    if connection is None:
        return
    given = GivenDose.objects.filter(
        preparation__vaccination=reaction.watch.vaccination_id, dose__status__in=["completed", "partial"]
    )
    for one in given.select_related("dose__patient", "preparation", "clinic").order_by("pk"):
        last = OutboundMessage.objects.filter(dose_ref=one.dose.public_id).order_by("-pk").first()
        if {code.code for code in reactions_to(one)} - _reactions_told(last):
            report_dose(actor=_system_at(connection), dose=one.dose, action=Action.UPDATE, site=one.clinic)


def _reactions_told(last: OutboundMessage | None) -> set[str]:
    if last is None:
        return set()
    return {one.text(5) for one in parse_message(bytes(last.body)).every("OBX") if one.text(3) == "31044-1"}
