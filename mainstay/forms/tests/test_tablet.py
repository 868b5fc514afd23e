"""The tablet in the patient's hands: the screen is locked, nothing but the forms is open, a PIN brings staff back."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from mainstay.forms import actions
from mainstay.forms.models import FormResponse
from mainstay.foundation.testing import A_MOMENT
from mainstay.visits.tests.factories import a_patient
from mainstay.workforce.models import StaffSession
from mainstay.workforce.tests.factories import PASSWORD, PIN, a_person, a_workstation, acting_as

pytestmark = pytest.mark.django_db

SIGNED = {"a_how": "paper", "signer": "patient", "signer_name": "Jo Doe", "agree": "on"}


def key():
    return {"idempotency_key": str(uuid.uuid4())}


@pytest.fixture
def moment(monkeypatch):
    """The clock, which tests may turn."""
    now = [A_MOMENT]
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: now[0])
    return now


@pytest.fixture
def maria(moment):
    return a_person("maria", "administrative_ma")


@pytest.fixture
def desk(client, maria):
    a_workstation(client, "Tablet 1")
    assert client.post("/sign-in/", {"username": "maria", "password": PASSWORD}).status_code in (302, 303)
    return client


@pytest.fixture
def patient(maria):
    who = a_patient(language="es")
    for form in ("npp_acknowledgement", "consent_to_treat", "abn"):
        actions.give_form(actor=acting_as(maria), patient=who, form=form, language="es")
    return who


def hand_over(desk, patient):
    answer = desk.post(f"/patients/{patient.public_id}/forms/hand-over/", {"back": "/board/", **key()})
    assert (answer.status_code, answer["Location"]) == (303, "/tablet/")


def test_nothing_but_the_form_is_open_and_a_pin_brings_the_staff_back(desk, patient):
    hand_over(desk, patient)
    first = desk.get("/tablet/").content.decode()
    assert "prácticas de privacidad" in first and "Formulario 1 de 2" in first and 'lang="es"' in first
    assert "rail" not in first.replace("rail-logo", "") and "Board" not in first
    for path in ("/board/", "/patients/", f"/patients/{patient.public_id}/forms/", "/me/"):
        answer = desk.get(path)
        assert answer.status_code == 302 and "/sign-in/" in answer["Location"], path
    named = FormResponse.objects.get(form="npp_acknowledgement")
    wrong = desk.post("/tablet/", {**SIGNED, "agree": "", "response": named.public_id})
    assert wrong.status_code == 422 and "Marque la casilla" in wrong.content.decode()
    for _ in range(2):
        assert desk.post("/tablet/", {**SIGNED, "response": named.public_id}).status_code == 303
    assert "Formulario 2 de 2" in desk.get("/tablet/").content.decode()
    other = FormResponse.objects.get(form="consent_to_treat")
    assert desk.post("/tablet/later/", {"response": other.public_id}).status_code == 303
    assert "devuelva la tableta" in desk.get("/tablet/").content.decode()
    named.refresh_from_db(), other.refresh_from_db()
    assert (named.status, named.signed_how, other.status) == ("signed", "tablet", "assigned")
    assert named.steps.filter(name="sign").count() == 1
    stay = StaffSession.objects.get(ended_at=None)
    back = desk.post("/lock/?next=/board/", {"who": str(stay.public_id), "secret": PIN})
    assert back.status_code in (302, 303) and back["Location"] == "/board/"
    assert desk.get("/board/").status_code == 200
    assert desk.get("/tablet/")["Location"] == "/"


def test_what_is_typed_on_the_tablet_is_kept_and_only_for_its_own_forms(desk, patient):
    hand_over(desk, patient)
    named = FormResponse.objects.get(form="npp_acknowledgement")
    assert desk.post("/tablet/keep/", {"response": named.public_id, "a_how": "read"}).status_code == 204
    named.refresh_from_db()
    assert named.answers == {"how": "read"}
    someone = a_patient("100002")
    foreign = actions.give_form(
        actor=acting_as(a_person("lee", "clinical_ma")), patient=someone, form="npp_acknowledgement", language="en"
    )
    for path in ("/tablet/keep/", "/tablet/later/"):
        assert desk.post(path, {"response": foreign.public_id, "a_how": "read"}).status_code == 404
    desk.post("/tablet/", {**SIGNED, "response": foreign.public_id})
    foreign.refresh_from_db()
    assert (foreign.status, foreign.answers) == ("assigned", {})


def test_a_tablet_left_lying_about_forgets_the_forms(desk, patient, moment):
    hand_over(desk, patient)
    moment[0] = A_MOMENT + timedelta(hours=3)
    assert desk.get("/tablet/").status_code == 303
    assert "prácticas" not in desk.get("/tablet/", follow=True).content.decode()


def test_a_stranger_finds_nothing_on_the_tablet_page(client, moment):
    assert client.get("/tablet/").status_code == 303
    assert client.post("/tablet/keep/", {"response": uuid.uuid4()}).status_code == 404


def test_nothing_is_handed_over_when_no_form_is_open(desk):
    answer = desk.post(f"/patients/{a_patient('100005').public_id}/forms/hand-over/", key())
    assert answer.status_code == 422 and desk.get("/board/").status_code == 200
