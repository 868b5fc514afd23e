"""The wrong patient in the room, and steps in the wrong order: stopped with a sentence, and nothing is written."""

from __future__ import annotations

import pytest

from mainstay.chart.models import Observation
from mainstay.rooming.models import AbnormalLoop, Intake
from mainstay.visits import actions
from mainstay.visits.models import RoomUse, Signal
from mainstay.visits.tests.factories import a_person, a_room, a_visit, acting_as
from mainstay.work.models import Handoff
from tests.journeys import steps

GAVE = "Joan Roe, 3 May 1971"


@pytest.fixture
def provider():
    return a_person("dana", "provider", licence="MD")


@pytest.fixture
def visit(now, provider):
    a_room("4")
    return a_visit(provider=provider)


def given_the_patient_is_roomed(ma, visit):
    steps.given_the_patient_is_checked_in(ma, visit)
    ma.opens("/board/").follows("Room")
    ma.ticks("4").presses("Room the patient")


def test_somebody_else_in_the_room_is_caught_before_anything_is_written(at_a_screen, visit):
    ma = at_a_screen(a_person("maria", "clinical_ma"))
    given_the_patient_is_roomed(ma, visit)
    ma.ticks("Full name, said by the patient").presses("This is the patient")
    ma.reads("Check two identifiers with the patient first.")
    ma.types("Name and date of birth they gave", GAVE).presses("Stop: not this patient")
    assert ma.path == "/board/"
    ma.reads(GAVE, within=f"#visit-{visit.public_id}")
    visit.refresh_from_db()
    assert (visit.stage, visit.room) == ("checked_in", None)
    assert RoomUse.objects.get().state == "dirty"
    assert not Intake.objects.exists() and not Observation.objects.exists()


def test_the_right_patient_is_roomed_after_the_wrong_one_and_the_call_ends(at_a_screen, visit):
    maria = a_person("maria", "clinical_ma")
    ma = at_a_screen(maria)
    given_the_patient_is_roomed(ma, visit)
    ma.types("Name and date of birth they gave", GAVE).presses("Stop: not this patient")
    a_room("5")
    ma.opens("/board/").follows("Room")
    steps.and_is_identified_in_room(ma, "5")
    ma.reads("Save vital signs")
    assert not Signal.objects.filter(kind="needs_help", cleared_at=None).exists()


def test_rooming_before_check_in_says_what_comes_first(at_a_screen, visit):
    ma = at_a_screen(a_person("maria", "clinical_ma"))
    ma.opens(f"/visits/{visit.public_id}/choose-room/").ticks("4").presses("Room the patient")
    ma.reads("This patient is not here yet. Check them in first")
    ma.opens(f"/rooming/{visit.public_id}/")
    ma.ticks("Full name, said by the patient").ticks("Date of birth").presses("This is the patient")
    ma.reads("Bring the patient into a room first.")
    visit.refresh_from_db()
    assert visit.stage == "expected" and not Intake.objects.exists()


def test_closing_before_check_out_says_what_comes_first(at_a_screen, visit):
    maria = acting_as(a_person("maria", "clinical_ma"))
    actions.room_patient(actor=maria, visit=actions.mark_arrived(actor=maria, visit=visit), room=a_room("5"))
    desk = at_a_screen(a_person("lee", "administrative_ma"))
    desk.opens(f"/visits/{visit.public_id}/check-out/")
    desk.reads("This patient is being roomed. A visit is closed at check-out")
    assert desk.page.get_by_role("button", name="Close the visit").count() == 0
    visit.refresh_from_db()
    assert visit.stage == "rooming"


def test_handing_off_an_urgent_value_nobody_was_told_of_is_stopped(at_a_screen, visit, provider):
    ma = at_a_screen(a_person("maria", "clinical_ma"))
    given_the_patient_is_roomed(ma, visit)
    ma.ticks("Full name, said by the patient").ticks("Date of birth").presses("This is the patient")
    steps.pulse(ma).fill("150")
    ma.presses("Save vital signs")
    assert AbnormalLoop.objects.get(visit=visit, is_now=True).state == "open"
    steps.when_the_ma_hands_off(ma, provider)
    ma.reads("Tell the provider first")
    visit.refresh_from_db()
    assert visit.stage == "rooming" and not Handoff.objects.exists()
