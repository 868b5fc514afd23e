"""One patient, one walk: from the ringing telephone to the printed summary, by the hands of three people."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from mainstay.foundation.models import Draft
from mainstay.foundation.testing import A_MOMENT, tell_everyone
from mainstay.messages.models import Call
from mainstay.scheduling.models import Appointment
from mainstay.scheduling.tests.factories import a_week
from mainstay.visits.models import Visit
from mainstay.visits.tests.factories import a_patient, a_person, a_room, a_visit_type
from mainstay.work.models import WorkItem
from tests.journeys import steps

SAID = "My head feels heavy in the evening, for two weeks"


@pytest.fixture
def provider(now):
    dana = a_person("dana", "provider", licence="MD")
    a_week(dana)
    a_room("4")
    a_visit_type()
    return dana


@pytest.fixture
def patient():
    return a_patient(birth_date=date(1984, 6, 2))


def when_the_call_is_booked_for_today(desk, patient):
    steps.given_a_caller(desk, patient, SAID, about="Appointment")
    desk.follows("Book a visit")
    assert desk.page.locator("[name=reason]").input_value() == SAID
    desk.page.get_by_label("Kind of visit").select_option("follow-up")
    desk.presses("Show times").reads("Times that suit")
    desk.presses("Book")
    booked = Appointment.objects.get()
    assert (booked.patient, booked.reason, booked.booked_how) == (patient, SAID, "phone")
    assert booked.during.lower - A_MOMENT < timedelta(hours=2), "the first time that suits is today"
    return Visit.objects.get(appointment=booked)


def and_the_call_is_closed(desk):
    desk.follows("Back")
    desk.chooses("Where it goes", "A visit was booked")
    desk.presses("Close the call").reads("Call record")
    assert Call.objects.get().action == "booked" and Call.objects.get().ended_at


def then_nothing_is_left_of_the_day(visit):
    visit.refresh_from_db()
    assert visit.stage == "closed"
    assert not Draft.objects.exists(), "what was saved is offered again as a draft"
    assert not WorkItem.objects.filter(state__in=("open", "taken"), patient=visit.patient).exists()


def test_from_the_call_to_the_printed_summary(at_a_screen, provider, patient):
    lee = at_a_screen(a_person("lee", "administrative_ma"))
    maria, dana = at_a_screen(a_person("maria", "clinical_ma")), at_a_screen(provider)
    visit = when_the_call_is_booked_for_today(lee, patient)
    and_the_call_is_closed(lee)
    steps.given_the_patient_is_checked_in(lee, visit)
    maria.opens("/board/").reads(SAID).follows("Room")
    steps.and_is_identified_in_room(maria, "4")
    steps.and_measures(maria, "168/102")
    steps.then_an_abnormal_value_waits_to_be_told(maria, visit)
    steps.when_the_provider_is_told(maria, provider)
    steps.and_the_provider_answers(dana, visit)
    steps.when_it_is_measured_again(maria, visit)
    steps.then_the_loop_is_closed_by_the_second_value(visit)
    steps.when_the_ma_hands_off(maria, provider)
    steps.then_the_board_says_ready(maria, visit)
    steps.when_the_provider_reads_back_goes_in_and_signs(dana, visit)
    steps.then_the_note_is_signed(visit)
    steps.and_asks_for_a_follow_up(dana)
    steps.when_the_desk_checks_out(lee, dana, visit)
    steps.then_it_cannot_be_closed_with_a_loose_end(lee, visit)
    steps.when_the_loose_end_is_settled_and_the_summary_printed(lee, visit)
    steps.then_the_visit_closes_and_the_room_waits_to_be_cleaned(lee, visit)
    tell_everyone()
    then_nothing_is_left_of_the_day(visit)
