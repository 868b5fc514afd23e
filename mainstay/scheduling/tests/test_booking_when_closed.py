"""No way leads to a booking where or when nobody is seen without somebody saying why."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from functools import partial

import pytest
from django.db import transaction

from mainstay.foundation.errors import InvalidInput, NeedsConfirmation
from mainstay.foundation.findings import Confirmations
from mainstay.foundation.testing import A_MOMENT, an_actor, tell_everyone
from mainstay.practice import actions as practice
from mainstay.practice.models import Equipment, Room, Site
from mainstay.scheduling import actions
from mainstay.scheduling.actions import Slot
from mainstay.scheduling.actions.waiting import Wanted
from mainstay.scheduling.errors import ClosedThen
from mainstay.scheduling.models import Appointment, SlotOffer
from mainstay.scheduling.tests.factories import a_patient, a_provider, a_site, a_visit_type, a_week, booked, local
from mainstay.scheduling.tests.test_racing import at_once, someone_waits
from mainstay.visits.tests.factories import a_person

pytestmark = pytest.mark.django_db
SYSTEM = an_actor()
MONDAY = date(2026, 11, 23)
TUESDAY = MONDAY + timedelta(days=1)
TOLD = Confirmations({"booked-then": "The boiler is broken"})


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)


def book(provider, starts, **more):
    place = {"room": more.pop("room", None), "equipment": more.pop("equipment", None)}
    slot = Slot(site=a_site(), provider=provider, starts=starts, minutes=20, **place)
    about = {"patient": a_patient(str(uuid.uuid4())[:10]), "visit_type": a_visit_type(), "slot": slot}
    return actions.book_appointment(actor=SYSTEM, **about, **more)


def refused(provider, starts, **more):
    with pytest.raises(ClosedThen) as refusal:
        book(provider, starts, **more)
    return refusal.value.message


def test_a_time_at_which_nobody_is_seen_is_not_booked_and_says_why():
    doc, nobody = a_provider(), None
    Site.objects.create(name="Westside", short_name="West", state="NY")
    practice.set_hours(actor=SYSTEM, site=a_site(), weekly={0: (time(8), time(17)), 1: (time(8), time(17))})
    practice.close_day(actor=SYSTEM, day=TUESDAY, name="Painting")
    actions.take_time_off(
        actor=SYSTEM, provider=doc, starts=local(MONDAY, 12), ends=local(MONDAY, 13), reason="Lunch talk"
    )
    room = Room.objects.create(site=a_site(), name="Procedure", kind="procedure", is_in_use=False)
    cart = Equipment.objects.create(site=a_site(), name="ECG cart", kind="ecg", is_in_use=False)
    assert refused(doc, local(TUESDAY, 9)) == "Closed: Painting."
    assert refused(nobody, local(MONDAY, 17)) == "Open only 8:00 am to 5:00 pm that day."
    assert refused(doc, local(TUESDAY + timedelta(days=1), 9)) == "Closed on Wednesdays."
    assert refused(doc, local(MONDAY, 11, 50)) == "Dr. Doc is off then: Lunch talk."
    assert refused(doc, local(MONDAY, 9), room=room) == "Procedure is out of use."
    assert refused(doc, local(MONDAY, 9), equipment=cart) == "ECG cart is out of use."
    assert book(doc, local(MONDAY, 13)) and book(nobody, local(MONDAY, 12))
    practice.shut_site(actor=SYSTEM, site=a_site(), confirmed=TOLD)
    assert refused(doc, local(MONDAY, 9)) == "Northside is shut."
    assert Appointment.objects.count() == 2


def test_an_extra_session_is_booked_with_who_holds_it_only():
    doc, other = a_provider(), a_provider("kim")
    practice.close_day(actor=SYSTEM, day=MONDAY, name="Holiday")
    times = {"starts": local(MONDAY, 8), "ends": local(MONDAY, 12)}
    actions.add_session(actor=SYSTEM, provider=doc, site=a_site(), **times, reason="Flu clinic")
    assert book(doc, local(MONDAY, 9)).state == "booked"
    assert refused(other, local(MONDAY, 9)) == "Closed: Holiday."
    assert refused(doc, local(MONDAY, 12)) == "Closed: Holiday."


def test_an_over_booking_on_a_closed_day_needs_a_reason_for_that_too_and_keeps_both():
    doc = a_provider()
    practice.close_day(actor=SYSTEM, day=MONDAY, name="Holiday")
    with pytest.raises(NeedsConfirmation) as asked:
        book(doc, local(MONDAY, 9), over_book_reason="The provider asked")
    assert [one.code for one in asked.value.findings] == ["closed-then"] and not Appointment.objects.exists()
    assert asked.value.findings[0].message == "Closed: Holiday. Say why they are seen all the same."
    why = Confirmations({"closed-then": "Comes in for sutures"})
    made = book(doc, local(MONDAY, 9), over_book_reason="The provider asked", confirmed=why)
    assert made.over_book_reason == "The provider asked; Closed: Holiday. Comes in for sutures"
    with pytest.raises(InvalidInput):
        book(doc, local(MONDAY, 9), over_book_reason="x" * 150, confirmed=why)
    with pytest.raises(ClosedThen):
        book(doc, local(MONDAY, 10), confirmed=why)


def test_a_visit_is_not_moved_to_a_closed_day_and_stays_where_it_was():
    visit = booked(a_provider(), local(TUESDAY, 9))
    practice.close_day(actor=SYSTEM, day=MONDAY, name="Holiday")
    slot = Slot(site=a_site(), provider=visit.provider, starts=local(MONDAY, 9), minutes=20)
    with pytest.raises(ClosedThen):
        actions.move_appointment(actor=SYSTEM, appointment=visit, slot=slot, reason="asked")
    visit.refresh_from_db()
    assert visit.state == "booked" and Appointment.objects.count() == 1


def test_a_series_names_the_day_its_provider_is_off():
    doc = a_provider()
    actions.take_time_off(
        actor=SYSTEM, provider=doc, starts=local(date(2026, 11, 30), 0), ends=local(date(2026, 11, 30), 23),
        reason="Conference",
    )  # fmt: skip
    made = actions.book_series(
        actor=SYSTEM, patient=a_patient(), visit_type=a_visit_type(), every_weeks=1, times=3,
        first=Slot(site=a_site(), provider=doc, starts=local(MONDAY, 9), minutes=20),
    )  # fmt: skip
    assert len(made.booked) == 2 and made.failed == ("Mon 30 Nov 2026: Dr. Doc is off then: Conference.",)


def test_the_time_of_who_is_moved_off_a_closed_day_is_offered_to_nobody():
    doc = a_provider()
    a_week(doc)
    visit = booked(doc, local(MONDAY, 9))
    actions.join_wait_list(actor=SYSTEM, patient=a_patient("2"), visit_type=a_visit_type(), wanted=Wanted(note="Soon"))
    practice.close_day(actor=SYSTEM, day=MONDAY, name="Boiler", confirmed=TOLD)
    actions.cancel_appointment(actor=SYSTEM, appointment=visit, reason="Closed")
    tell_everyone()
    assert not SlotOffer.objects.exists()


def test_an_offer_is_not_taken_up_on_a_day_that_was_closed_meanwhile():
    doc = a_provider()
    a_week(doc)
    visit = booked(doc, local(MONDAY, 9))
    actions.join_wait_list(actor=SYSTEM, patient=a_patient("2"), visit_type=a_visit_type(), wanted=Wanted(note="Soon"))
    actions.cancel_appointment(actor=SYSTEM, appointment=visit, reason="Ill")
    tell_everyone()
    practice.close_day(actor=SYSTEM, day=MONDAY, name="Boiler", confirmed=TOLD)
    with pytest.raises(ClosedThen):
        actions.accept_offer(actor=SYSTEM, offer=SlotOffer.objects.get())


def test_the_desk_over_books_a_closed_day_only_with_its_reason(client):
    doc, patient = a_provider(), a_patient()
    practice.close_day(actor=SYSTEM, day=MONDAY, name="Holiday")
    client.force_login(a_person("lena", "lead_ma"))
    typed = {
        "patient": str(patient.public_id), "visit_type": a_visit_type().code, "reason": "Sutures out",
        "provider": str(doc.public_id), "site": str(a_site().pk), "slot": "", "at_day": f"{MONDAY:%m/%d/%Y}",
        "at_time": "9:00 am", "over_book_reason": "The provider asked", "over_book": "yes", "how": "desk",
    }  # fmt: skip
    answer = client.post("/schedule/book/", {**typed, "idempotency_key": str(uuid.uuid4())})
    said = answer.content.decode()
    assert answer.status_code == 422 and "Closed: Holiday. Say why" in said and 'value="The provider asked"' in said
    assert said.count('name="reason:closed-then"') >= 1 and not Appointment.objects.exists()
    typed["reason:closed-then"] = "Comes in for it"
    answer = client.post("/schedule/book/", {**typed, "idempotency_key": str(uuid.uuid4())})
    assert answer.status_code == 303 and Appointment.objects.get().over_book_reason.endswith("Comes in for it")


@pytest.mark.django_db(transaction=True)
def test_a_booking_waits_for_the_closing_under_way_and_then_sees_it():
    doc, patient, kind = a_provider(), a_patient(), a_visit_type()
    slot = Slot(site=a_site(), provider=doc, starts=local(MONDAY, 9), minutes=20)
    with ThreadPoolExecutor(1) as desk:
        with transaction.atomic():
            practice.close_day(actor=SYSTEM, day=MONDAY, name="Boiler")
            take = partial(actions.book_appointment, actor=SYSTEM, patient=patient, visit_type=kind, slot=slot)
            booking = desk.submit(at_once, [take], 1)
            while not booking.done() and not someone_waits():
                pass
        assert booking.result() == {"closed-then": 1}
    assert not Appointment.objects.exists()
