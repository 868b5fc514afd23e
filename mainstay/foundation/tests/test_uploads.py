"""More than is taken in: a file too large, and a form with too much in it."""

from __future__ import annotations

import re
import uuid

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mainstay.chart.models import Document
from mainstay.coverage.models import Policy
from mainstay.foundation import uploads
from mainstay.visits.tests.factories import a_patient, a_person, a_site

pytestmark = pytest.mark.django_db
TYPED = {
    "kind": "outside_record", "title": "Letter from the eye clinic", "dated": "3/5/2026", "family_name": "Doe",
    "birth_date": "2/3/1980",
}  # fmt: skip


@pytest.fixture
def desk(monkeypatch) -> Client:
    monkeypatch.setattr(uploads, "LARGEST_FILE", 5000)
    a_site()
    browser = Client()
    browser.force_login(a_person("lena", "front_desk", "lead_ma"))
    return browser


def sent(browser, url, **typed):
    return browser.post(url, {"idempotency_key": str(uuid.uuid4()), **typed})


def a_file(size: int) -> SimpleUploadedFile:
    return SimpleUploadedFile("letter.pdf", b"%PDF-1.7\n" + b"x" * (size - 9))


def test_a_file_that_is_too_large_is_refused_at_its_field_and_nothing_else_is_lost(desk):
    url = reverse("file-document", args=[a_patient().public_id])
    answer = sent(desk, url, **TYPED, file=a_file(3 * 1024**2))
    page = answer.content.decode()
    assert answer.status_code == 422 and "This file is too large to be taken in: 3 MB." in page
    assert not Document.objects.exists()
    for typed in (TYPED["title"], TYPED["dated"], TYPED["family_name"], TYPED["birth_date"]):
        assert f'value="{typed}"' in page
    assert re.search(r'value="outside_record"\s+(checked|selected)', page)


def test_a_photograph_that_is_too_large_is_not_left_out_in_silence(desk):
    patient = a_patient()
    typed = {"payer_name": "Blue Plan", "member_id": "XYZ123", "kind": "commercial", "rank": "1"}
    answer = sent(desk, reverse("add-policy", args=[patient.public_id]), **typed, card_front=a_file(6000))
    assert answer.status_code == 422 and "too large to be taken in" in answer.content.decode()
    assert not Policy.objects.exists()


def test_a_file_just_small_enough_arrives_whole(desk):
    browser_file = a_file(5000)
    kind = type("OneFile", (forms.Form,), {"file": forms.FileField()})
    assert kind({}, {"file": browser_file}).is_valid()
    assert not kind({}, {"file": a_file(5001)}).is_valid()


def test_more_fields_than_are_taken_in_are_answered_with_a_sentence_and_the_way_back(desk, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 50
    url = reverse("file-document", args=[a_patient().public_id])
    many = {f"line_{n}": "x" for n in range(60)}
    answer = desk.post(url, many, headers={"referer": f"http://testserver{url}"})
    page = answer.content.decode()
    assert answer.status_code == 413 and "Too much was sent at once. Nothing was saved or changed." in page
    assert f'href="{url}">Go back' in page
    assert "Too much was sent" in desk.post(url, many, headers={"hx-request": "true"}).content.decode()


def test_an_address_nobody_can_read_still_gets_its_page(desk):
    answer = desk.get("/patients/%00/")
    assert answer.status_code == 400 and "could not read" in answer.content.decode()
