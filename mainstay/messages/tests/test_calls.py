"""The call, from the first question to where it goes."""

import uuid
from datetime import date, timedelta

import pytest

from mainstay.foundation.errors import InvalidInput, NeedsConfirmation, StopFound
from mainstay.foundation.findings import Confirmations
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.messages import actions, queries
from mainstay.messages.actions import CallerSaid, Ending
from mainstay.messages.errors import CallOver
from mainstay.messages.models import Call, Thread
from mainstay.messages.red_flags import script
from mainstay.people.models import ContactPoint, Patient, RelatedPerson
from mainstay.practice.models import Site
from mainstay.work.models import WorkItem
from mainstay.workforce.models import Staff
from mainstay.workforce.roles import permissions_of

pytestmark = pytest.mark.django_db
MINE = CallerSaid("(585) 555-0134", "12 Elm St", "Jo Doe", "self", "")


def a_site():
    return Site.objects.get_or_create(name="Northside", defaults={"short_name": "N", "state": "NY"})[0]


def a_person(username, role):
    names = {"given_name": username, "family_name": "Test", "shown_name": username.title()}
    return Staff.objects.create(username=username, roles=[role], home_site=a_site(), **names)


def acting(person, now=A_MOMENT):
    permissions = tuple(permissions_of(tuple(person.roles)))
    return an_actor(staff_id=person.pk, permissions=permissions, now=now, site_id=person.home_site_id)


def a_patient(mrn="1", born=date(1980, 2, 3), **more):
    return Patient.objects.create(mrn=mrn, given_name="Jo", family_name="Doe", birth_date=born, **more)


@pytest.fixture
def maria():
    return acting(a_person("maria", "clinical_ma"))


@pytest.fixture
def nora():
    return a_person("nora", "nurse")


def a_call(actor, words="I need my form", category="FRM", *, emergency="no", patient=None, said=MINE):
    call = actions.begin_call(actor=actor, emergency=emergency)
    call = actions.note_caller(actor=actor, call=call, said=said)
    if patient:
        call = actions.name_patient(actor=actor, call=call, patient=patient, identifiers=["name", "birth_date"])
    return actions.note_reason(actor=actor, call=call, words=words, category=category)


def test_a_call_begins_with_the_emergency_question(maria):
    with pytest.raises(InvalidInput):
        actions.begin_call(actor=maria, emergency="")
    call = actions.begin_call(actor=maria, emergency="no")
    assert (call.band, queries.answers_of(call)) == ("", {"opening": {"opening": "no"}})


def test_whoever_says_it_is_an_emergency_gets_a_clinician_at_least(maria):
    assert actions.begin_call(actor=maria, emergency="yes").band == "R1"
    assert actions.begin_call(actor=maria, emergency="unsure").band == "R1"


def test_a_stroke_is_911_with_a_second_person_and_an_address(maria, nora):
    call = a_call(maria, "my husband's arm went weak", "SYM", patient=a_patient())
    call = actions.answer_questions(actor=maria, call=call, answers={"stroke_arm": "yes"})
    assert call.band == "R0"
    with pytest.raises(StopFound):
        actions.end_call(actor=maria, call=call, ending=Ending("emergency", safety_net="yes"))
    with pytest.raises(NeedsConfirmation) as left:
        actions.end_call(actor=maria, call=call, ending=Ending("message", safety_net="yes"))
    assert "emergency-not-called" in {f.code for f in left.value.findings}
    ending = Ending("emergency", safety_net="yes", second_person=nora, clinician=nora)
    reasons = Confirmations({"not-all-asked": "Ambulance on its way"})
    ended = actions.end_call(actor=maria, call=call, ending=ending, confirmed=reasons)
    item = WorkItem.objects.get()
    assert (ended.band, item.band, item.owner, item.is_clinical) == ("R0", "R0", nora, True)


def test_an_r1_call_is_handed_to_a_named_clinician(maria, nora):
    call = a_call(maria, "the pain was in my chest and is gone", "SYM", patient=a_patient())
    answers = {q.code: "no" for q in script().topics["chest"].questions} | {"chest_gone": "yes"}
    call = actions.answer_questions(actor=maria, call=call, answers=answers)
    assert call.band in ("R0", "R1")
    with pytest.raises(StopFound):
        actions.end_call(actor=maria, call=call, ending=Ending("warm_transfer", safety_net="yes"))
    codes = ("emergency-not-called", "not-all-asked")
    done = actions.end_call(
        actor=maria,
        call=call,
        ending=Ending("warm_transfer", safety_net="yes", clinician=nora),
        confirmed=Confirmations(dict.fromkeys(codes, "The nurse took over")),
    )
    assert (done.warm_transfer_to, done.warm_transfer_at) == (nora, A_MOMENT)


@pytest.mark.parametrize(
    ("category", "band", "pool"),
    [("FRM", "R4", "forms"), ("APT", "R4", "front_desk"), ("BIL", "R4", "billing"), ("SYM", "R3", "clinician")],
)
def test_a_calm_call_leaves_a_message_with_its_owner_and_clock(maria, category, band, pool):
    call = a_call(maria, "please call me about this", category, patient=a_patient())
    ending = Ending("message", safety_net="yes")
    done = actions.end_call(actor=maria, call=call, ending=ending)
    thread, item = Thread.objects.get(), WorkItem.objects.get()
    assert (thread.band, thread.pool, thread.category) == (band, pool, category)
    assert item.due_at == thread.due_at == done.expected_reply_by
    assert thread.messages.get().text == "please call me about this"


def test_the_safety_net_is_said_on_every_symptom_call(maria):
    call = a_call(maria, "a mild cough", "SYM", patient=a_patient())
    with pytest.raises(StopFound) as stopped:
        actions.end_call(actor=maria, call=call, ending=Ending("message"))
    assert [f.code for f in stopped.value.findings] == ["no-safety-net"]


def test_a_repeat_call_age_and_worry_raise_the_band(maria):
    old = a_patient("2", born=date(1940, 1, 1))
    plain = a_call(maria, "a mild cough", "SYM", patient=a_patient())
    assert plain.band == "R3"
    aged = a_call(maria, "a mild cough", "SYM", patient=old)
    assert aged.band == "R2" and "65" in aged.band_raised_because
    again = a_call(acting(a_person("ann", "clinical_ma"), A_MOMENT + timedelta(hours=5)), "cough", "SYM", patient=old)
    assert again.band == "R1"
    worried = actions.answer_questions(actor=maria, call=plain, answers={}, facts={"worried": "yes"})
    assert worried.band == "R2"


def test_words_alone_raise_the_band_whatever_the_category(maria):
    call = a_call(maria, "I want to reschedule, I have crushing chest pain and sweating", "APT", patient=a_patient())
    assert call.band == "R0"


def test_one_identifier_names_nobody(maria):
    call, patient = a_call(maria), a_patient()
    for too_few in (["name"], ["name", "name"]):
        with pytest.raises(InvalidInput):
            actions.name_patient(actor=maria, call=call, patient=patient, identifiers=too_few)


def test_nobody_speaks_for_a_patient_on_whose_file_they_are_not(maria):
    mother = RelatedPerson.objects.create(
        patient=a_patient("2"),
        name="Ma",
        relationship="guardian",
        authority="guardian",
        authority_from=date(2020, 1, 1),
    )
    call = a_call(maria, patient=a_patient(), said=CallerSaid("", "", "Ma", "guardian", ""))
    with pytest.raises(InvalidInput):
        actions.name_proxy(actor=maria, call=call, person=mother)
    call.refresh_from_db()
    assert call.has_authority is False and call.caller is None


def test_a_caller_without_authority_is_told_nothing(maria):
    patient = a_patient()
    friend = RelatedPerson.objects.create(patient=patient, name="Al", relationship="friend")
    mother = RelatedPerson.objects.create(
        patient=patient, name="Ma", relationship="guardian", authority="guardian", authority_from=date(2020, 1, 1)
    )
    call = a_call(maria, patient=patient, said=CallerSaid("", "", "Al", "other", ""))
    assert call.has_authority is False
    assert actions.name_proxy(actor=maria, call=call, person=friend).has_authority is False
    with pytest.raises(NeedsConfirmation) as asked:
        actions.end_call(actor=maria, call=call, ending=Ending("message"))
    assert {f.code for f in asked.value.findings} == {"no-authority", "call-without-number"}
    assert actions.name_proxy(actor=maria, call=call, person=mother).has_authority is True


def test_a_call_is_documented_once(maria):
    call = a_call(maria, patient=a_patient())
    assert [c.pk for c in queries.unfinished_calls(maria)] == [call.pk]
    actions.end_call(actor=maria, call=call, ending=Ending("answered"))
    assert list(queries.unfinished_calls(maria)) == [] and Thread.objects.count() == 0
    with pytest.raises(CallOver):
        actions.note_reason(actor=maria, call=call, words="more", category="FRM")


@pytest.mark.parametrize("answers", [{"no_such": "yes"}, {"chest_now": "maybe"}])
def test_only_questions_of_the_script_are_answered_with_its_answers(maria, answers):
    with pytest.raises(InvalidInput):
        actions.answer_questions(actor=maria, call=a_call(maria), answers=answers)


def key():
    return {"idempotency_key": str(uuid.uuid4())}


def test_the_whole_call_on_its_page(client, monkeypatch, nora, django_assert_max_num_queries):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    client.force_login(a_person("dina", "administrative_ma"))
    patient = a_patient("100001")
    ContactPoint.objects.create(patient=patient, channel="phone", value="+15855550199", is_confidential=True)
    first = client.get("/calls/new/").content.decode()
    assert first.index("Is this an emergency") < first.index("Yes, or not sure")
    assert "This is Dina, administrative medical assistant." in first
    assert client.post("/calls/new/", key()).status_code == 422
    began = client.post("/calls/new/", {"emergency": "no", **key()})
    url = began["Location"]
    assert client.get(url).status_code == 200
    bad = client.post(f"{url}caller/", {"number": "12", "relation": "self", **key()})
    assert bad.status_code == 422
    said = {"number": "585 555 0134", "location": "Elm St", "relation": "self", **key()}
    assert client.post(f"{url}caller/", said).status_code == 303
    found = client.post(f"{url}find/", {"q": "100001", **key()})
    assert str(patient.public_id) in found.content.decode()
    chosen = {"patient": str(patient.public_id), "identifiers": ["name", "birth_date"], **key()}
    one = client.post(f"{url}identify/", {**chosen, "q": "100001", "identifiers": ["name"]})
    assert one.status_code == 422 and 'value="name" checked' in one.content.decode()
    assert client.post(f"{url}identify/", {**chosen, **key()}).status_code == 303
    reason = {"words": "dizzy since lunch", "category": "SYM", **key()}
    assert client.post(f"{url}reason/", reason).status_code == 303
    with django_assert_max_num_queries(45):
        shown = client.get(f"{url}?topic=stroke").content.decode()
    assert "Does the face droop" in shown and "(585) 555-0199" in shown and "May not say" in shown
    assert client.post(f"{url}answers/", {"q:stroke_face": "yes", "fact:worried": "yes", **key()}).status_code == 303
    assert "911" in client.get(url).content.decode()
    stopped = client.post(f"{url}end/", {"action": "emergency", **key()})
    assert stopped.status_code == 422 and b"second person" in stopped.content
    ending = {"action": "emergency", "second_person": str(nora.public_id), "safety_net_given": "on"}
    asked = client.post(f"{url}end/", {**ending, **key()})
    assert asked.status_code == 422 and b"reason:not-all-asked" in asked.content
    ended = client.post(f"{url}end/", {**ending, "reason:not-all-asked": "Ambulance called", **key()})
    assert ended.status_code == 303
    assert "Call record" in client.get(url).content.decode()
    assert Call.objects.get().band == "R0"


@pytest.mark.parametrize(("sex", "asked"), [("male", False), ("female", True), ("unknown", True)])
def test_a_man_is_not_asked_whether_he_is_pregnant(client, maria, sex, asked):
    client.force_login(Staff.objects.get(pk=maria.staff_id))
    call = a_call(maria, "dizzy since lunch", "SYM", patient=a_patient(sex=sex))
    shown = client.get(f"/calls/{call.public_id}/?topic=stroke").content.decode()
    assert "Does the face droop" in shown
    assert ("gave birth in the last 6 weeks" in shown) is asked
