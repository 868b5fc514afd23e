"""Reports wait, go out in order, are answered once, and nothing is lost while the registry is down."""

from __future__ import annotations

import pytest

from mainstay.foundation.errors import IllegalMove, InvalidInput, NotPermitted
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.interop import actions
from mainstay.interop.hl7 import parse_message
from mainstay.interop.models import OutboundMessage, OutboundReply
from mainstay.interop.registries.reports import Action
from mainstay.interop.tests.registry_cases import (
    a_child,
    a_connection,
    a_dose_told,
    a_registry,
    later,
    send,
    states,
    vaccine_codes,
)
from mainstay.visits.tests.factories import a_site
from mainstay.work.models import WorkItem

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def codes():
    vaccine_codes()


def report(dose, action=Action.ADD, at=A_MOMENT):
    return actions.report_dose(actor=an_actor(now=at), dose=dose, action=action)


def open_work():
    return {item.kind: item for item in WorkItem.objects.filter(state="open")}


def test_a_dose_is_told_and_accepted():
    with a_registry() as (registry, port):
        connection = a_connection(port)
        message = report(a_dose_told(a_child()))
        assert states() == ["queued"]
        assert send(connection) == 1
        assert states() == ["accepted"]
        assert registry.heard[0].control_id == message.control_id
        assert registry.heard[0].text("RXA-5") == "03"
        assert registry.heard[0].text("PID-3") == "100042"
        assert [step.name for step in message.steps.order_by("pk")] == ["begin", "send", "accept"]
        assert send(connection) == 0


def test_without_a_registry_nothing_is_queued():
    assert report(a_dose_told(a_child())) is None
    assert states() == []


def test_a_registry_that_is_down_for_an_hour_loses_nothing_and_gets_each_report_once():
    with a_registry() as (registry, port):
        connection = a_connection(port)
    child = a_child()
    doses = [a_dose_told(child, cvx) for cvx in ("03", "20", "21")]
    sent = [report(dose) for dose in doses]
    tries = [send(connection, later(minute)) for minute in range(62)]
    assert set(tries) == {0}
    assert states() == ["queued"] * 3
    attempts = OutboundMessage.objects.get(pk=sent[0].pk).attempts
    assert 6 <= attempts <= 12
    assert open_work()["registry_silent"].pool == "lead"
    with a_registry(port, registry=registry):
        minutes = (send(connection, later(minute)) for minute in range(62, 80))
        assert next(count for count in minutes if count) == 3
    assert states() == ["accepted"] * 3
    assert [one.control_id for one in registry.heard] == [one.control_id for one in sent]
    assert len(registry.records.patients[0].doses) == 3
    assert "registry_silent" not in open_work()


def test_a_connection_lost_before_the_answer_means_the_same_id_again_and_one_effect():
    with a_registry() as (registry, port):
        connection = a_connection(port)
        message = report(a_dose_told(a_child()))
        whole, registry.answer = registry.answer, lambda octets, peer: whole(octets, peer) and None
        assert send(connection) == 0
        assert states() == ["queued"]
        registry.answer = whole
        assert send(connection, later(30)) == 1
    assert states() == ["accepted"]
    assert {one.control_id for one in registry.heard} == {message.control_id}
    assert len(registry.heard) == 2
    assert len(registry.records.patients[0].doses) == 1


def test_a_sender_that_died_on_the_way_is_found_and_sends_the_same_again():
    with a_registry() as (registry, port):
        connection = a_connection(port)
        message = report(a_dose_told(a_child()))
        actions.sending._claim(an_actor(), connection)
        assert states() == ["sent"]
        assert send(connection, later(1)) == 0
        assert send(connection, later(5)) == 1
    assert states() == ["accepted"]
    assert registry.heard[0].control_id == message.control_id


def test_a_change_never_overtakes_what_it_changes():
    with a_registry() as (registry, port):
        connection = a_connection(port)
        dose = a_dose_told(a_child())
        report(dose)
        report(dose, Action.UPDATE)
        registry.behave("busy")
        send(connection)
        assert states() == ["queued", "queued"]
        assert len(registry.heard) == 1
        registry.behave("up")
        send(connection, later(1))
        assert [one.text("RXA-21") for one in registry.heard] == ["A", "A", "U"]
        report(dose, Action.DELETE)
        send(connection, later(2))
    assert states() == ["accepted"] * 3
    assert registry.records.patients[0].doses == []


def test_a_warning_is_an_acceptance_and_becomes_work_in_plain_words():
    with a_registry() as (registry, port):
        connection = a_connection(port)
        registry.behave("warn")
        report(a_dose_told(a_child()))
        send(connection)
    assert states() == ["warned"]
    item = open_work()["registry_answer"]
    assert item.title == "The registry warned about MMR"
    assert item.detail == "The body site: The body site is not known here and was not kept (RXR-2)."


def test_a_refusal_becomes_work_and_an_edited_copy_goes_out_beside_it():
    with a_registry() as (registry, port):
        connection = a_connection(port)
        registry.behave("refuse")
        first = report(a_dose_told(a_child()))
        send(connection)
        assert states() == ["rejected"]
        assert open_work()["registry_answer"].detail.startswith("The patient's name: Patient name is required")
        registry.behave("up")
        text = bytes(first.body).decode().replace("\r", "\n").replace("Ruiz", "Ruiz-Soto")
        with pytest.raises(NotPermitted):
            nobody = an_actor(permissions=("interop.ask_registry",))
            actions.resend_repaired(actor=nobody, message=first, text=text, reason="name")
        with pytest.raises(InvalidInput, match="MSH-9"):
            actions.resend_repaired(actor=an_actor(), message=first, text="MSH|^~\\&|x|||||||", reason="broken")
        copy = actions.resend_repaired(actor=an_actor(), message=first, text=text, reason="The name as it is in law.")
        assert copy.repair_of_id == first.pk
        assert copy.control_id != first.control_id
        send(connection, later(1))
    assert states() == ["replaced", "accepted"]
    assert registry.heard[-1].text("PID-5") == "Ruiz-Soto"
    assert b"Ruiz-Soto" not in bytes(OutboundMessage.objects.get(pk=first.pk).body)
    assert "registry_answer" not in open_work()
    with pytest.raises(IllegalMove):
        actions.resend_repaired(actor=an_actor(), message=first, text=text, reason="twice")


def test_what_the_registry_would_refuse_is_never_sent_but_becomes_work():
    with a_registry() as (_, port):
        a_connection(port)
        assert report(a_dose_told(a_child(given_name=""))) is None
    assert states() == []
    assert "legal name" in open_work()["registry_report"].detail


def test_an_answer_to_something_else_is_kept_and_believed_by_nobody():
    with a_registry() as (registry, port):
        connection = a_connection(port)
        report(a_dose_told(a_child()))
        other = b"MSH|^~\\&|S|S|M|M|2026||ACK^V04|9|P|2.5.1\rMSA|AA|SOMEBODY-ELSE\r"
        registry.answer = lambda octets, peer: other
        send(connection)
        assert states() == ["queued"]
        for minute in range(1, 120, 16):
            send(connection, later(minute))
    assert states() == ["rejected"]
    assert OutboundReply.objects.count() == actions.sending.GIVE_UP_AFTER


def test_a_slow_registry_is_given_up_for_now_and_asked_again():
    with a_registry() as (registry, port):
        connection = a_connection(port)
        registry.behave("slow 0.6")
        report(a_dose_told(a_child()))
        assert send(connection, timeout=0.1) == 0
        assert "within 0.1 seconds" in OutboundMessage.objects.get().trouble
        assert send(connection, later(10), timeout=60) == 1
    assert states() == ["accepted"]


def test_the_same_dose_waiting_is_not_queued_twice():
    a_connection(1)
    dose = a_dose_told(a_child())
    assert report(dose) == report(dose)
    assert states() == ["queued"]


def test_each_change_of_a_dose_that_waits_is_queued_for_itself():
    a_connection(1)
    dose = a_dose_told(a_child())
    first, second = report(dose, Action.UPDATE), report(dose, Action.UPDATE)
    assert first != second and states() == ["queued", "queued"]
    assert report(dose, Action.DELETE) == report(dose, Action.DELETE)


def test_what_is_not_to_be_sent_is_withdrawn_with_a_reason():
    connection = a_connection(1)
    message = report(a_dose_told(a_child()))
    with pytest.raises(InvalidInput):
        actions.withdraw_message(actor=an_actor(), message=message, reason=" ")
    actions.withdraw_message(actor=an_actor(), message=message, reason="A test patient.")
    assert states() == ["withdrawn"]
    assert send(connection) == 0


def test_plain_connections_stay_on_this_computer_and_files_have_to_be_there():
    facts = actions.RegistryFacts(name="R", host="iis.example.gov", port=1, facility="F", authority="A", uses_tls=False)
    with pytest.raises(InvalidInput, match="TLS"):
        actions.set_up_registry(actor=an_actor(), site=a_site(), facts=facts)
    missing = actions.RegistryFacts(
        name="R", host="iis.example.gov", port=1, facility="F", authority="A", ca_file="/nowhere.pem"
    )
    with pytest.raises(InvalidInput, match="cannot be read"):
        actions.set_up_registry(actor=an_actor(), site=a_site(), facts=missing)


def test_the_passphrase_of_the_key_is_sealed():
    facts = actions.RegistryFacts(
        name="R", host="127.0.0.1", port=1, facility="F", authority="A", uses_tls=False, passphrase="open sesame"
    )
    connection = actions.set_up_registry(actor=an_actor(), site=a_site(), facts=facts)
    assert "sesame" not in connection.sealed_passphrase
    assert connection.sealed_passphrase


def test_the_bytes_of_a_message_never_change():
    a_connection(1)
    message = report(a_dose_told(a_child()))
    before = bytes(message.body)
    assert parse_message(before).control_id == message.control_id
    from django.db import ProgrammingError, transaction

    with pytest.raises(ProgrammingError), transaction.atomic():
        OutboundMessage.objects.filter(pk=message.pk).update(body=b"other")


def test_a_dose_typed_from_a_card_is_told_changed_and_withdrawn_once_each():
    from datetime import date, timedelta

    from mainstay.foundation.testing import tell_everyone
    from mainstay.immunizations import actions as immunizations
    from mainstay.immunizations.actions import DoseElsewhere
    from mainstay.interop.models import RegistryConnection
    from mainstay.visits.tests.factories import a_person

    a_connection(1)
    RegistryConnection.objects.update(created_at=A_MOMENT - timedelta(days=1))
    maria = an_actor(staff_id=a_person("maria", "clinical_ma").pk, permissions=("immunizations.record_history",))
    child = a_child()
    (dose,) = immunizations.record_doses_elsewhere(
        actor=maria, patient=child, doses=[DoseElsewhere("03", date(2025, 3, 1))]
    )
    immunizations.record_doses_elsewhere(
        actor=maria, patient=child, doses=[DoseElsewhere("20", date(2025, 3, 1))], source="registry"
    )
    tell_everyone()
    tell_everyone()
    changed = DoseElsewhere("03", date(2025, 3, 2))
    immunizations.amend_dose_elsewhere(actor=maria, dose=dose, to=changed, reason="The card says the second.")
    tell_everyone()
    immunizations.withdraw_dose_elsewhere(actor=maria, dose=dose, reason="The brother's card.")
    tell_everyone()
    told = [
        (one.action, parse_message(bytes(one.body)).text("RXA-9")) for one in OutboundMessage.objects.order_by("pk")
    ]
    assert told == [("A", "01"), ("U", "01"), ("D", "01")]
