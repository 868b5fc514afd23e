"""A time that was called off is filled from the wait list."""

from __future__ import annotations

from datetime import date, datetime, time

from mainstay.foundation.testing import EASTERN, an_actor, tell_everyone
from mainstay.scheduling import actions as scheduling
from mainstay.scheduling.actions.waiting import Wanted
from mainstay.scheduling.models import SlotOffer
from mainstay.scheduling.tests.factories import a_week, booked
from mainstay.visits.models import Visit
from mainstay.visits.tests.factories import a_patient, a_person, a_visit_type

MONDAY = date(2026, 11, 23)


def test_a_time_called_off_is_offered_to_the_first_in_line_who_takes_it(at_a_screen, now):
    dana = a_person("dana", "provider", licence="MD")
    a_week(dana)
    appointment = booked(dana, datetime.combine(MONDAY, time(9), tzinfo=EASTERN), patient=a_patient())
    waiting = a_patient("100002", given_name="Rosa", family_name="Delgado")
    wanted = Wanted(note="Sooner")
    scheduling.join_wait_list(actor=an_actor(), patient=waiting, visit_type=a_visit_type(), wanted=wanted)
    desk = at_a_screen(a_person("lee", "administrative_ma"))
    desk.opens(f"/appointments/{appointment.public_id}/")
    cancel = desk.page.locator("form[action$='/cancel/']")
    if not cancel.locator("input[name=reason]").is_visible():
        desk.page.locator("details:has(form[action$='/cancel/']) > summary").click()
    cancel.locator("input[name=reason]").fill("Ill")
    with desk.page.expect_navigation():
        cancel.locator("button").click()
    desk.looks()
    tell_everyone()
    desk.opens("/schedule/wait-list/").reads("Rosa")
    desk.presses("They take it")
    assert "/appointments/" in desk.path
    assert SlotOffer.objects.get().entry.patient == waiting
    assert Visit.objects.get(patient=waiting).stage == "expected"
