"""A booked patient, from the door to the closed visit, by the hands of three people."""

from __future__ import annotations

import pytest

from mainstay.foundation.models import Draft
from mainstay.foundation.testing import tell_everyone
from mainstay.visits.tests.factories import a_person, a_room, a_visit
from tests.journeys import steps


@pytest.fixture
def provider():
    return a_person("dana", "provider", licence="MD")


@pytest.fixture
def visit(now, provider):
    a_room("4")
    return a_visit(provider=provider)


def test_a_booked_patient_from_the_door_to_the_closed_visit(at_a_screen, visit, provider):
    maria = at_a_screen(a_person("maria", "clinical_ma"))
    dana = at_a_screen(provider)
    lee = at_a_screen(a_person("lee", "administrative_ma"))
    steps.given_the_patient_is_checked_in(lee, visit)
    maria.opens("/board/").follows("Room")
    steps.and_is_identified_in_room(maria, "4")
    steps.when_the_ma_asks_why_they_came(maria)
    steps.and_measures(maria, "168/102")
    steps.then_an_abnormal_value_waits_to_be_told(maria, visit)
    steps.when_the_provider_is_told(maria, provider)
    steps.and_the_provider_answers(dana, visit)
    steps.when_it_is_measured_again(maria, visit)
    steps.then_the_loop_is_closed_by_the_second_value(visit)
    steps.when_the_ma_hands_off(maria, provider)
    steps.then_the_board_says_ready(maria, visit)
    steps.when_the_provider_reads_back_goes_in_and_signs(dana, visit)
    steps.and_asks_for_a_follow_up(dana)
    steps.then_the_note_is_signed(visit)
    steps.when_the_desk_checks_out(lee, dana, visit)
    steps.then_it_cannot_be_closed_with_a_loose_end(lee, visit)
    steps.when_the_loose_end_is_settled_and_the_summary_printed(lee, visit)
    steps.then_the_visit_closes_and_the_room_waits_to_be_cleaned(lee, visit)
    assert tell_everyone() > 0
    assert not Draft.objects.exists(), "what was saved is offered again as a draft"
