"""What was typed when the session ended is kept for its owner alone, and nothing else comes of it."""

from __future__ import annotations

import pytest
from django.core.signing import TimestampSigner

from mainstay.foundation.models import Draft
from mainstay.foundation.pages.held import typing_token
from mainstay.visits.tests.factories import a_person, acting_as

pytestmark = pytest.mark.django_db
PAGE = "/schedule/?day=2026-11-23&view=resources"


@pytest.fixture
def maria():
    return a_person("maria", "clinical_ma")


def sent(maria, **more):
    return {"draft_whose": typing_token(acting_as(maria)), "draft_url": PAGE, "words": "Dizzy", **more}


def test_a_draft_of_a_session_that_is_over_is_kept_and_asks_to_sign_in(client, maria):
    here = {"HX-Request": "true", "HX-Current-URL": "http://testserver/schedule/"}
    answer = client.post("/drafts/", sent(maria, draft_key="reason:1"), headers=here)
    assert answer.status_code == 204 and answer["HX-Redirect"].startswith("/sign-in/")
    draft = Draft.objects.get()
    assert (draft.staff_id, draft.key, draft.typed) == (maria.pk, "reason:1", {"words": ["Dizzy"]})


def test_a_form_of_a_session_that_is_over_comes_back_to_its_page(client, maria):
    answer = client.post("/patients/register/", sent(maria, draft_spare="form:/patients/register/"))
    assert answer["Location"] == "/sign-in/?next=/schedule/%3Fday%3D2026-11-23%26view%3Dresources"
    assert Draft.objects.get().key == "form:/patients/register/"


@pytest.mark.parametrize(
    "more",
    [
        {"draft_whose": "1:forged:forged"},
        {"draft_whose": TimestampSigner(salt="another").sign("1")},
        {"draft_whose": ""},
        {"password": "nine blue herons"},
        {"words": "x" * 70_000},
    ],
)
def test_nothing_is_kept_for_a_token_that_is_none_nor_a_secret_nor_too_much(client, maria, more):
    client.post("/drafts/", sent(maria, draft_key="reason:1", **more))
    assert not Draft.objects.exists()


def test_a_page_left_open_overnight_and_somebody_who_left_keep_nothing(client, maria, monkeypatch):
    typed = sent(maria, draft_key="reason:1")
    maria.is_active = False
    maria.save()
    client.post("/drafts/", typed)
    maria.is_active = True
    maria.save()
    monkeypatch.setattr("mainstay.foundation.pages.held.HOLDS_HOURS", -1)
    client.post("/drafts/", typed)
    assert not Draft.objects.exists()


@pytest.mark.parametrize("url", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_a_form_never_leads_elsewhere_after_signing_in(client, maria, url):
    answer = client.post("/patients/register/", sent(maria, draft_spare="form:/x/", draft_url=url))
    assert answer["Location"] == "/sign-in/"
