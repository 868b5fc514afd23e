"""The registry page of a patient, the settings of a connection, the lists of messages and their repair."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.urls import reverse

from mainstay.foundation import clock
from mainstay.foundation.testing import A_MOMENT, EASTERN, an_actor
from mainstay.immunizations.models import VaccineDose
from mainstay.interop import actions
from mainstay.interop.hl7 import write_message
from mainstay.interop.models import InboundMessage, OutboundMessage, RegistryConnection
from mainstay.interop.registries.reports import Action, Coded, DoseReport, Envelope, Identifier, PersonReport
from mainstay.interop.registries.writing import vaccination_update
from mainstay.interop.tests.registry_cases import (
    a_child,
    a_connection,
    a_dose_told,
    a_registry,
    send,
    vaccine_codes,
)
from mainstay.visits.tests.factories import a_person, a_site

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def codes(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: A_MOMENT)
    vaccine_codes()


@pytest.fixture
def registry():
    with a_registry() as (registry, port):
        registry.connection = a_connection(port)
        yield registry


def key(**typed):
    return {"idempotency_key": uuid.uuid4().hex, **typed}


def seen(client, name, *args, **query):
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_medical_assistant_asks_compares_and_brings_in(client, registry, django_assert_max_num_queries):
    child = a_child()
    elsewhere = Envelope("OTHER", "OTHER", "SIM", "SIM", "OTHER-MRN", "T")
    person = PersonReport((Identifier("7", "OTHER-MRN"),), "Ruiz", "Ana", date(2024, 2, 29))
    dose = DoseReport("9", Action.ADD, Coded("20", "DTaP", "CVX"), date(2024, 5, 1), source="01")
    told = vaccination_update(elsewhere, person, dose, control_id="9", now=A_MOMENT, zone=EASTERN)
    registry.answer(write_message(told), "")
    client.force_login(a_person("maria", "clinical_ma"))
    assert "was not asked yet" in seen(client, "patient-registry", child.public_id)
    asked = client.post(reverse("patient-registry-ask", args=[child.public_id]), key())
    assert asked.status_code == 303
    waiting = seen(client, "patient-registry", child.public_id)
    assert "waiting for the answer" in waiting and "does not answer" not in waiting
    send(registry.connection)
    with django_assert_max_num_queries(60):
        shown = seen(client, "patient-registry", child.public_id)
    assert "Both forecasts" in shown
    assert 'value="20240501-20-1"' in shown
    chosen = reverse("patient-registry-bring-in", args=[child.public_id])
    assert client.post(chosen, key(dose=["20240501-20-1"])).status_code == 303
    assert VaccineDose.objects.get().source == "registry"
    assert "Nothing in it is new to us" in seen(client, "patient-registry", child.public_id)


def test_without_a_registry_the_page_says_who_sets_one_up(client):
    client.force_login(a_person("maria", "clinical_ma"))
    assert "No registry is set up" in seen(client, "patient-registry", a_child().public_id)


def test_a_manager_sets_up_a_connection_and_is_told_what_is_wrong(client):
    client.force_login(a_person("mgr", "manager"))
    assert "None yet" in seen(client, "registries") or a_site()
    site = a_site()
    typed = {
        "name": "State IIS",
        "facility": "F1",
        "authority": "F1",
        "sender": "MAINSTAY",
        "processing": "T",
        "host": "iis.example.gov",
        "port": "2575",
        "is_active": "on",
    }
    url = reverse("registry-settings", args=[site.public_id])
    refused = client.post(url, key(**typed))
    assert refused.status_code == 422
    assert "Without TLS" in refused.content.decode()
    assert client.post(url, key(**typed, uses_tls="on", passphrase="secret")).status_code == 303
    connection = RegistryConnection.objects.get()
    assert (connection.host, connection.processing, connection.uses_tls) == ("iis.example.gov", "T", True)
    assert "secret" not in seen(client, "registry-settings", site.public_id)
    assert "State IIS" in seen(client, "registries")


def test_a_manager_sees_why_a_report_was_refused_and_sends_an_edited_copy(client, registry):
    registry.behave("refuse")
    message = actions.report_dose(actor=an_actor(), dose=a_dose_told(a_child()), action=Action.ADD)
    client.force_login(a_person("mgr", "manager"))
    assert "Queued" in seen(client, "registry-messages")
    send(registry.connection)
    assert "Patient name is required" in seen(client, "registry-messages", list="refused")
    shown = seen(client, "outbound-message", message.public_id)
    assert "PID|1||100042" in shown
    text = bytes(message.body).decode().replace("\r", "\n")
    url = reverse("outbound-repair", args=[message.public_id])
    broken = client.post(url, key(text="PID|1", reason="x"))
    assert broken.status_code == 422
    assert "MSH" in broken.content.decode()
    assert client.post(url, key(text=text.replace("Ruiz", "Rojas"), reason="Her name.")).status_code == 303
    copy = OutboundMessage.objects.get(repair_of=message)
    assert "An edited copy of" in seen(client, "outbound-message", copy.public_id)
    assert client.post(reverse("outbound-send", args=[copy.public_id]), key()).status_code == 303
    withdraw = reverse("outbound-withdraw", args=[copy.public_id])
    assert client.post(withdraw, key(reason="")).status_code == 422
    assert client.post(withdraw, key(reason="Not needed.")).status_code == 303


def test_dead_letters_say_segment_and_field_and_are_repaired_or_put_aside(client):
    a_connection(2575)
    a_child()
    head, pid = b"MSH|^~\\&|IIS|S|M|C|20261120||VXU^V04|5|T|2.5.1", b"PID|1||1||Ruis^Ana||20240229|F"
    octets = b"\r".join((head, pid, b"RXA|0|1|20250301||03^MMR^CVX|999", b""))
    actions.take_message(actor=an_actor(), octets=octets)
    actions.take_message(actor=an_actor(), octets=b"scan")
    first, second = InboundMessage.objects.order_by("pk")
    client.force_login(a_person("mgr", "manager"))
    listed = seen(client, "registry-messages", list="dead")
    assert "PID-3" in listed
    shown = seen(client, "inbound-message", first.public_id)
    assert "Nobody here has this number" in shown
    url = reverse("inbound-repair", args=[first.public_id])
    fixed = octets.decode().replace("\r", "\n").replace("Ruis", "Ruiz")
    assert client.post(url, key(text="nonsense")).status_code == 422
    assert client.post(url, key(text=fixed)).status_code == 303
    assert client.post(reverse("inbound-put-aside", args=[second.public_id]), key(reason="A scan.")).status_code == 303
    assert "No dead letters" in seen(client, "registry-messages", list="dead")


def test_who_may_not_mend_sees_none_of_it(client):
    client.force_login(a_person("maria", "clinical_ma"))
    for name in ("registry-messages", "registries"):
        assert client.get(reverse(name)).status_code == 403


def test_a_registry_that_is_down_is_said_to_be_with_what_to_do_meanwhile(client):
    child = a_child()
    with a_registry() as (_, port):
        connection = a_connection(port)
    client.force_login(a_person("maria", "clinical_ma"))
    assert client.post(reverse("patient-registry-ask", args=[child.public_id]), key()).status_code == 303
    send(connection)
    shown = seen(client, "patient-registry", child.public_id)
    assert "The registry does not answer" in shown and "waiting for the answer" not in shown
    assert "Tried 1 time; it is asked again by itself." in shown
    assert "Doses given elsewhere may be missing here." in shown
