"""A red flag waits for a clinician: nothing is booked until the answer, and what the answer lets be booked."""

from datetime import date, timedelta

import pytest

from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.findings import Confirmations
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.messages import actions as messages
from mainstay.messages.actions import CallerSaid, Ending
from mainstay.messages.models import Booking, Thread
from mainstay.scheduling import actions
from mainstay.scheduling.actions import Slot
from mainstay.scheduling.actions.desk import Asked, book_found_time, stop_for_red_flag
from mainstay.scheduling.actions.waiting import Wanted
from mainstay.scheduling.errors import AnswerAwaited, RedFlag
from mainstay.scheduling.models import Appointment
from mainstay.scheduling.tests.factories import a_patient, a_provider, a_site, a_visit_type, a_week, booked, local
from mainstay.work.models import WorkItem

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
SYSTEM = an_actor()
RED = "crushing chest pain and sweating"
PLAIN = "yearly physical"


@pytest.fixture
def nora():
    nurse = a_provider("nora", "nurse")
    may = ("messages.answer_clinically", "messages.take_calls", "scheduling.book", "scheduling.override_red_flag")
    return an_actor(staff_id=nurse.pk, permissions=may)


@pytest.fixture
def doc():
    doc = a_provider()
    a_week(doc)
    return doc


def book(doc, patient, reason, *, hour=9, actor=SYSTEM, **asked):
    slot = Slot(site=a_site(), provider=doc, starts=local(MONDAY, hour), minutes=20)
    asked = Asked(reason=reason, **asked)
    return book_found_time(actor=actor, patient=patient, visit_type=a_visit_type(), slot=slot, asked=asked)


def answered(nora, patient, booking=Booking.MAY, decided="Seen by video, may wait until Monday"):
    thread = Thread.objects.get(patient=patient, disposition="")
    messages.answer_thread(
        actor=nora, thread=thread, text="Come Monday.", disposition=decided, relay="not_needed", booking=booking
    )
    return thread


def test_until_a_clinician_has_answered_no_door_books_anything(doc, nora):
    patient = a_patient()
    had = booked(doc, local(MONDAY, 14), patient=patient)
    stop_for_red_flag(actor=SYSTEM, patient=patient, reason=RED)
    slot = Slot(site=a_site(), provider=doc, starts=local(MONDAY, 10), minutes=20)
    common = {"actor": SYSTEM, "patient": patient, "visit_type": a_visit_type()}
    doors = (
        lambda: book(doc, patient, PLAIN),
        lambda: book(doc, patient, PLAIN, over_book_reason="squeeze in"),
        lambda: book(doc, patient, PLAIN, times=3),
        lambda: actions.book_appointment(slot=slot, reason=PLAIN, **common),
        lambda: actions.join_wait_list(wanted=Wanted(note=PLAIN), **common),
        lambda: actions.move_appointment(actor=SYSTEM, appointment=had, slot=slot, reason="sooner"),
    )
    for door in doors:
        with pytest.raises(AnswerAwaited, match="has not answered yet"):
            door()
    assert [one.pk for one in Appointment.objects.filter(state="booked")] == [had.pk]
    answered(nora, patient)
    assert book(doc, patient, PLAIN).red_flag_band == ""


def test_a_clinician_may_book_all_the_same_with_the_reason(doc, nora):
    patient = a_patient()
    stop_for_red_flag(actor=SYSTEM, patient=patient, reason=RED)
    made = book(doc, patient, PLAIN, actor=nora, red_flag_override="I spoke with her")
    assert (made.red_flag_band, made.red_flag_override) == ("R0", "I spoke with her")


def test_leave_is_for_the_same_words_and_the_desk_is_owed_the_booking(doc, nora):
    patient = a_patient()
    stop_for_red_flag(actor=SYSTEM, patient=patient, reason=RED)
    thread = answered(nora, patient)
    item = WorkItem.objects.get(kind="book_as_decided")
    assert (item.pool, item.state, item.is_clinical) == ("front_desk", "open", False)
    with pytest.raises(RedFlag):
        book(doc, patient, "face drooping on one side")
    made = book(doc, patient, f"  {RED.upper()} ", conversation=thread)
    assert made.red_flag_override == "Dr. Nora: Seen by video, may wait until Monday"
    item.refresh_from_db()
    assert item.state == "done"


def test_leave_runs_out_and_a_later_no_ends_it(doc, nora):
    patient = a_patient()
    stop_for_red_flag(actor=SYSTEM, patient=patient, reason=RED)
    answered(nora, patient)
    late = an_actor(now=A_MOMENT + timedelta(days=8))
    assert stop_for_red_flag(actor=late, patient=patient, reason=RED) is not None
    answered(nora.at(late.now), patient, Booking.MUST_NOT, "Went to the emergency room")
    with pytest.raises(RedFlag):
        book(doc, patient, RED, actor=late)


def test_an_answer_to_what_stopped_a_booking_says_whether_to_book(nora):
    patient = a_patient()
    stop_for_red_flag(actor=SYSTEM, patient=patient, reason=RED)
    with pytest.raises(InvalidInput, match="whether the desk may book"):
        answered(nora, patient, booking="")


def test_what_was_said_in_a_call_stops_other_desks_while_it_runs_and_is_answered_once(doc, nora):
    patient = a_patient()
    may = ("messages.take_calls", "scheduling.book")
    ann = an_actor(staff_id=a_provider("ann", "clinical_ma").pk, permissions=may)
    call = messages.begin_call(actor=ann, emergency="no")
    said = CallerSaid("(585) 555-0134", "12 Elm St", "Jo Doe", "self", "")
    messages.note_caller(actor=ann, call=call, said=said)
    messages.name_patient(actor=ann, call=call, patient=patient, identifiers=["name", "birth_date"])
    messages.note_reason(actor=ann, call=call, words=RED, category="APT")
    with pytest.raises(AnswerAwaited, match="Dr. Ann has it"):
        book(doc, patient, PLAIN)
    stop_for_red_flag(actor=ann, patient=patient, reason=RED)
    ending = Ending("emergency", safety_net="yes", second_person=doc)
    messages.end_call(actor=ann, call=call, ending=ending, confirmed=Confirmations({"not-all-asked": "Ambulance"}))
    answered(nora, patient)
    assert book(doc, patient, RED).red_flag_band == "R0"


def test_no_door_takes_a_visit_without_a_reason(doc):
    patient = a_patient()
    with pytest.raises(InvalidInput, match="why they come"):
        book(doc, patient, "  ")
    with pytest.raises(InvalidInput, match="why they come"):
        actions.join_wait_list(actor=SYSTEM, patient=patient, visit_type=a_visit_type(), wanted=Wanted(note=" "))
