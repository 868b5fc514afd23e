"""A session ends in the middle of the vital signs; two people save one form."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session

from mainstay.chart.models import Observation
from mainstay.rooming import actions as rooming_actions
from mainstay.rooming.models import Intake
from mainstay.visits import actions
from mainstay.visits.tests.factories import a_person, a_room, a_visit, acting_as
from tests.journeys.steps import pressure, pulse

SECRET = "nine blue herons"


@pytest.fixture
def maria():
    staff = a_person("maria", "clinical_ma")
    staff.set_password(SECRET)
    staff.save()
    return staff


@pytest.fixture
def visit(now, maria):
    actor = acting_as(maria, now=now())
    arrived = actions.mark_arrived(actor=actor, visit=a_visit(provider=a_person("dana", "provider")))
    visit = actions.room_patient(actor=actor, visit=arrived, room=a_room("4"))
    rooming_actions.identify_patient(actor=actor, visit=visit, identifiers=("name", "birth_date"))
    return visit


def when_the_session_ends():
    Session.objects.all().delete()


def test_a_session_that_ends_in_the_middle_of_the_vital_signs_loses_nothing(at_a_screen, maria, visit):
    ma = at_a_screen(maria).opens(f"/rooming/{visit.public_id}/")
    pressure(ma).fill("128/82")
    pulse(ma).fill("74")
    ma.page.wait_for_selector("#vitals [data-draft-state][data-state=saved]", timeout=5000)
    when_the_session_ends()
    ma.page.locator("#id_temperature").press_sequentially("98.6")
    ma.page.wait_for_url("**/sign-in/**")
    ma.looks()
    ma.page.locator("input[name=username]").fill("maria")
    ma.page.locator("input[name=password]").fill(SECRET)
    ma.presses("Sign in", within="body")
    assert ma.path == f"/rooming/{visit.public_id}/"
    assert pressure(ma).input_value() == "128/82"
    assert pulse(ma).input_value() == "74"
    ma.presses("Save vital signs")
    assert Observation.objects.get(key="heart_rate").value == 74


def test_the_second_of_two_who_save_one_form_is_told_and_keeps_the_typing(at_a_screen, maria, visit):
    first = at_a_screen(maria).opens(f"/rooming/{visit.public_id}/")
    second = at_a_screen(a_person("lee", "clinical_ma")).opens(f"/rooming/{visit.public_id}/")
    first.types("Reason, in the patient's own words", "Headache since Tuesday").presses("Save reason")
    second.types("Reason, in the patient's own words", "Dizzy when standing up").presses("Save reason")
    second.reads("Somebody else has saved this page")
    assert second.page.get_by_label("Reason, in the patient's own words").input_value() == "Dizzy when standing up"
    assert Intake.objects.get().reason_words == "Headache since Tuesday"
