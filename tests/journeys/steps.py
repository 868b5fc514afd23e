"""What people do in more than one journey."""

from __future__ import annotations

from tests.journeys.conftest import Somebody

ARRIVAL = {
    "fever": "Have you had a fever or chills in the last 3 days?",
    "rash": "Do you have a new rash or blisters?",
    "cough": "Do you have a new cough, sore throat or runny nose?",
}


def given_the_patient_is_checked_in(desk: Somebody, visit, *, with_signs: tuple[str, ...] = ()) -> None:
    desk.opens("/board/").reads(visit.patient.called_name)
    desk.follows("Check in")
    desk.ticks("Full name, said by the patient").ticks("Date of birth")
    for sign, question in ARRIVAL.items():
        desk.chooses(question, "Yes" if sign in with_signs else "No")
    desk.presses("Check in")


def and_is_identified_in_room(ma: Somebody, room: str) -> None:
    ma.ticks(room).presses("Room the patient")
    ma.ticks("Full name, said by the patient").ticks("Date of birth").presses("This is the patient")


def pressure(somebody: Somebody):
    return somebody.page.locator("#id_blood_pressure")


def pulse(somebody: Somebody):
    return somebody.page.locator("#id_heart_rate")


def and_measures(ma: Somebody, typed: str) -> None:
    pressure(ma).fill(typed)
    ma.presses("Save vital signs")


def given_a_caller(desk: Somebody, patient, said: str, *, about: str) -> None:
    """A call from the first question to why they call, about a patient found by number and checked by two signs."""
    desk.opens("/calls/new/").presses("No")
    desk.page.locator("[name=number]").fill("585 555 0134")
    desk.page.locator("[name=location]").fill("12 Elm Street, Rochester")
    desk.presses("Save")
    desk.page.locator("#find-patient").fill(patient.mrn)
    desk.presses("Find")
    desk.ticks("Full name").ticks("Date of birth").presses("It is about this person")
    desk.page.locator("[name=words]").fill(said)
    desk.page.locator("[name=category]").select_option(label=about)
    desk.presses("Save")


def when_a_time_is_asked_for(desk: Somebody, patient, reason: str) -> None:
    desk.opens(f"/schedule/find/?patient={patient.public_id}")
    desk.page.get_by_label("Kind of visit").select_option("follow-up")
    desk.page.locator("[name=reason]").fill(reason)
    desk.presses("Show times")


def then_the_stop_is_in_sight(desk: Somebody) -> None:
    """On a small screen the whole stop is seen without scrolling."""
    desk.page.set_viewport_size({"width": 1024, "height": 768})
    desk.page.evaluate("scrollTo(0, 0)")
    box = desk.page.locator(".call-flag").bounding_box()
    assert box is not None and box["y"] + box["height"] <= 768, box
    desk.page.set_viewport_size({"width": 1440, "height": 900})
