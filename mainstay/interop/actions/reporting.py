"""Telling the registry of doses: written once, queued in the transaction of the act, sent by the worker."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from mainstay.foundation.actor import Actor
from mainstay.foundation.findings import Severity
from mainstay.foundation.moves import begin
from mainstay.immunizations.models import ImmunizationFact, VaccineDose, VaccineRefusal
from mainstay.interop.hl7 import Message, write_message
from mainstay.interop.lifecycle import OutboundState, outbound_lifecycle
from mainstay.interop.models import OutboundMessage, Purpose, RegistryConnection
from mainstay.interop.queries.reporting import (
    connection_for,
    dose_report,
    envelope_of,
    fact_report,
    person_report,
    refusal_report,
)
from mainstay.interop.registries.reports import Action, DoseReport
from mainstay.interop.registries.rules import before_reporting
from mainstay.interop.registries.writing import vaccination_update
from mainstay.people.models import Patient
from mainstay.practice.models import Site
from mainstay.work import actions as work
from mainstay.work.models import WorkItem

WAITING = (OutboundState.QUEUED, OutboundState.SENT)


def wake_sender() -> None:
    """Let the worker look at once for what waits, when this transaction is done."""
    app.configure_task("send_registry_messages", lock="registry").defer()


def new_control_id() -> str:
    """A number no other message of ours has; at most 20 characters (HL7 2.5.1, MSH-10)."""
    return "MS" + secrets.token_hex(9).upper()


@transaction.atomic
def report_dose(*, actor: Actor, dose: VaccineDose, action: Action, site: Site | None = None) -> OutboundMessage | None:
    """Queue what the registry is to know of a dose: given, changed, entered in error. None where there is no registry.

    Called again for the same dose and the same act, it queues nothing new while the first still waits.
    """
    connection = connection_for(site or dose.patient.home_site)
    if connection is None:
        return None
    report = dose_report(dose, connection, action)
    return queue_report(
        actor=actor, patient=dose.patient, connection=connection, report=report, dose_ref=dose.public_id
    )


@transaction.atomic
def report_refusal(
    *, actor: Actor, refusal: VaccineRefusal, action: Action, site: Site | None = None
) -> OutboundMessage | None:
    """Queue that a vaccine was offered and refused. None where there is no registry."""
    connection = connection_for(site or refusal.patient.home_site)
    if connection is None:
        return None
    report = refusal_report(refusal, connection, action)
    return queue_report(
        actor=actor, patient=refusal.patient, connection=connection, report=report, dose_ref=refusal.public_id
    )


@transaction.atomic
def report_fact(*, actor: Actor, fact: ImmunizationFact, site: Site | None = None) -> OutboundMessage | None:
    """Queue a contraindication or evidence of immunity somebody wrote down, told once. None where there is no code."""
    connection = connection_for(site or fact.patient.home_site)
    report = fact_report(fact, connection) if connection else None
    if connection is None or report is None:
        return None
    return queue_report(
        actor=actor, patient=fact.patient, connection=connection, report=report, dose_ref=fact.public_id
    )


@transaction.atomic
def owe_taking_back(*, actor: Actor, fact: ImmunizationFact) -> None:
    """The guide has no message that takes an observation back: somebody asks the registry to, once."""
    cause = f"registry-fact:{fact.public_id}"
    if WorkItem.objects.filter(once_key=cause).exists():
        return
    what = OutboundMessage.objects.filter(dose_ref=fact.public_id).values_list("what", flat=True).first()
    work.owe(
        actor=actor,
        kind="registry_report",
        title=f"Ask the registry to take back: {what}",
        detail=f"It was told so on {fact.recorded_at:%m/%d/%Y}. It holds no longer, and no message can say that: call.",
        band="R5",
        patient=fact.patient,
        pool="clinical_support",
        url=f"/patients/{fact.patient.public_id}/registry/",
        subject_kind="immunization_fact",
        subject_ref=fact.public_id,
        once_key=cause,
    )


@transaction.atomic
def queue_report(
    *, actor: Actor, patient: Patient, connection: RegistryConnection, report: DoseReport, dose_ref: UUID
) -> OutboundMessage | None:
    """Write one report and queue it; what the registry would refuse becomes work for a person instead of a message."""
    person = person_report(patient, connection, today=actor.today)
    stops = [one for one in before_reporting(person, report, today=actor.today) if one.severity is Severity.STOP]
    if stops:
        _owe_repair(actor, patient, report, " ".join(one.message for one in stops), dose_ref)
        return None
    same = OutboundMessage.objects.filter(dose_ref=dose_ref, action=report.action, state=OutboundState.QUEUED)
    if report.action is not Action.UPDATE and (there := same.first()):
        return there
    control_id = new_control_id()
    message = vaccination_update(
        envelope_of(connection), person, report, control_id=control_id, now=actor.now, zone=actor.zone
    )
    return queue_message(
        actor=actor,
        connection=connection,
        message=message,
        purpose=Purpose.REPORT,
        patient=patient,
        dose_ref=dose_ref,
        action=report.action,
        what=_what(report),
    )


def queue_message(
    *,
    actor: Actor,
    connection: RegistryConnection,
    message: Message,
    purpose: Purpose,
    patient: Patient | None,
    dose_ref: UUID | None = None,
    action: str = "",
    what: str = "",
    repair_of: OutboundMessage | None = None,
) -> OutboundMessage:
    """Keep a message's bytes, begin its way, and wake the worker; the caller holds the transaction."""
    made = OutboundMessage.objects.create(
        connection=connection,
        purpose=purpose,
        kind=message.kind[:12],
        control_id=message.control_id[:40],
        body=write_message(message),
        patient=patient,
        dose_ref=dose_ref,
        action=action,
        what=what[:160],
        repair_of=repair_of,
        made_by_id=actor.staff_id,
        created_at=actor.now,
        next_try_at=actor.now,
    )
    begin(made, outbound_lifecycle, actor=actor)
    wake_sender()
    return made


def _what(report: DoseReport) -> str:
    verb = {Action.ADD: "", Action.UPDATE: "Change: ", Action.DELETE: "Withdrawn: "}[report.action]
    if report.observed:
        return f"{verb}{', '.join(one.answer.words for one in report.observed)}"
    return f"{verb}{report.vaccine.words or report.vaccine.code}{' refused' if report.refusal else ''}"


def _owe_repair(actor: Actor, patient: Patient, report: DoseReport, words: str, dose_ref: UUID) -> None:
    work.owe(
        actor=actor,
        kind="registry_report",
        title=f"The registry cannot be told of {report.vaccine.words or report.vaccine.code}",
        detail=f"{words} Put it right in the record, then report it again from the patient's registry page.",
        band="R5",
        patient=patient,
        pool="clinical_support",
        url=f"/patients/{patient.public_id}/registry/",
        subject_kind="vaccine_dose",
        subject_ref=dose_ref,
        once_key=f"registry-report-{dose_ref}",
    )
