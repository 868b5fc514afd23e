"""The rooming page and the provider's, as people open them."""

import uuid

import pytest

from mainstay.chart.models import Observation
from mainstay.foundation.testing import A_MOMENT
from mainstay.people.models import Patient
from mainstay.rooming.models import AbnormalLoop, Intake, ProviderNote, ScreeningResult
from mainstay.rooming.screenings import tool
from mainstay.visits import actions as visit_actions
from mainstay.visits.tests.factories import a_person, a_room, a_visit, acting_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)


@pytest.fixture
def provider():
    return a_person("doc", "provider", licence="MD")


@pytest.fixture
def visit(provider):
    maria = acting_as(a_person("ann", "clinical_ma"))
    arrived = visit_actions.mark_arrived(actor=maria, visit=a_visit(provider=provider))
    return visit_actions.room_patient(actor=maria, visit=arrived, room=a_room())


@pytest.fixture
def ma(client, clock):
    client.force_login(a_person("maria", "clinical_ma"))
    return client


def sent(client, url, **fields):
    return client.post(url, {"idempotency_key": str(uuid.uuid4()), **fields})


def test_rooming_from_the_first_question_to_the_hand_off(ma, visit, provider):
    url = f"/rooming/{visit.public_id}/"
    assert b"Who is in the room" in ma.get(url).content
    assert sent(ma, url + "identify/", identifiers=["name"]).status_code == 422
    assert sent(ma, url + "identify/", identifiers=["name", "birth_date"]).status_code == 303
    assert ma.get(url).status_code == 200
    said = {"words": "Knee hurts", "told_by": "patient", "version": Intake.objects.get().version}
    assert sent(ma, url + "reason/", **said).status_code == 303
    vitals = {"blood_pressure": "118/76", "heart_rate": "72", "temperature": "98.6", "temperature.body_site": "oral"}
    saved = sent(ma, url + "panel/vitals/", **vitals)
    assert saved.status_code == 303, saved.content.decode()[:3000]
    assert Observation.objects.get(key="temperature").value == 37
    assert b"98.6" in ma.get(url).content
    assert sent(ma, url + "reviewed/allergies/", none="yes").status_code == 303
    assert sent(ma, url + "allergies/", substance="Penicillin", reaction="Hives").status_code == 303
    assert sent(ma, url + "medications/", name="Lisinopril 10 mg").status_code == 303
    assert ma.get(url + "screening/phq-2/").status_code == 200
    handed = sent(ma, url + "hand-off/", to=str(provider.public_id), situation="Knee pain 3 days")
    assert handed.status_code == 303
    visit.refresh_from_db()
    assert visit.stage == "ready"


def test_a_value_is_judged_as_it_is_typed_and_nothing_is_kept(ma, visit):
    url = f"/rooming/{visit.public_id}/"
    sent(ma, url + "identify/", identifiers=["name", "birth_date"])
    judged = ma.post(url + "panel/vitals/judge/?item=blood_pressure", {"blood_pressure": "192/118"})
    assert judged.status_code == 200 and b"finding" in judged.content
    assert not Observation.objects.exists() and not AbnormalLoop.objects.exists()


def test_a_doubtful_value_comes_back_asking_for_a_reason_with_everything_typed(ma, visit):
    url = f"/rooming/{visit.public_id}/"
    sent(ma, url + "identify/", identifiers=["name", "birth_date"])
    refused = sent(ma, url + "panel/vitals/", blood_pressure="230/110", heart_rate="71")
    page = refused.content.decode()
    assert refused.status_code == 422 and "reason:" in page and 'value="71"' in page
    assert not Observation.objects.exists()


def test_the_provider_acknowledges_writes_and_signs(client, clock, visit, provider):
    maria = a_person("maria", "clinical_ma")
    client.force_login(maria)
    url = f"/rooming/{visit.public_id}/"
    sent(client, url + "identify/", identifiers=["name", "birth_date"])
    sent(client, url + "hand-off/", to=str(provider.public_id), situation="Knee pain")
    client.force_login(provider)
    page = f"/provider/{visit.public_id}/"
    assert client.get(page).status_code == 200
    assert sent(client, page + "acknowledge/", read_back="Knee").status_code == 303
    assert sent(client, page + "arrange/", kind="follow_up", text="Back in 2 weeks").status_code == 303
    assert sent(client, page + "note/", text="Sprain.", plan_for_patient="Rest and ice.", sign="yes").status_code == 303
    note = ProviderNote.objects.get()
    assert note.state == "signed"
    assert client.get(page + f"note/{note.public_id}/amend/").status_code == 200
    amended = sent(client, page + f"note/{note.public_id}/amend/", text="Strain.", because="Wrong word")
    assert amended.status_code == 303


def test_a_medical_assistant_has_no_provider_page(ma, visit):
    assert ma.get(f"/provider/{visit.public_id}/").status_code == 403


def test_a_stranger_is_sent_to_sign_in(client, visit):
    assert client.get(f"/rooming/{visit.public_id}/").status_code == 302


def test_a_screening_nobody_answered_is_not_kept(ma, visit):
    sent(ma, f"/rooming/{visit.public_id}/identify/", identifiers=["name", "birth_date"])
    refused = sent(ma, f"/rooming/{visit.public_id}/screening/phq-2/")
    assert refused.status_code == 422 and "Nothing is answered yet" in refused.content.decode()
    assert not ScreeningResult.objects.exists()


def test_a_patient_who_reads_spanish_is_asked_in_spanish_throughout(ma, visit):
    Patient.objects.filter(pk=visit.patient_id).update(language="es")
    sent(ma, f"/rooming/{visit.public_id}/identify/", identifiers=["name", "birth_date"])
    page = f"/rooming/{visit.public_id}/screening/phq-2/"
    shown = ma.get(page).content.decode()
    assert "Poco interés" in shown and ">English<" in shown and "Over the last 2 weeks" not in shown
    assert "Little interest" in ma.get(page + "?language=en").content.decode()
    answered = sent(ma, page + "?language=en", **{item.code: 3 for item in tool("phq-2").items})
    assert answered["Location"].endswith("/screening/phq-9/?language=en")
