"""Conversations: urgent words, splitting, answers, words read out, closing."""

import uuid
from datetime import date

import pytest

from mainstay.foundation.errors import InvalidInput, NotPermitted, StopFound
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.messages import actions, queries
from mainstay.messages.actions import Matter, ReadOut
from mainstay.messages.models import Message, Thread
from mainstay.people.models import Patient
from mainstay.practice.models import Site
from mainstay.work.models import WorkItem
from mainstay.workforce.models import Credential, Staff
from mainstay.workforce.roles import permissions_of

pytestmark = pytest.mark.django_db


def a_site(state="AZ"):
    return Site.objects.get_or_create(name=state, defaults={"short_name": state, "state": state})[0]


def a_person(username, role, state="AZ"):
    names = {"given_name": username, "family_name": "Test", "shown_name": username.title()}
    return Staff.objects.create(username=username, roles=[role], home_site=a_site(state), **names)


def acting(person):
    permissions = tuple(permissions_of(tuple(person.roles)))
    return an_actor(staff_id=person.pk, permissions=permissions, site_id=person.home_site_id)


@pytest.fixture
def maria():
    return acting(a_person("maria", "clinical_ma"))


@pytest.fixture
def nora():
    person = a_person("nora", "nurse")
    Credential.objects.create(staff=person, code="RN", issuer="Board", state="AZ")
    return acting(person)


def a_message(actor, text="Please call me", category="ADM"):
    patient = Patient.objects.get_or_create(
        mrn="1", defaults={"given_name": "Jo", "family_name": "Doe", "birth_date": date(1980, 2, 3)}
    )[0]
    site = Site.objects.get(pk=actor.site_id)
    said = {"patient": patient, "text": text, "category": category, "channel": "portal", "site": site}
    return actions.receive_message(actor=actor, **said)


def test_red_flag_words_in_writing_go_to_a_clinician_at_once(maria):
    thread = a_message(maria, "Also my chest hurts and I am sweating. And when is my bill due?", "BIL")
    item = WorkItem.objects.get()
    assert (thread.band, thread.pool, item.band, item.is_clinical) == ("R1", "clinician", "R1", True)
    assert "chest" in thread.band_raised_because


def test_the_next_message_raises_a_calm_conversation(maria):
    thread = a_message(maria)
    assert thread.band == "R4"
    actions.add_message(actor=maria, thread=thread, text="I want to kill myself")
    thread.refresh_from_db()
    assert thread.band == "R1" and WorkItem.objects.get().band == "R1"


def test_one_message_of_four_requests_becomes_four_conversations(maria):
    thread = a_message(maria, "Refill, bill, cough and a form", "SYM")
    parts = [Matter("Refill lisinopril", "RFL"), Matter("Bill", "BIL"), Matter("A cough", "SYM"), Matter("Form", "FRM")]
    made = actions.split_thread(actor=maria, thread=thread, parts=parts)
    assert [t.pool for t in made] == ["refills", "billing", "clinician", "forms"]
    assert Thread.objects.get(pk=thread.pk).closed_at is not None
    assert WorkItem.objects.filter(state="open").count() == 4


def test_a_split_never_loses_what_is_clinical(maria):
    thread = a_message(maria, "crushing chest pain and sweating, and a bill", "ADM")
    with pytest.raises(InvalidInput):
        actions.split_thread(actor=maria, thread=thread, parts=[Matter("Bill", "BIL"), Matter("Form", "FRM")])
    made = actions.split_thread(actor=maria, thread=thread, parts=[Matter("The pain", "SYM"), Matter("Bill", "BIL")])
    assert [t.band for t in made] == ["R1", "R4"]


def test_a_symptom_closes_only_with_a_clinicians_disposition(maria, nora):
    thread = a_message(maria, "A cough", "SYM")
    with pytest.raises(StopFound):
        actions.close_thread(actor=maria, thread=thread, outcome="She is fine")
    assert not queries.may_close_thread(maria, thread)
    closed = actions.close_thread(actor=nora, thread=thread, outcome="Seen tomorrow")
    assert (closed.disposition, closed.disposed_by_id) == ("Seen tomorrow", nora.staff_id)
    assert WorkItem.objects.get().state == "done"


def answered(maria, nora, relay="read_out", category="SYM"):
    thread = a_message(maria, "A cough", category)
    text = "Drink water. Come in tomorrow at 9."
    message = actions.answer_thread(actor=nora, thread=thread, text=text, disposition="Visit tomorrow", relay=relay)
    return thread, message


def test_a_clinicians_words_are_locked_and_reading_them_is_work(maria, nora):
    thread, message = answered(maria, nora)
    assert WorkItem.objects.get(kind="relay").state == "open"
    with pytest.raises(InvalidInput):
        actions.close_thread(actor=maria, thread=thread, outcome="")
    relay = actions.relay_message(actor=maria, message=message, read_out=ReadOut("Jo Doe", taught_back="yes"))
    assert relay.message.text == "Drink water. Come in tomorrow at 9."
    assert WorkItem.objects.get(kind="relay").state == "done"
    assert actions.close_thread(actor=maria, thread=thread, outcome="Told").closed_at == A_MOMENT


def test_a_question_back_goes_up_and_takes_a_new_answer(maria, nora):
    thread, message = answered(maria, nora)
    with pytest.raises(InvalidInput):
        actions.relay_message(actor=maria, message=message, read_out=ReadOut("Jo Doe"))
    actions.relay_message(actor=maria, message=message, read_out=ReadOut("Jo", question="Can I take my syrup?"))
    assert WorkItem.objects.filter(kind="message", state="open").count() == 1
    with pytest.raises(StopFound):
        actions.close_thread(actor=maria, thread=thread, outcome="Told")


def test_only_a_clinician_answers(maria):
    with pytest.raises(NotPermitted):
        actions.answer_thread(actor=maria, thread=a_message(maria), text="Rest", disposition="x", relay="read_out")
    assert Message.objects.filter(is_for_relay=True).count() == 0


def test_where_the_law_bars_it_nobody_unlicensed_relays(nora):
    bars = acting(a_person("mina", "clinical_ma", "NY"))
    thread, message = answered(bars, nora, category="RES")
    refused = queries.may_relay(bars, thread)
    assert not refused and refused.reason
    with pytest.raises(NotPermitted):
        actions.relay_message(actor=bars, message=message, read_out=ReadOut("Jo Doe", taught_back="yes"))


def key():
    return {"idempotency_key": str(uuid.uuid4())}


@pytest.fixture
def sign_in(client, monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)

    def as_(person):
        client.force_login(person)
        return client

    return as_


def test_the_inbox_needs_few_queries_however_many_messages(sign_in, maria, django_assert_max_num_queries):
    for n in range(12):
        a_message(maria, f"Message {n}", ("ADM", "APT", "BIL")[n % 3])
    client = sign_in(Staff.objects.get(username="maria"))
    with django_assert_max_num_queries(16):
        assert client.get("/messages/?show=all").content.decode().count("queue-clock") == 12
    assert client.get("/messages/?show=all&category=APT").content.decode().count("queue-clock") == 4
    assert client.get("/messages/?category=zzz").status_code == 200


def test_a_conversation_from_taken_in_to_closed_on_its_pages(sign_in, maria, nora):
    client = sign_in(Staff.objects.get(username="maria"))
    assert client.get("/messages/new/").status_code == 200
    assert client.post("/messages/new/", {"channel": "fax", "category": "", "text": "x", **key()}).status_code == 422
    made = client.post("/messages/new/", {"channel": "voicemail", "category": "SYM", "text": "My cough", **key()})
    url = made["Location"]
    assert client.get(url).status_code == 200
    assert client.post(f"{url}write/", {"text": "Called back", **key()}).status_code == 303
    assert (
        client.post(f"{url}answer/", {"disposition": "x", "text": "x", "relay": "read_out", **key()}).status_code == 403
    )
    assert client.post(f"{url}close/", {"outcome": "Fine", **key()}).status_code == 422
    client = sign_in(Staff.objects.get(username="nora"))
    answer = {"disposition": "Visit", "text": "Come at 9.", "relay": "read_out", **key()}
    assert client.post(f"{url}answer/", answer).status_code == 303
    client = sign_in(Staff.objects.get(username="maria"))
    assert "Signed words" in client.get(url).content.decode()
    message = Message.objects.get(is_for_relay=True)
    said = {"told_to": "Jo", "relation": "self", "taught_back": "on", **key()}
    assert client.post(f"{url}relay/{message.public_id}/", said).status_code == 303
    assert client.post(f"{url}close/", {"outcome": "Told", **key()}).status_code == 303
    assert client.get(url).status_code == 200


def test_a_message_is_split_on_its_page(sign_in, maria):
    client = sign_in(Staff.objects.get(username="maria"))
    url = f"/messages/{a_message(maria).public_id}/split/"
    assert client.post(url, {"words_1": "One", "category_1": "BIL", **key()}).status_code == 422
    both = {"words_1": "One", "category_1": "BIL", "words_2": "Two", "category_2": "APT", **key()}
    assert client.post(url, both).status_code == 303
    assert Thread.objects.filter(closed_at=None).count() == 2
