"""Booking, series, over-booking, red flags, templates that change under bookings."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from mainstay.foundation.errors import InvalidInput, NotPermitted
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.practice.models import Closure
from mainstay.scheduling import actions
from mainstay.scheduling.actions import Slot
from mainstay.scheduling.actions.desk import Asked, book_found_time, stop_for_red_flag
from mainstay.scheduling.errors import RedFlag, SeriesConflict, SlotTaken
from mainstay.scheduling.models import Appointment
from mainstay.scheduling.tests.factories import a_patient, a_provider, a_site, a_visit_type, a_week, booked, local
from mainstay.work.models import WorkItem

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
SYSTEM = an_actor()


def slot(provider, starts, minutes=20):
    return Slot(site=a_site(), provider=provider, starts=starts, minutes=minutes)


def desk(*more):
    staff = a_provider("desk", "clinical_ma")
    return an_actor(staff_id=staff.pk, permissions=("scheduling.see", "scheduling.book", "people.find", *more))


def test_the_database_refuses_a_double_booking_from_raw_sql():
    doc = a_provider()
    first = booked(doc, local(MONDAY, 9))
    other = a_patient("2")
    columns = (
        "provider_id, site_id, visit_type_id, during, state, reason, booked_how, over_book_reason, cancel_reason, "
        "red_flag_override"
    )
    with (
        pytest.raises(IntegrityError, match="provider_not_double_booked"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"INSERT INTO scheduling_appointment (public_id, created_at, booked_at, patient_id, {columns}) "
            f"SELECT gen_random_uuid(), now(), now(), %s, {columns} FROM scheduling_appointment WHERE id = %s",
            [other.pk, first.pk],
        )


def test_a_cancelled_time_can_be_booked_again():
    doc = a_provider()
    first = booked(doc, local(MONDAY, 9))
    actions.cancel_appointment(actor=SYSTEM, appointment=first, reason="ill")
    assert booked(doc, local(MONDAY, 9), patient=a_patient("2")).state == "booked"


def test_over_booking_needs_the_right_and_a_reason():
    doc = a_provider()
    booked(doc, local(MONDAY, 9))
    asked = Asked(reason="ear ache", over_book_reason="Baby, cannot wait")
    arguments = {
        "patient": a_patient("2"),
        "visit_type": a_visit_type(),
        "slot": slot(doc, local(MONDAY, 9)),
        "asked": asked,
    }
    ann = desk()
    with pytest.raises(NotPermitted):
        book_found_time(actor=ann, **arguments)
    lead = an_actor(staff_id=ann.staff_id, permissions=("scheduling.book", "scheduling.over_book"))
    assert book_found_time(actor=lead, **arguments).over_book_reason == "Baby, cannot wait"


def test_a_time_that_was_not_offered_is_not_booked():
    doc = a_provider()
    a_week(doc)
    arguments = {"patient": a_patient(), "visit_type": a_visit_type(), "asked": Asked(reason="check-up")}
    with pytest.raises(SlotTaken):
        book_found_time(actor=SYSTEM, slot=slot(doc, local(MONDAY, 12, 20)), **arguments)
    assert book_found_time(actor=SYSTEM, slot=slot(doc, local(MONDAY, 9)), **arguments).state == "booked"


def test_chest_pain_is_not_booked_and_becomes_clinical_work_once():
    doc, patient = a_provider(), a_patient()
    a_week(doc)
    said = "chest pain since this morning, sweating"
    arguments = {"patient": patient, "visit_type": a_visit_type(), "slot": slot(doc, local(MONDAY, 9))}
    ann = desk()
    with pytest.raises(RedFlag):
        book_found_time(actor=ann, asked=Asked(reason=said), **arguments)
    with pytest.raises(NotPermitted):
        book_found_time(actor=ann, asked=Asked(reason=said, red_flag_override="seen by nurse"), **arguments)
    for _ in range(2):
        stop_for_red_flag(actor=ann, patient=patient, reason=said)
    item = WorkItem.objects.get(kind="red_flag")
    assert item.is_clinical and item.pool == "clinician" and item.band in ("R0", "R1")
    nurse = an_actor(staff_id=ann.staff_id, permissions=("scheduling.book", "scheduling.override_red_flag"))
    kept = book_found_time(
        actor=nurse, asked=Asked(reason=said, red_flag_override="seen by nurse, ECG normal"), **arguments
    )
    assert kept.red_flag_override == "seen by nurse, ECG normal"


def test_an_ordinary_reason_is_not_stopped():
    assert stop_for_red_flag(actor=SYSTEM, patient=a_patient(), reason="annual physical") is None
    assert not WorkItem.objects.exists()


def test_a_series_keeps_its_hour_across_the_clock_change():
    doc = a_provider()
    first = slot(doc, local(date(2027, 3, 1), 9))
    made = actions.book_series(
        actor=SYSTEM, patient=a_patient(), visit_type=a_visit_type(), first=first, every_weeks=1, times=4
    )
    zone = a_site().zone
    assert {a.during.lower.astimezone(zone).hour for a in made} == {9}
    assert len({a.during.lower.hour for a in made}) == 2


def test_a_series_is_booked_whole_or_not_at_all_and_says_why():
    doc = a_provider()
    booked(doc, local(MONDAY + timedelta(days=7), 9), patient=a_patient("2"))
    Closure.objects.create(site=a_site(), day=MONDAY + timedelta(days=14), name="Inventory")
    with pytest.raises(SeriesConflict) as refused:
        actions.book_series(
            actor=SYSTEM, patient=a_patient(), visit_type=a_visit_type(), first=slot(doc, local(MONDAY, 9)),
            every_weeks=1, times=3,
        )  # fmt: skip
    assert "30 Nov" in refused.value.message and "Inventory" in refused.value.message
    assert Appointment.objects.count() == 1
    with pytest.raises(InvalidInput):
        actions.book_series(
            actor=SYSTEM, patient=a_patient("3"), visit_type=a_visit_type(), first=slot(doc, local(MONDAY, 9)),
            every_weeks=0, times=3,
        )  # fmt: skip


def test_moving_keeps_the_visit_and_frees_the_old_time():
    doc = a_provider()
    a_week(doc)
    first = booked(doc, local(MONDAY, 9))
    moved = book_found_time(
        actor=SYSTEM, patient=first.patient, visit_type=first.visit_type, slot=slot(doc, local(MONDAY, 9, 20)),
        asked=Asked(moving=first),
    )  # fmt: skip
    first.refresh_from_db()
    assert (first.state, moved.moved_from_id) == ("cancelled", first.pk)
    assert booked(doc, local(MONDAY, 9), patient=a_patient("2")).state == "booked"


def test_time_off_over_bookings_becomes_work_to_move_them():
    doc = a_provider()
    booked(doc, local(MONDAY, 9))
    booked(doc, local(MONDAY + timedelta(days=1), 9), patient=a_patient("2"))
    actions.take_time_off(actor=SYSTEM, provider=doc, starts=local(MONDAY, 0), ends=local(MONDAY, 23), reason="Flu")
    item = WorkItem.objects.get(kind="move_appointment")
    assert "Flu" in item.detail and item.url


def test_ending_a_template_leaves_bookings_and_makes_work():
    doc = a_provider()
    morning = a_week(doc, days=(0,))[0]
    booked(doc, local(MONDAY, 9))
    actions.end_template(actor=SYSTEM, template=morning, last_day=A_MOMENT.date())
    assert WorkItem.objects.filter(kind="move_appointment").count() == 1
    assert Appointment.objects.get().state == "booked"


def test_confirming_twice_changes_nothing_more():
    first = booked(a_provider(), local(MONDAY, 9))
    once = actions.confirm_appointment(actor=SYSTEM, appointment=first)
    again = actions.confirm_appointment(actor=an_actor(now=A_MOMENT + timedelta(hours=1)), appointment=first)
    assert once.confirmed_at == again.confirmed_at == A_MOMENT


def test_a_recall_is_tried_booked_and_closed_once():
    patient = a_patient()
    recall = actions.recall_patient(actor=SYSTEM, patient=patient, reason="Colon screening", due_on=MONDAY)
    assert actions.note_recall_attempt(actor=SYSTEM, recall=recall).attempts == 1
    made = booked(a_provider(), local(MONDAY, 9), patient=patient)
    assert actions.meet_recall(actor=SYSTEM, recall=recall, appointment=made).closed_because == "booked"
