"""What people do in more than one journey."""

from __future__ import annotations

from mainstay.chart.models import Observation
from mainstay.rooming.models import AbnormalLoop, ProviderNote
from mainstay.visits.models import RoomUse
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


def breaths(somebody: Somebody):
    return somebody.page.locator("#id_respiratory_rate")


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


def when_the_ma_asks_why_they_came(ma):
    ma.types("Reason, in the patient's own words", "Headache since Tuesday").presses("Save reason")


def then_an_abnormal_value_waits_to_be_told(ma, visit):
    ma.reads("Abnormal values")
    assert AbnormalLoop.objects.get(visit=visit).state == "open"


def when_the_provider_is_told(ma, provider):
    ma.page.locator("#loops").get_by_label("Told", exact=True).select_option(str(provider.public_id))
    ma.presses("Told", within="#loops")


def and_the_provider_answers(provider, visit):
    provider.opens(f"/provider/{visit.public_id}/")
    provider.types("Your answer", "Sit five minutes, take it again.")
    provider.page.get_by_label("Check again in").first.fill("5")
    provider.presses("Answer")


def when_it_is_measured_again(ma, visit):
    ma.opens(f"/rooming/{visit.public_id}/").reads("Sit five minutes")
    and_measures(ma, "134/84")
    ma.presses("Close", within="#loops")


def then_the_loop_is_closed_by_the_second_value(visit):
    loop = AbnormalLoop.objects.get(visit=visit)
    assert loop.state == "closed" and loop.recheck is not None
    assert loop.recheck.value in (134, 84)
    assert Observation.objects.filter(visit_ref=visit.public_id, key="systolic").count() == 2


def when_the_ma_hands_off(ma, provider):
    hand_off = ma.page.locator("#hand-off")
    hand_off.get_by_label("To", exact=True).select_option(str(provider.public_id))
    ma.types("Situation", "Headache since Tuesday, pressure 134/84 at the second try", within="#hand-off")
    ma.presses("Hand off")


def then_the_board_says_ready(ma, visit):
    ma.opens("/board/")
    visit.refresh_from_db()
    assert visit.stage == "ready"
    assert "Provider goes in" in ma.page.locator(f"#visit-{visit.public_id}").inner_text()


def when_the_provider_reads_back_goes_in_and_signs(provider, visit):
    provider.opens(f"/provider/{visit.public_id}/").reads("Headache since Tuesday, pressure 134/84")
    provider.page.get_by_label("Read back").fill("Second value 134 over 84")
    provider.presses("I have it")
    provider.opens("/board/")
    moved_on(provider, f"#visit-{visit.public_id}", "Provider goes in")
    provider.opens(f"/provider/{visit.public_id}/")
    note = provider.page.locator("#note textarea")
    note.nth(0).fill("Tension headache. Pressure settled.")
    note.nth(1).fill("Drink water. Write down your pressure every morning.")
    provider.presses("Sign")


def and_asks_for_a_follow_up(provider):
    provider.page.get_by_label("What", exact=True).select_option("follow_up")
    provider.types("In a few words", "Pressure check in two weeks")
    provider.presses("Add")


def then_the_note_is_signed(visit):
    note = ProviderNote.objects.get(visit=visit)
    assert (note.state, note.author.username) == ("signed", "dana")


def moved_on(somebody, row, step):
    with somebody.page.expect_response(lambda answer: "/step/" in answer.url) as moved:
        somebody.page.locator(row).get_by_role("button", name=step).click()
    assert moved.value.status == 200, moved.value.text()


def when_the_desk_checks_out(desk, provider, visit):
    provider.opens("/board/")
    row = f"#visit-{visit.public_id}"
    moved_on(provider, row, "Provider done")
    desk.opens("/board/")
    moved_on(desk, row, "To check-out")
    desk.opens(f"/visits/{visit.public_id}/check-out/")


def then_it_cannot_be_closed_with_a_loose_end(desk, visit):
    desk.presses("Close the visit").reads("Pressure check in two weeks")
    visit.refresh_from_db()
    assert visit.stage == "checking_out"


def when_the_loose_end_is_settled_and_the_summary_printed(desk, visit):
    desk.opens(f"/visits/{visit.public_id}/check-out/")
    desk.page.get_by_label("What became of it").select_option("done")
    desk.presses("Settle")
    desk.presses("Make the summary")
    summary = visit.summaries.get()
    printed = desk.page.request.get(f"{desk.base}/visits/{visit.public_id}/summary/{summary.public_id}.pdf")
    assert printed.status == 200 and printed.body().startswith(b"%PDF")


def then_the_visit_closes_and_the_room_waits_to_be_cleaned(desk, visit):
    desk.opens(f"/visits/{visit.public_id}/check-out/")
    desk.presses("Close the visit")
    visit.refresh_from_db()
    assert visit.stage == "closed"
    assert RoomUse.objects.get().state == "dirty"
    assert desk.path == "/board/"
