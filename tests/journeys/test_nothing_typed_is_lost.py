"""A session ends in the middle of the vital signs; two people save one form."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session

from mainstay.chart.models import Observation
from mainstay.foundation.models import Draft
from mainstay.rooming import actions as rooming_actions
from mainstay.rooming.models import Intake
from mainstay.scheduling.models import Recall
from mainstay.visits import actions
from mainstay.visits.tests.factories import a_patient, a_person, a_room, a_visit, a_visit_type, acting_as
from tests.journeys.steps import breaths, pressure, pulse

SECRET = "nine blue herons"
WORDS = "Dizzy since Tuesday, worse when standing up"


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


def and_signs_in_again(somebody):
    somebody.looks()
    somebody.page.locator("input[name=username]").fill("maria")
    somebody.page.locator("input[name=password]").fill(SECRET)
    somebody.presses("Sign in", within="body")


def test_a_session_that_ends_in_the_middle_of_the_vital_signs_loses_nothing(at_a_screen, maria, visit):
    ma = at_a_screen(maria).opens(f"/rooming/{visit.public_id}/")
    pressure(ma).fill("128/82")
    pulse(ma).fill("74")
    ma.page.wait_for_selector("#vitals [data-draft-state][data-state=saved]")
    when_the_session_ends()
    breaths(ma).press_sequentially("16")
    ma.page.wait_for_url("**/sign-in/**")
    and_signs_in_again(ma)
    assert ma.path == f"/rooming/{visit.public_id}/"
    assert pressure(ma).input_value() == "128/82"
    assert pulse(ma).input_value() == "74"
    assert breaths(ma).input_value() == "16", "typed after the session was over"
    ma.presses("Save vital signs")
    assert Observation.objects.get(key="heart_rate").value == 74
    assert Observation.objects.filter(key="respiratory_rate").exists()
    assert not Draft.objects.exists()


def test_what_is_too_long_to_be_kept_as_it_is_typed_is_said_to_be_and_kept_again_once_it_is_not(
    at_a_screen, maria, visit
):
    ma = at_a_screen(maria).opens(f"/rooming/{visit.public_id}/")
    words = ma.page.get_by_label("Reason, in the patient's own words")
    words.fill("pain " * 13_000)
    ma.reads("Too long to be kept as you type: save it, or shorten it")
    assert not Draft.objects.exists()
    words.fill(WORDS)
    ma.page.wait_for_selector("[data-draft-state][data-state=saved]")
    assert WORDS in str(Draft.objects.get().typed)


def test_what_is_sent_in_the_second_the_session_ends_comes_back_with_the_form(at_a_screen, maria, visit):
    """The whole form is typed and sent before a draft of it was ever kept."""
    ma = at_a_screen(maria).opens(f"/rooming/{visit.public_id}/")
    when_the_session_ends()
    ma.types("Reason, in the patient's own words", WORDS)
    ma.page.get_by_role("button", name="Save reason").click()
    ma.page.wait_for_url("**/sign-in/**")
    assert not Intake.objects.get().reason_words
    and_signs_in_again(ma)
    assert ma.path == f"/rooming/{visit.public_id}/"
    assert ma.page.get_by_label("Reason, in the patient's own words").input_value() == WORDS
    ma.presses("Save reason")
    assert Intake.objects.get().reason_words == WORDS
    assert not Draft.objects.exists()


def test_a_form_that_is_no_draft_comes_back_too(at_a_screen, maria, now):
    patient, kind = a_patient("100009", given_name="Rosa", family_name="Delgado"), a_visit_type("acute", "acute")
    desk = at_a_screen(maria).opens(f"/schedule/recalls/add/{patient.public_id}/")
    desk.page.locator("[name=reason]").fill(WORDS)
    desk.page.locator("[name=due_on]").fill("+6m")
    desk.page.locator("[name=visit_type]").select_option(kind.code)
    when_the_session_ends()
    desk.page.locator("main form").get_by_role("button").last.click()
    desk.page.wait_for_url("**/sign-in/**")
    and_signs_in_again(desk)
    assert desk.path == f"/schedule/recalls/add/{patient.public_id}/"
    assert desk.page.locator("[name=reason]").input_value() == WORDS
    assert desk.page.locator("[name=visit_type]").input_value() == kind.code
    with desk.page.expect_navigation():
        desk.page.locator("main form").get_by_role("button").last.click()
    assert Recall.objects.get().reason == WORDS
    assert not Draft.objects.exists()


def test_the_second_of_two_who_save_one_form_is_told_and_keeps_the_typing(at_a_screen, maria, visit):
    first = at_a_screen(maria).opens(f"/rooming/{visit.public_id}/")
    second = at_a_screen(a_person("lee", "clinical_ma")).opens(f"/rooming/{visit.public_id}/")
    first.types("Reason, in the patient's own words", "Headache since Tuesday").presses("Save reason")
    second.types("Reason, in the patient's own words", "Dizzy when standing up").presses("Save reason")
    second.reads("Somebody else has saved this page")
    assert second.page.get_by_label("Reason, in the patient's own words").input_value() == "Dizzy when standing up"
    assert Intake.objects.get().reason_words == "Headache since Tuesday"
    second.reads("Maria saved this at").reads("Headache since Tuesday")
    second.presses("Save reason")
    assert Intake.objects.get().reason_words == "Dizzy when standing up"
