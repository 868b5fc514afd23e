"""At the desk: a rash with fever, the wrong patient, a no-show, a walk-in, a move taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from mainstay.foundation import clock
from mainstay.foundation.testing import A_MOMENT
from mainstay.people.tests.factories import MARIA
from mainstay.people.tests.factories import a_patient as a_registered_patient
from mainstay.visits import actions
from mainstay.visits.models import CheckIn, Visit
from mainstay.visits.tests.factories import a_patient, a_person, a_room, a_visit, a_visit_type, acting_as
from tests.journeys.steps import given_the_patient_is_checked_in


@pytest.fixture
def desk(now, at_a_screen):
    a_room("4")
    return at_a_screen(a_person("maria", "clinical_ma"))


def row(desk, visit):
    return desk.page.locator(f"#visit-{visit.public_id}")


def test_a_rash_with_fever_goes_straight_to_a_room(desk):
    visit = a_visit()
    given_the_patient_is_checked_in(desk, visit, with_signs=("fever", "rash"))
    assert desk.path.endswith("/choose-room/")
    desk.reads("Straight to the room")
    desk.ticks("4").presses("Room the patient")
    assert "/rooming/" in desk.path
    desk.opens("/board/")
    visit.refresh_from_db()
    assert visit.is_airborne_risk and visit.stage == "rooming"
    assert row(desk, visit).locator(".board-signals .chip").count() >= 1


def test_one_identifier_is_not_enough_and_the_banner_says_who_is_open(desk):
    one, other = (
        a_registered_patient(replace(MARIA, birth_date=birth_date))
        for birth_date in (date(1980, 2, 3), date(1991, 7, 9))
    )
    right, wrong = a_visit(patient=one), a_visit(patient=other, starts=A_MOMENT + timedelta(hours=1))
    hues = {}
    for visit in (right, wrong):
        desk.opens(f"/visits/{visit.public_id}/check-in/")
        hues[visit] = desk.page.locator(".banner").get_attribute("class")
        assert visit.patient.birth_date.strftime("%m/%d/%Y") in desk.page.locator(".banner").inner_text()
    assert hues[right] != hues[wrong], "two patients of one name look the same"
    desk.ticks("Full name, said by the patient")
    desk.ticks("All others asked: no")
    desk.presses("Check in").reads("Check two identifiers with the patient first.")
    assert desk.page.title().startswith("Error:")
    assert not CheckIn.objects.exists()
    assert set(Visit.objects.values_list("stage", flat=True)) == {"expected"}


def test_a_no_show_is_marked_on_the_board_and_may_still_come(desk):
    visit = a_visit(starts=A_MOMENT - timedelta(minutes=40))
    desk.opens("/board/")
    row(desk, visit).locator("summary").click()
    row(desk, visit).get_by_role("button", name="No-show").click()
    desk.opens("/board/?show=all")
    row(desk, visit).get_by_text("Came after all").wait_for()
    visit.refresh_from_db()
    assert visit.stage == "no_show"


def test_a_walk_in_is_on_the_board_in_three_answers(desk):
    patient = a_patient("100009", given_name="Rosa", family_name="Delgado")
    kind = a_visit_type("acute", "acute")
    desk.opens(f"/patients/{patient.public_id}/walk-in/")
    desk.page.get_by_label("Kind of visit").select_option(kind.code)
    desk.types("Reason, in the patient's words", "Sore throat").presses("Put on the board")
    assert desk.path.endswith("/check-in/")
    desk.opens("/board/").reads("Sore throat")
    assert Visit.objects.get(patient=patient).stage in ("arrived", "expected")


def test_a_move_on_the_board_is_taken_back_within_a_minute(at_a_screen):
    """By the true clock: the browser counts the seconds itself."""
    maria = a_person("maria", "clinical_ma")
    actor = acting_as(maria, now=clock.now())
    arrived = actions.mark_arrived(actor=actor, visit=a_visit(starts=clock.now()))
    visit = actions.room_patient(actor=actor, visit=arrived, room=a_room("4"))
    desk = at_a_screen(maria).opens("/board/")
    row(desk, visit).locator(".more > summary").click()
    row(desk, visit).get_by_role("button", name="To check-out").click()
    undo = desk.page.locator("#toasts").get_by_role("button", name="Undo")
    undo.wait_for()
    visit.refresh_from_db()
    assert visit.stage == "checking_out"
    desk.looks()
    with desk.page.expect_response(lambda answer: answer.url.endswith("/undo/")):
        undo.click()
    desk.page.wait_for_load_state()
    visit.refresh_from_db()
    assert visit.stage == "rooming"
    assert visit.steps.filter(is_undo=True).count() == 1


def test_late_beyond_the_sites_rule_the_provider_decides_and_the_desk_follows(at_a_screen, now):
    dana = a_person("dana", "provider", licence="MD")
    late = a_visit(provider=dana, starts=A_MOMENT - timedelta(minutes=25))
    maria, provider = at_a_screen(a_person("maria", "clinical_ma")), at_a_screen(dana)
    maria.opens("/board/").reads("25 min late", within=f"#visit-{late.public_id}")
    maria.opens(f"/visits/{late.public_id}/check-in/").reads("25 minutes late").reads("The provider decides")
    maria.presses("Ask the provider")
    provider.opens("/board/").reads("seen now, or another time?", within=f"#visit-{late.public_id}")
    provider.follows("Came 25 min late: seen now, or another time?") if False else None
    maria.opens(f"/visits/{late.public_id}/check-in/")
    assert maria.page.get_by_role("link", name="Book another time").is_visible()
    provider.opens(f"/visits/{late.public_id}/").ticks("A shorter visit: the main reason only.").presses(
        "Tell the desk"
    )
    maria.opens(f"/visits/{late.public_id}/check-in/").reads(
        "Late, Dana decided: A shorter visit: the main reason only."
    )
    given_the_patient_is_checked_in(maria, late)
    late.refresh_from_db()
    assert late.stage == "checked_in"
