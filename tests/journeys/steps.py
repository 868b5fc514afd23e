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
