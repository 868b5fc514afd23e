"""Writes about vaccine registries and the messages to and from them."""

from __future__ import annotations

from datetime import date
from functools import cache

from mainstay.foundation.testing import A_MOMENT, EASTERN
from mainstay.immunizations.models import VaccineDose
from mainstay.interop import actions, queries
from mainstay.interop.hl7 import write_message
from mainstay.interop.models import InboundMessage, OutboundMessage
from mainstay.interop.registries.reports import Action, Coded, DoseReport, Envelope, Identifier, PersonReport
from mainstay.interop.registries.writing import vaccination_update
from mainstay.interop.simulators.registry import SimulatedRegistry
from mainstay.interop.tests.registry_cases import a_connection, a_registry, vaccine_codes
from mainstay.people.models import Patient
from tests.situations.clinic import Clinic
from tests.situations.table import Sent, write

BORN = date(2024, 2, 29)
ELSEWHERE = Envelope("OTHER", "OTHER", "SIM", "SIM", "OTHER-MRN", "T")
NOWHERE = 2575


def a_child(clinic: Clinic, given: str = "Ana") -> Patient:
    """A child with a family name of its own, at a site with a registry, whose worker has nothing to do."""
    vaccine_codes()
    a_connection(NOWHERE)
    clinic.idle_worker()
    return clinic.patient(
        given_name=given, family_name=f"Ruiz{clinic.number()}", birth_date=BORN, home_site=clinic.site
    )


@cache
def state_registry() -> SimulatedRegistry:
    """One registry for all examples, so that it gives no two children one number."""
    return SimulatedRegistry(lambda: A_MOMENT)


def told_elsewhere(child: Patient, given: str) -> None:
    """Another clinic told the registry of a dose of a child of this name."""
    number = f"{child.family_name}-{given}"
    person = PersonReport((Identifier(number, "OTHER-MRN"),), child.family_name, given, BORN)
    dose = DoseReport(number, Action.ADD, Coded("20", "DTaP", "CVX"), date(2024, 5, 1), source="01", lot="XY1")
    message = vaccination_update(ELSEWHERE, person, dose, control_id=number, now=A_MOMENT, zone=EASTERN)
    state_registry().answer(write_message(message), "")


def sent(clinic: Clinic, registry: SimulatedRegistry) -> None:
    """What waits is sent to this registry, and answered."""
    with a_registry(registry=registry) as (_, port):
        actions.send_waiting(actor=clinic.system, connection=a_connection(port), timeout=60)
    clinic.idle_worker()


def answered(clinic: Clinic, child: Patient) -> OutboundMessage:
    """A question about a child, with the registry's answer."""
    query = actions.ask_registry(actor=clinic.actor, patient=child)
    sent(clinic, state_registry())
    query.refresh_from_db()
    return query


def a_report(clinic: Clinic) -> OutboundMessage:
    """A report of a dose that waits."""
    dose = VaccineDose.objects.create(patient=a_child(clinic), cvx="03", given_on=date(2025, 3, 1))
    message = actions.report_dose(actor=clinic.system, dose=dose, action=Action.ADD)
    clinic.idle_worker()
    return message


@write("patient-registry-ask")
def ask(clinic: Clinic) -> Sent:
    return Sent({"public_id": a_child(clinic).public_id})


@write("patient-registry-choose")
def choose(clinic: Clinic) -> Sent:
    child = a_child(clinic, "Anita")
    for given in ("Ana", "Eva"):
        told_elsewhere(child, given)
    answered(clinic, child)
    first = queries.registry_view(clinic.actor, child).answer.candidates[0]
    return Sent({"public_id": child.public_id}, {"number": first.number()[0]})


@write("patient-registry-bring-in")
def bring_in(clinic: Clinic) -> Sent:
    child = a_child(clinic)
    told_elsewhere(child, "Ana")
    answered(clinic, child)
    keys = [one.key for one in queries.registry_view(clinic.actor, child).plan.compared]
    return Sent({"public_id": child.public_id}, {"dose": keys})


def doses_sent(clinic: Clinic, child: Patient, *, garbled: str = "") -> tuple[InboundMessage, str]:
    """A message about a child somebody sent us, and its text."""
    lines = (
        f"MSH|^~\\&|IIS|STATE|MAINSTAY|CLINIC1|20261120||VXU^V04^VXU_V04|V{clinic.number()}|T|2.5.1",
        f"PID|1||{garbled}{child.mrn}^^^CLINIC1-MRN^MR||{garbled}{child.family_name}^{child.given_name}||20240229|F",
        "ORC|RE||9^IIS",
        "RXA|0|1|20250301||03^MMR^CVX|999|||01^x^NIP001|||||||||||CP|A",
    )
    actions.take_message(actor=clinic.system, octets="\r".join([*lines, ""]).encode(), peer="127.0.0.1")
    return InboundMessage.objects.latest("pk"), "\n".join(lines)


@write("patient-registry-bring-in-sent")
def bring_in_sent(clinic: Clinic) -> Sent:
    child = a_child(clinic)
    message, _ = doses_sent(clinic, child)
    ((_, plan),) = queries.registry_view(clinic.actor, child).pushed
    return Sent({"public_id": child.public_id, "message_id": message.public_id}, {"dose": [plan.new[0].key]})


@write("registry-settings")
def settings(clinic: Clinic) -> Sent:
    typed = {
        "name": "State IIS", "facility": "F1", "authority": "F1", "sender": "MAINSTAY", "registry": "",
        "registry_facility": "", "processing": "T", "host": "127.0.0.1", "port": "2575", "ca_file": "",
        "certificate_file": "", "key_file": "", "passphrase": "secret", "is_active": "on",
    }  # fmt: skip
    return Sent({"public_id": clinic.site_apart().public_id}, typed)


@write("outbound-repair")
def repair_outbound(clinic: Clinic) -> Sent:
    message, registry = a_report(clinic), SimulatedRegistry(lambda: A_MOMENT)
    registry.behave("refuse")
    sent(clinic, registry)
    text = bytes(message.body).decode().replace("\r", "\n").replace("Ruiz", "Rojas")
    return Sent({"public_id": message.public_id}, {"text": text, "reason": "Her name."})


@write("outbound-withdraw")
def withdraw_outbound(clinic: Clinic) -> Sent:
    return Sent({"public_id": a_report(clinic).public_id}, {"reason": "Not needed."})


@write("outbound-send")
def send_outbound(clinic: Clinic) -> Sent:
    return Sent({"public_id": a_report(clinic).public_id})


@write("inbound-repair")
def repair_inbound(clinic: Clinic) -> Sent:
    child = a_child(clinic)
    message, text = doses_sent(clinic, child, garbled="QQ")
    return Sent({"public_id": message.public_id}, {"text": text.replace("QQ", "")})


@write("inbound-put-aside")
def put_aside(clinic: Clinic) -> Sent:
    a_child(clinic)
    actions.take_message(actor=clinic.system, octets=f"scan {clinic.number()}".encode())
    return Sent({"public_id": InboundMessage.objects.latest("pk").public_id}, {"reason": "A scan."})
