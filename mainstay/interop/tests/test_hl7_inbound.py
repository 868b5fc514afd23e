"""Messages that come in: committed before they are answered, one effect each, and what is refused is mended."""

from __future__ import annotations

import pytest
from django.db import OperationalError, ProgrammingError, transaction

from mainstay.foundation.errors import IllegalMove, InvalidInput, NotPermitted
from mainstay.foundation.testing import an_actor
from mainstay.immunizations.models import VaccineDose
from mainstay.interop import actions, queries
from mainstay.interop.hl7 import parse_message
from mainstay.interop.models import InboundMessage, InboundOutcome
from mainstay.interop.queries.traffic import dead_letters
from mainstay.interop.tests.registry_cases import a_child, a_connection, vaccine_codes
from mainstay.work.models import WorkItem

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def codes():
    vaccine_codes()
    a_connection(2575)


def a_vxu(control_id: str = "V1", *, mrn: str = "100042", name: str = "Ruiz^Ana", cvx: str = "03^MMR^CVX") -> bytes:
    lines = (
        f"MSH|^~\\&|IIS|STATE|MAINSTAY|CLINIC1|20261120||VXU^V04^VXU_V04|{control_id}|T|2.5.1",
        f"PID|1||{mrn}^^^CLINIC1-MRN^MR||{name}||20240229|F",
        "ORC|RE||9^IIS",
        f"RXA|0|1|20250301||{cvx}|999|||01^x^NIP001|||||||||||CP|A",
    )
    return ("\r".join(lines) + "\r").encode()


def take(octets: bytes):
    return parse_message(actions.take_message(actor=an_actor(), octets=octets, peer="127.0.0.1"))


def test_doses_sent_to_us_wait_for_a_person_and_are_acknowledged():
    child = a_child()
    answer = take(a_vxu())
    assert (answer.text("MSA-1"), answer.text("MSA-2"), answer.kind) == ("AA", "V1", "ACK^V04")
    assert not VaccineDose.objects.exists()
    assert WorkItem.objects.get().title == "1 vaccine doses from elsewhere to look at"
    ((message, plan),) = queries.registry_view(an_actor(), child).pushed
    made = actions.bring_in_received(actor=an_actor(), patient=child, message=message, keys=[plan.new[0].key])
    assert [dose.cvx for dose in made] == ["03"]
    assert queries.registry_view(an_actor(), child).pushed == ()


def test_the_same_message_again_gets_the_same_answer_and_has_no_second_effect():
    a_child()
    assert take(a_vxu()) == take(a_vxu())
    assert InboundMessage.objects.count() == InboundOutcome.objects.count() == WorkItem.objects.count() == 1


def test_a_control_id_used_for_another_content_is_refused():
    a_child()
    take(a_vxu())
    answer = take(a_vxu(cvx="20^DTaP^CVX"))
    assert (answer.text("MSA-1"), answer.text("ERR-3")) == ("AR", "205")
    assert InboundMessage.objects.count() == 2


@pytest.mark.parametrize(
    ("octets", "code", "place"),
    [
        (b"not hl7 at all", "AR", "MSH"),
        (b"MSH|^~\\&|A|B|||||ADT^A01|1|P|2.5\rnonsense\r", "AR", "MSH-12"),
        (b"MSH|^~\\&|A|B|||||VXU^V04|1|P|2.5\rPID|1\rnonsense\r", "AE", "PID-1"),
        (b"MSH|^~\\&|A|B|||||VXU^V04||P|2.5\rPID|1\r", "AR", "MSH-10"),
        (b"MSH|^~\\&|A|B|||||VXU^V04|1|P\rPID|1\r", "AR", "MSH-12"),
        (b"MSH|^~\\&|A|B|||||ORM^O01|1|P|2.5\r", "AR", "MSH-9"),
        (b"MSH|^~\\&|A|B|||||VXU^V04|1|P|2.5\r", "AE", "PID"),
        (b"\x00\x01\x02", "AR", "MSH"),
    ],
)
def test_what_cannot_be_used_is_kept_refused_with_its_place_and_becomes_work(octets, code, place):
    answer = take(octets)
    assert answer.text("MSA-1") == code
    outcome = InboundOutcome.objects.get()
    assert outcome.place == place
    assert answer.text("ERR-8") == outcome.words
    assert bytes(outcome.message.body) == octets
    assert [letter.pk for letter in dead_letters()] == [outcome.message_id]
    assert WorkItem.objects.get().kind == "dead_letter"


def test_somebody_we_do_not_know_or_cannot_tell_apart_is_refused():
    a_child()
    a_child("100043")
    assert take(a_vxu(mrn="999")).text("ERR-3") == "204"
    assert take(a_vxu("V2", mrn="100043")).text("MSA-1") == "AA"
    assert take(a_vxu("V3", mrn="999", name="Ruiz^Eva")).text("MSA-1") == "AE"


def test_the_bytes_are_there_even_if_reading_them_fails(monkeypatch):
    def broken(**kwargs):
        raise OperationalError("deadlock")

    whole = actions.listening.settle_message
    monkeypatch.setattr(actions.listening, "settle_message", broken)
    assert actions.take_message(actor=an_actor(), octets=a_vxu()) is None
    assert InboundMessage.objects.count() == 1
    assert [letter.control_id for letter in dead_letters()] == ["V1"]
    monkeypatch.setattr(actions.listening, "settle_message", whole)
    a_child()
    assert take(a_vxu()).text("MSA-1") == "AA"
    assert InboundMessage.objects.count() == 1


def test_a_dead_letter_is_repaired_beside_its_original():
    child = a_child()
    take(a_vxu(mrn="999", name="Ruis^Ana"))
    original = InboundMessage.objects.get()
    text = bytes(original.body).decode().replace("\r", "\n").replace("Ruis", "Ruiz")
    with pytest.raises(NotPermitted):
        nobody = an_actor(permissions=("interop.ask_registry",))
        actions.read_repaired(actor=nobody, message=original, text=text)
    with pytest.raises(InvalidInput, match="PID"):
        actions.read_repaired(actor=an_actor(), message=original, text=text.replace("PID|", "PID^"))
    outcome = actions.read_repaired(actor=an_actor(), message=original, text=text)
    assert (outcome.code, outcome.patient) == ("AA", child)
    assert outcome.message.repair_of == original
    assert b"Ruis" in bytes(InboundMessage.objects.get(pk=original.pk).body)
    assert not dead_letters()
    with pytest.raises(IllegalMove):
        actions.read_repaired(actor=an_actor(), message=original, text=text)


def test_a_dead_letter_is_put_aside_with_a_reason():
    take(b"hello")
    message = InboundMessage.objects.get()
    with pytest.raises(InvalidInput):
        actions.put_aside(actor=an_actor(), message=message, reason="")
    actions.put_aside(actor=an_actor(), message=message, reason="A port scan.")
    assert not dead_letters()
    assert WorkItem.objects.get().state == "done"
    with pytest.raises(IllegalMove):
        actions.put_aside(actor=an_actor(), message=message, reason="again")


def test_what_came_in_never_changes():
    take(a_vxu())
    for change in (lambda: InboundMessage.objects.update(body=b"x"), lambda: InboundOutcome.objects.update(code="AA")):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()
