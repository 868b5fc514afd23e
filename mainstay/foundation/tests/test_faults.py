"""What somebody gets when something broke."""

import re

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory

from mainstay.foundation.pages.faults import server_fault
from mainstay.visits.tests.factories import a_patient, a_person

OURS = {"HTTP_ORIGIN": "http://testserver", "HTTP_HOST": "testserver"}


def fault(request, error):
    try:
        raise error
    except type(error):
        return server_fault(request)


def a_form(**sent):
    return RequestFactory().post("/board/", sent or {"words": "<b>pain", "idempotency_key": "1"}, **OURS)


def test_while_the_database_is_away_a_form_comes_back_to_be_sent_again():
    answer = fault(a_form(), OperationalError("gone"))
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert 'name="words" value="&lt;b&gt;pain"' in page and 'name="idempotency_key" value="1"' in page
    assert 'action="/board/"' in page and "Nothing was saved" in page


def test_a_form_of_another_site_a_password_or_a_file_is_not_written_into_the_page():
    foreign = RequestFactory().post("/board/", {"words": "pain"}, HTTP_ORIGIN="https://evil.example")
    for request in (foreign, a_form(words="pain", password="quiet harbour")):
        page = fault(request, OperationalError("gone")).content.decode()
        assert "pain" not in page and "quiet harbour" not in page and "<form" not in page


def test_a_broken_body_is_answered_all_the_same():
    kind = "multipart/form-data; boundary=x"
    request = RequestFactory().generic("POST", "/board/", b"--x\r\nContent-Disposition: form-", kind, **OURS)
    assert fault(request, OperationalError("gone")).status_code == 503


def test_htmx_gets_a_sentence_and_keeps_its_form():
    request = RequestFactory().post("/board/", {"words": "pain"}, HTTP_HX_REQUEST="true", **OURS)
    page = fault(request, OperationalError("gone")).content.decode()
    assert "Nothing was saved; try again in a moment" in page and "<html" not in page


def test_any_other_fault_has_a_reference_and_no_detail(caplog):
    answer = fault(RequestFactory().get("/board/", **OURS), ValueError("Jo Doe"))
    page = answer.content.decode()
    reference = re.search(r'"reference">(\w+)<', page)[1]
    assert answer.status_code == 500 and "Jo Doe" not in page
    assert reference in caplog.text and "Jo Doe" not in caplog.text


@pytest.mark.django_db
def test_a_form_from_before_another_sign_in_comes_back_whole():
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(a_person("maria", "clinical_ma"))
    url = f"/patients/{a_patient().public_id}/walk-in/"
    answer = browser.post(url, {"reason": "Cough"}, **OURS)
    page = answer.content.decode()
    assert answer.status_code == 403 and "This page is too old" in page and "signed in as Maria" in page
    assert 'name="reason" value="Cough"' in page
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)[1]
    again = browser.post(url, {"reason": "Cough", "csrfmiddlewaretoken": token}, **OURS)
    assert again.status_code != 403
