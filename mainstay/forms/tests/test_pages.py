"""Forms and leaflets as people open them, at the desk and on the tablet."""

from __future__ import annotations

import io
import uuid
from datetime import date

import pytest
from pypdf import PdfReader

from mainstay.forms import actions
from mainstay.forms.models import FormResponse, LeafletGiven
from mainstay.foundation.testing import A_MOMENT
from mainstay.visits.tests.factories import a_patient, a_person, acting_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)


@pytest.fixture
def maria(clock):
    return a_person("maria", "clinical_ma")


@pytest.fixture
def desk(client, maria):
    client.force_login(maria)
    return client


def key():
    return {"idempotency_key": str(uuid.uuid4())}


def given(maria, form="npp_acknowledgement", patient=None, language="en"):
    actor = acting_as(maria)
    return actions.give_form(actor=actor, patient=patient or a_patient(), form=form, language=language)


def words_of(answer):
    assert answer["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.content))
    assert "/StructTreeRoot" in reader.trailer["/Root"]
    return "".join(page.extract_text() for page in reader.pages)


SIGNED = {"a_how": "paper", "signer": "patient", "signer_name": "Jo Doe", "drawing": "M10 10L50 60L90 20"}


def test_a_form_is_given_filled_in_signed_and_printed(desk, maria):
    patient = a_patient()
    page = f"/patients/{patient.public_id}/forms/"
    assert desk.get(page).status_code == 200
    answer = desk.post(page + "give/", {"form": "npp_acknowledgement", "language": "es", **key()})
    assert answer.status_code == 303
    shown = desk.get(answer["Location"])
    assert shown.status_code == 200 and "prácticas de privacidad" in shown.content.decode()
    blank = words_of(desk.get(answer["Location"] + "paper.pdf"))
    assert "En papel" in blank and "Jo Doe" in blank and "Firma" in blank
    assert desk.post(answer["Location"], {**SIGNED, "signer_name": "", **key()}).status_code == 422
    assert desk.post(answer["Location"], {**SIGNED, **key()}).status_code == 303
    signed = desk.get(answer["Location"]).content.decode()
    assert "Firmado por Jo Doe" in signed and "M10 10L50 60L90 20" in signed
    assert "Firmado por Jo Doe" in words_of(desk.get(answer["Location"] + "paper.pdf"))
    assert "Signed" in desk.get(page).content.decode()


def test_answers_are_kept_as_they_are_typed(desk, maria):
    response = given(maria, "health_history")
    kept = desk.post(f"/forms/{response.public_id}/keep/", {"a_why": "Cough", "a_family": ["heart", "nonsense"]})
    assert kept.status_code == 204
    response.refresh_from_db()
    assert response.answers == {"why": "Cough", "family": ["heart"]}
    assert "Cough" in desk.get(f"/forms/{response.public_id}/").content.decode()


def test_a_refusal_needs_its_reason_and_is_no_stop(desk, maria):
    response = given(maria)
    url = f"/forms/{response.public_id}/decline/"
    assert desk.post(url, {"reason": "", **key()}).status_code == 422
    assert desk.post(url, {"reason": "Wants to think", **key()}).status_code == 303
    assert "Wants to think" in desk.get(f"/patients/{response.patient.public_id}/forms/").content.decode()


def test_a_form_is_taken_back_or_withdrawn_with_a_reason(desk, maria):
    response = given(maria)
    assert desk.post(f"/forms/{response.public_id}/take-back/", {"reason": "Twice", **key()}).status_code == 303
    signed = given(maria, patient=response.patient)
    assert desk.post(f"/forms/{signed.public_id}/", {**SIGNED, **key()}).status_code == 303
    assert desk.post(f"/forms/{signed.public_id}/withdraw/", {"reason": "No more", **key()}).status_code == 303
    assert set(FormResponse.objects.values_list("status", flat=True)) == {"taken_back", "withdrawn"}


def test_the_mother_of_a_child_is_offered_and_the_child_refused(desk, maria):
    child = a_patient("100007", birth_date=date(2015, 5, 5))
    mother = child.related_people.create(name="Ana Doe", relationship="mother", authority="parent")
    response = given(maria, "consent_to_treat", patient=child)
    shown = desk.get(f"/forms/{response.public_id}/").content.decode()
    assert "Ana Doe (mother)" in shown and "a parent or guardian signs" in shown
    by_child = desk.post(f"/forms/{response.public_id}/", {"signer": "patient", "signer_name": "Kit", **key()})
    assert by_child.status_code == 422 and "a parent or guardian signs" in by_child.content.decode()
    by_mother = {"signer": str(mother.public_id), "signer_name": "Ana Doe", **key()}
    assert desk.post(f"/forms/{response.public_id}/", by_mother).status_code == 303


def test_a_minor_who_consents_alone_needs_somebodys_word(desk, maria):
    teen = a_patient("100009", birth_date=date(2011, 5, 5))
    url = f"/forms/{given(maria, 'consent_to_treat', patient=teen).public_id}/"
    said = {"signer": "patient", "signer_name": "Kit Doe", "service": "sexual_health"}
    asked = desk.post(url, {**said, **key()})
    assert asked.status_code == 422 and "reason:minor-consents-alone" in asked.content.decode()
    confirmed = {**said, "reason:minor-consents-alone": "Dr. Patel confirmed it", **key()}
    assert desk.post(url, confirmed).status_code == 303


def test_a_signed_paper_is_scanned_in(desk, maria):
    response = given(maria, "abn")
    url = f"/forms/{response.public_id}/scan/"
    assert desk.get(url).status_code == 200
    scan = io.BytesIO(b"%PDF-1.7 signed")
    scan.name = "abn.pdf"
    said = {"family_name": "Doe", "birth_date": "02/03/1980", "signer": "patient", "signer_name": "Jo Doe"}
    assert desk.post(url, {**said, "file": scan, **key()}).status_code == 303
    assert "The signed paper" in desk.get(f"/forms/{response.public_id}/").content.decode()
    assert desk.get(f"/forms/{response.public_id}/scanned/").content == b"%PDF-1.7 signed"
    assert desk.get(f"/forms/{given(maria, 'photo_consent', response.patient).public_id}/scanned/").status_code == 404


def test_a_provider_explains_and_the_assistant_witnesses(client, desk, maria):
    response = given(maria, "procedure_consent")
    url = f"/forms/{response.public_id}/"
    assert "licensed provider explains it first" in desk.get(url).content.decode()
    assert desk.post(url + "explain/", key()).status_code == 403
    client.force_login(a_person("patel", "provider"))
    assert client.post(url + "explain/", key()).status_code == 303
    client.force_login(maria)
    said = {"a_why": "A lump", "a_what": "Removal", "a_who": "Dr. Patel", "signer": "patient", "signer_name": "Jo Doe"}
    assert client.post(url, {**said, **key()}).status_code == 303
    assert "witness to the signature is missing" in client.get(url).content.decode()
    assert client.post(url + "witness/", key()).status_code == 303
    assert "witness to the signature is missing" not in client.get(url).content.decode()


def test_every_form_prints_blank_in_both_languages(desk):
    assert desk.get("/forms/blank/").status_code == 200
    for language, word in (("en", "Signature"), ("es", "Firma")):
        assert word in words_of(desk.get(f"/forms/blank/records_release/{language}.pdf"))
    assert desk.get("/forms/blank/nonsense/en.pdf").status_code == 404
    assert desk.get("/forms/blank/abn/fr.pdf").status_code == 404


def test_leaflets_are_read_printed_and_handed_out(desk):
    patient = a_patient()
    assert desk.get("/leaflets/").status_code == 200
    assert "herida" in desk.get("/leaflets/wound_care/es/").content.decode()
    assert "911" in words_of(desk.get("/leaflets/wound_care/en.pdf"))
    assert desk.get("/leaflets/nonsense/en/").status_code == 404
    said = {"leaflet": "wound_care", "language": "es", "how": "printed", "said_back": "Lavo mis manos"}
    assert desk.post(f"/patients/{patient.public_id}/leaflets/", {**said, **key()}).status_code == 303
    assert "Lavo mis manos" in desk.get(f"/patients/{patient.public_id}/forms/").content.decode()
    row = LeafletGiven.objects.get()
    assert desk.post(f"/patients/{patient.public_id}/leaflets/{row.public_id}/withdraw/", key()).status_code == 303
    assert "Lavo mis manos" not in desk.get(f"/patients/{patient.public_id}/forms/").content.decode()
    bad = {**said, "leaflet": "nonsense", **key()}
    assert desk.post(f"/patients/{patient.public_id}/leaflets/", bad).status_code == 422


def test_the_page_of_forms_needs_few_queries_however_many_forms(desk, maria, django_assert_max_num_queries):
    patient = a_patient()
    for form in ("npp_acknowledgement", "consent_to_treat", "financial_policy", "health_history", "photo_consent"):
        given(maria, form, patient=patient)
    desk.get(f"/patients/{patient.public_id}/forms/")
    with django_assert_max_num_queries(30):
        desk.get(f"/patients/{patient.public_id}/forms/")
    response = FormResponse.objects.first()
    with django_assert_max_num_queries(36):
        desk.get(f"/forms/{response.public_id}/")
