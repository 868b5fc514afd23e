"""The chart, as people open it."""

import uuid
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mainstay.chart import actions
from mainstay.chart.actions import Measured
from mainstay.chart.models import Allergy, Document, Problem
from mainstay.foundation.models import AccessRecord
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.terminology.actions import load_code_tables
from mainstay.visits.tests.factories import a_patient, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ma(client, monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    client.force_login(a_person("maria", "clinical_ma"))
    return client


def sent(client, url, **fields):
    return client.post(url, {"idempotency_key": str(uuid.uuid4()), **fields})


def test_opening_a_chart_is_logged(ma):
    patient = a_patient()
    assert ma.get(f"/patients/{patient.public_id}/chart/").status_code == 200
    assert AccessRecord.objects.filter(subject_id=patient.public_id).exists()


def test_lists_are_added_to_and_none_known_is_never_a_default(ma):
    patient = a_patient()
    url = f"/patients/{patient.public_id}/chart/"
    assert b"Not asked yet" in ma.get(url).content
    assert sent(ma, url + "reviewed/allergies/", none="yes").status_code == 303
    assert b"None known, confirmed" in ma.get(url).content
    added = {"substance": "Latex", "reaction": "Itching", "severity": "mild", "category": "environment"}
    assert sent(ma, url + "add/allergy/", **added).status_code == 303
    assert sent(ma, url + "reviewed/allergies/", none="yes").status_code == 422
    for section, fields in {
        "problem": {"text": "Asthma", "code": "J45.909"},
        "medication": {"name": "Albuterol"},
        "family": {"relation": "Mother", "condition": "Diabetes"},
        "surgery": {"procedure": "Appendectomy"},
        "social": {"topic": "tobacco", "answer": "Never"},
    }.items():
        assert ma.get(url + f"add/{section}/").status_code == 200
        assert sent(ma, url + f"add/{section}/", **fields).status_code == 303, section
    assert sent(ma, url + "add/problem/", text="Asthma", code="J45.909").status_code == 422
    assert Problem.objects.get().verification == "unconfirmed"
    struck = f"allergies/{Allergy.objects.get().public_id}/strike/"
    assert sent(ma, url + struck, reason="Said it of another person").status_code == 303
    assert ma.get(url).status_code == 200


def test_everyday_words_find_the_diagnosis(ma):
    load_code_tables(actor=an_actor())
    assert b"H10" in ma.get("/chart/find-problem/?text=pink+eye").content


def test_a_paper_of_another_patient_is_not_filed(ma):
    patient = a_patient()
    url = f"/patients/{patient.public_id}/documents/"
    assert ma.get(url).status_code == 200
    fields = {"kind": "lab", "title": "CBC", "dated": "11/02/2026", "birth_date": "02/03/1980"}

    def scan():
        return SimpleUploadedFile("scan.pdf", b"%PDF-1.4 a scanned page")

    wrong = sent(ma, url + "file/", **fields, family_name="Smith", file=scan())
    assert wrong.status_code == 422 and not Document.objects.exists()
    assert sent(ma, url + "file/", **fields, family_name="doe", file=scan()).status_code == 303
    shown = ma.get(url + f"{Document.objects.get().public_id}/")
    assert shown.content.startswith(b"%PDF") and shown["X-Content-Type-Options"] == "nosniff"


def test_vital_signs_and_growth_are_drawn(ma):
    child = a_patient("400001", birth_date=date(2022, 5, 1))
    measured = [Measured("weight", "29463-7", 17, "kg"), Measured("height", "8302-2", 104, "cm")]
    actions.record_observations(actor=an_actor(), patient=child, panel="vitals", measured=measured)
    for name in ("growth", "vitals"):
        shown = ma.get(f"/patients/{child.public_id}/{name}/").content
        assert b'class="chart' in shown and b"&lt;svg" not in shown
    adult = a_patient()
    assert b"No growth chart" in ma.get(f"/patients/{adult.public_id}/growth/").content
    assert b"Nothing measured" in ma.get(f"/patients/{adult.public_id}/vitals/").content


def test_the_gravest_allergy_is_read_first_and_many_have_a_line_of_their_own(ma):
    patient = a_patient()
    known = [("Amoxicillin", "mild"), ("Bee venom", "severe"), ("Codeine", ""), ("Dust", "moderate"), ("Egg", "severe")]
    for substance, severity in known:
        facts = actions.AllergyFacts(substance=substance, severity=severity)
        actions.add_allergy(actor=an_actor(), patient=patient, facts=facts)
    shown = ma.get(f"/patients/{patient.public_id}/chart/").content.decode()
    assert "Bee venom · Egg · Dust · Codeine · Amoxicillin" in shown
    assert "banner-many" in shown
