"""The one search of the frame: patients first, then today's visits, work and pages, each only for who may open it."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse

from mainstay.config.searching import _every_page
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.people.actions import register_patient
from mainstay.people.demographics import Demographics
from mainstay.visits.tests.factories import a_person, a_site, a_visit
from mainstay.work.actions import owe

pytestmark = pytest.mark.django_db


@pytest.fixture
def maria(client, monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    client.force_login(a_person("maria", "clinical_ma"))
    return client


def bar(client, typed):
    return client.get(reverse("search"), {"q": typed}, headers={"HX-Request": "true"}).content.decode()


def test_one_name_finds_the_patient_the_visit_and_the_work_in_this_order(maria, django_assert_max_num_queries):
    facts = Demographics(given_name="Rosa", family_name="Delgado", birth_date=date(1984, 3, 5), sex="female")
    visit = a_visit(patient=register_patient(actor=an_actor(), demographics=facts))
    name = "delg"
    owe(actor=an_actor(), kind="test", title="Call back", band="R3", patient=visit.patient, site=a_site())
    bar(maria, name)
    with django_assert_max_num_queries(14):
        shown = bar(maria, name)
    assert re.findall(r"<h3>([^<]+)", shown) == ["Patients", "Today&#x27;s visits", "Work"]
    assert reverse("visit", args=[visit.public_id]) in shown and "Call back" in shown


def test_pages_are_found_by_other_words_and_only_by_who_may_open_them(maria, client):
    assert reverse("my-account") in bar(maria, "passw")
    assert reverse("backups") not in bar(maria, "backups")
    client.force_login(a_person("admin", "administrator", "manager"))
    assert reverse("backups") in bar(client, "backups") and reverse("sites") in bar(client, "closed days")


def test_a_page_alone_opens_on_enter_and_several_are_listed(maria):
    assert maria.get(reverse("search"), {"q": "huddle"})["Location"] == reverse("huddle")
    assert "Stock recalls" in maria.get(reverse("search"), {"q": "recall"}).content.decode()


def test_every_page_of_the_search_exists():
    for label, _more, name, _permission in _every_page():
        if name not in ("money", "insights"):
            assert reverse(name), label


def test_visits_of_another_site_are_not_found(maria, client):
    visit = a_visit()
    away = a_person("keisha", "clinical_ma", home_site=a_site("Southside"))
    assert str(visit.public_id) in bar(maria, "doe")
    client.force_login(away)
    assert str(visit.public_id) not in bar(client, "doe")


def test_the_rail_says_that_settings_are_behind_admin(client):
    client.force_login(a_person("admin", "administrator", "manager"))
    shown = client.get(reverse("sites")).content.decode()
    assert re.search(r'<a[^>]*href="/admin/"[^>]*aria-current', shown)
