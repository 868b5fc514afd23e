"""On the telephone: what was said stops every booking until a clinician has answered, and the answer comes back."""

from __future__ import annotations

from datetime import date

import pytest

from mainstay.messages.models import Call
from mainstay.scheduling.models import Appointment
from mainstay.scheduling.tests.factories import a_week
from mainstay.visits.tests.factories import a_patient, a_person, a_visit_type
from mainstay.work.models import WorkItem
from tests.journeys.steps import given_a_caller, then_the_stop_is_in_sight, when_a_time_is_asked_for

SAID = "Tight chest since breakfast, it goes into my arm"
DECIDED = "Seen by video just now, ECG wanted. Book Monday morning."


@pytest.fixture
def patient(now):
    a_week(a_person("dana", "provider", licence="MD"))
    a_visit_type()
    return a_patient(birth_date=date(1971, 4, 12))


def when_the_call_goes_to_the_nurse(desk, nurse):
    desk.page.goto(f"{desk.page.url.split('?')[0]}?step=end")
    desk.chooses("Where it goes", "A clinician took the call")
    desk.page.get_by_label("Clinician who took it").select_option(str(nurse.public_id))
    desk.ticks("I read the safety net aloud")
    desk.presses("Close the call")
    for reason in desk.page.locator("[name^='reason:']").all():
        reason.fill("The nurse took over")
    desk.presses("Close the call").reads("Call record")


def then_no_door_to_a_booking_is_open(desk, patient):
    for reason in (SAID, "Annual physical"):
        when_a_time_is_asked_for(desk, patient, reason)
        desk.reads("Do not book")
        assert desk.page.locator("input[name=slot]").count() == 0
    assert desk.page.get_by_role("button", name="Look for a time all the same").is_disabled()
    desk.opens(f"/schedule/wait-list/join/{patient.public_id}/")
    desk.page.get_by_label("Kind of visit").select_option("follow-up")
    desk.page.locator("[name=note]").fill("Blood pressure check")
    desk.presses("Put on the list").reads("a clinician has not answered yet")
    assert not Appointment.objects.exists()


def when_the_nurse_answers(nurse, verdict):
    nurse.opens("/work/").follows(f"Symptom: {SAID}")
    nurse.follows("Open where it is done").reads("Nothing is booked for this patient")
    nurse.types("Decided", DECIDED)
    nurse.types("Words for the patient, exactly as they are read out", "The doctor wants to see you Monday at nine.")
    nurse.chooses("May the desk book this now?", verdict)
    nurse.presses("Sign and send").reads(DECIDED)


def then_the_desk_books_what_was_decided(desk, patient):
    desk.opens("/work/").reads("Book as decided")
    item = WorkItem.objects.get(kind="book_as_decided")
    desk.opens(item.url).reads(DECIDED)
    desk.follows("Book as decided")
    desk.page.get_by_label("Kind of visit").select_option("follow-up")
    desk.presses("Show times").reads("Times that suit")
    desk.presses("Book")
    booked = Appointment.objects.get()
    assert (booked.patient, booked.reason) == (patient, SAID)
    assert booked.red_flag_band in ("R0", "R1") and DECIDED in booked.red_flag_override
    item.refresh_from_db()
    assert item.state == "done"


def test_chest_pain_on_the_call_stops_every_booking_until_the_nurses_answer_comes_back(at_a_screen, patient):
    nora = a_person("nora", "nurse")
    desk, nurse = at_a_screen(a_person("lee", "administrative_ma")), at_a_screen(nora)
    given_a_caller(desk, patient, SAID, about="Symptom")
    then_the_stop_is_in_sight(desk)
    assert desk.page.get_by_role("link", name="Book a visit").count() == 0
    then_no_door_to_a_booking_is_open(desk, patient)
    desk.opens(f"/calls/{Call.objects.get().public_id}/")
    when_the_call_goes_to_the_nurse(desk, nora)
    then_no_door_to_a_booking_is_open(desk, patient)
    when_the_nurse_answers(nurse, "Yes: book as decided above")
    then_the_desk_books_what_was_decided(desk, patient)


def test_what_the_nurse_refuses_stays_refused_and_another_matter_is_free_again(at_a_screen, patient):
    nora = a_person("nora", "nurse")
    desk, nurse = at_a_screen(a_person("lee", "administrative_ma")), at_a_screen(nora)
    when_a_time_is_asked_for(desk, patient, SAID)
    desk.reads("Do not book")
    when_the_nurse_answers(nurse, "No: it is dealt with in another way")
    when_a_time_is_asked_for(desk, patient, "Annual physical")
    desk.reads("Times that suit")
    when_a_time_is_asked_for(desk, patient, SAID)
    desk.reads("Do not book").reads(f"Nora: {DECIDED}")
    assert not WorkItem.objects.filter(kind="book_as_decided").exists()
