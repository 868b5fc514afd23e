"""Booking, series, over-booking, red flags, templates that change under bookings."""

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from mainstay.chart.models import Medication, Problem, SurgicalHistory
from mainstay.foundation.errors import InvalidInput, NotPermitted
from mainstay.foundation.findings import Confirmations
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.people.models import Patient
from mainstay.practice.models import Closure, Equipment, Room
from mainstay.scheduling import actions, queries
from mainstay.scheduling.actions import Slot
from mainstay.scheduling.actions.desk import Asked, book_found_time, stop_for_red_flag
from mainstay.scheduling.actions.waiting import Wanted
from mainstay.scheduling.errors import RedFlag, SeriesConflict, SlotTaken
from mainstay.scheduling.models import Appointment, SlotOffer, WaitListEntry
from mainstay.scheduling.tests.factories import a_patient, a_provider, a_site, a_visit_type, a_week, booked, local
from mainstay.work.models import WorkItem

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
SYSTEM = an_actor()
TOLD = Confirmations({"booked-then": "Ill"})


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
        "red_flag_override, red_flag_band, other_age_reason"
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


@pytest.mark.parametrize(
    "over",
    [{"deceased_on": date(2026, 10, 1)}, {"withdrawn_at": A_MOMENT}, {"merged_into": True}],
    ids=lambda over: next(iter(over)),
)
def test_nobody_books_for_who_died_or_on_a_chart_that_is_no_more(over):
    patient = a_patient("2")
    if "merged_into" in over:
        over = {"merged_into": a_patient("3")}
    Patient.objects.filter(pk=patient.pk).update(**over)
    patient.refresh_from_db()
    with pytest.raises(InvalidInput, match="cannot be booked"):
        booked(a_provider(), local(MONDAY, 9), patient=patient)
    assert not Appointment.objects.exists()


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
    ).booked
    zone = a_site().zone
    assert {a.during.lower.astimezone(zone).hour for a in made} == {9}
    assert len({a.during.lower.hour for a in made}) == 2


def test_a_series_keeps_what_it_can_have_and_names_the_days_it_cannot():
    doc = a_provider()
    booked(doc, local(MONDAY + timedelta(days=7), 9), patient=a_patient("2"))
    Closure.objects.create(site=a_site(), day=MONDAY + timedelta(days=14), name="Inventory")
    made = actions.book_series(
        actor=SYSTEM, patient=a_patient(), visit_type=a_visit_type(), first=slot(doc, local(MONDAY, 9)),
        every_weeks=1, times=4,
    )  # fmt: skip
    zone = a_site().zone
    days = [a.during.lower.astimezone(zone).date() for a in made.booked]
    assert days == [MONDAY, MONDAY + timedelta(days=21)]
    assert "30 Nov" in made.failed[0] and "Inventory" in made.failed[1]
    series = made.booked[0].series
    series.refresh_from_db()
    assert series.not_booked == list(made.failed)
    item = WorkItem.objects.get(kind="series_gap")
    assert "Inventory" in item.detail and item.pool == "front_desk"


def test_a_series_without_its_first_or_any_other_day_is_not_begun():
    doc = a_provider()
    booked(doc, local(MONDAY, 9), patient=a_patient("2"))
    arguments = {"visit_type": a_visit_type(), "first": slot(doc, local(MONDAY, 9)), "every_weeks": 1}
    with pytest.raises(SeriesConflict, match="Nothing was booked"):
        actions.book_series(actor=SYSTEM, patient=a_patient(), times=3, **arguments)
    assert Appointment.objects.count() == 1
    with pytest.raises(InvalidInput):
        actions.book_series(actor=SYSTEM, patient=a_patient("3"), times=3, **{**arguments, "every_weeks": 0})


RED = "chest pain since this morning, sweating"


def through_every_door(doc, patient):
    """Every way there is to an appointment, with a reason nobody answered for."""
    common = {"actor": SYSTEM, "patient": patient, "visit_type": a_visit_type()}
    at = slot(doc, local(MONDAY, 9))
    return {
        "book_appointment": lambda: actions.book_appointment(slot=at, reason=RED, **common),
        "over-book": lambda: actions.book_appointment(slot=at, reason=RED, over_book_reason="squeeze in", **common),
        "import": lambda: actions.book_appointment(slot=at, reason=RED, how="import", **common),
        "series": lambda: actions.book_series(first=at, every_weeks=1, times=3, reason=RED, **common),
        "desk": lambda: book_found_time(slot=at, asked=Asked(reason=RED), **common),
        "desk, over-book": lambda: book_found_time(slot=at, asked=Asked(reason=RED, over_book_reason="x y"), **common),
        "desk, series": lambda: book_found_time(slot=at, asked=Asked(reason=RED, times=3), **common),
        "wait list": lambda: actions.join_wait_list(wanted=Wanted(note=RED), **common),
    }


@pytest.mark.parametrize(
    "door",
    ["book_appointment", "over-book", "import", "series", "desk", "desk, over-book", "desk, series", "wait list"],
)
def test_no_door_books_a_red_flag_nobody_answered(door):
    doc = a_provider()
    a_week(doc)
    with pytest.raises(RedFlag):
        through_every_door(doc, a_patient())[door]()
    assert not Appointment.objects.exists() and not WaitListEntry.objects.exists()


def test_a_wait_list_fill_hears_what_the_chart_has_learned_since():
    doc, patient = a_provider(), a_patient()
    entry = actions.join_wait_list(
        actor=SYSTEM, patient=patient, visit_type=a_visit_type(), wanted=Wanted(note="bruises on my arm")
    )
    Medication.objects.create(patient=patient, name="Eliquis 5 mg")
    offer = SlotOffer.objects.create(
        entry=entry, provider=doc, site=a_site(), during=slot(doc, local(MONDAY, 9)).during(),
        runs_out_at=local(MONDAY, 8),
    )  # fmt: skip
    with pytest.raises(RedFlag):
        actions.accept_offer(actor=SYSTEM, offer=offer)
    assert not Appointment.objects.exists()


def test_a_moved_booking_keeps_its_answer_and_one_without_is_heard():
    doc, patient = a_provider(), a_patient()
    answered = actions.book_appointment(
        actor=SYSTEM, patient=patient, visit_type=a_visit_type(), slot=slot(doc, local(MONDAY, 9)), reason=RED,
        red_flag_override="Seen by Dr Test, ECG normal",
    )  # fmt: skip
    moved = actions.move_appointment(
        actor=SYSTEM, appointment=answered, slot=slot(doc, local(MONDAY, 10)), reason="asked"
    )
    assert moved.red_flag_override == "Seen by Dr Test, ECG normal" and moved.red_flag_band == "R0"
    plain = actions.book_appointment(
        actor=SYSTEM, patient=a_patient("2"), visit_type=a_visit_type(), slot=slot(doc, local(MONDAY, 11)),
        reason="nosebleed on and off",
    )  # fmt: skip
    Medication.objects.create(patient=plain.patient, name="Warfarin 5 mg")
    with pytest.raises(RedFlag):
        actions.move_appointment(actor=SYSTEM, appointment=plain, slot=slot(doc, local(MONDAY, 12)), reason="asked")


def test_the_database_refuses_a_red_flag_without_an_answer():
    first = booked(a_provider(), local(MONDAY, 9))
    with pytest.raises(IntegrityError, match="red_flag_is_answered"), transaction.atomic():
        Appointment.objects.filter(pk=first.pk).update(red_flag_band="R1")


def test_appointments_are_made_in_one_place():
    import mainstay

    making = re.compile(r"\bAppointment(\.objects\.(create|bulk_create|get_or_create|update_or_create)\b|\()")
    root = Path(mainstay.__file__).parent
    sources = (p for p in root.rglob("*.py") if "/tests/" not in str(p) and "/migrations/" not in str(p))
    found = [p for p in sources if making.search(re.sub(r"class Appointment\(", "", p.read_text(encoding="utf-8")))]
    assert [p.relative_to(root).as_posix() for p in found] == ["scheduling/actions/booking.py"]


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"name": "Apixaban 5 mg"}, "hit my head on the cupboard"),
        ({"name": "Warfarin 2 mg"}, "my gums bleed when I brush"),
        ({"name": "Levetiracetam 500 mg"}, "ran out of my pills"),
        ({"name": "Methotrexate 15 mg weekly"}, "fever since yesterday"),
    ],
)
def test_a_medicine_on_the_list_makes_a_red_flag_of_what_is_said(known, said):
    doc, patient = a_provider(), a_patient()
    Medication.objects.create(patient=patient, **known)
    with pytest.raises(RedFlag):
        actions.book_appointment(
            actor=SYSTEM, patient=patient, visit_type=a_visit_type(), slot=slot(doc, local(MONDAY, 9)), reason=said
        )


@pytest.mark.parametrize("said", ["my gums bleed when I brush", "ran out of my pills", "heartburn", "sore throat"])
def test_the_same_words_of_somebody_with_an_empty_chart_are_booked(said):
    assert actions.book_appointment(
        actor=SYSTEM, patient=a_patient(), visit_type=a_visit_type(), slot=slot(a_provider(), local(MONDAY, 9)),
        reason=said,
    )  # fmt: skip


def test_pregnancy_a_birth_and_an_operation_are_read_from_the_chart():
    today = A_MOMENT.date()
    pregnant, mother, operated = (a_patient(n) for n in ("11", "12", "13"))
    Problem.objects.create(patient=pregnant, code="Z34.90", text="Pregnancy", onset=today - timedelta(days=100))
    Problem.objects.create(patient=mother, code="O80", text="Delivery", onset=today - timedelta(days=14))
    SurgicalHistory.objects.create(patient=operated, procedure="Hernia", performed_on=today - timedelta(days=9))
    stranger = a_patient("14")
    for patient, said in ((pregnant, "bad headache"), (mother, "bad headache"), (operated, "the redness is back")):
        found = queries.red_flags_of(patient, said, at=A_MOMENT, on=today)
        assert found is not None, said
        assert queries.red_flags_of(stranger, said, at=A_MOMENT, on=today) is None


def test_the_medical_assistants_time_is_refused_twice_by_the_database_itself():
    first = booked(None, local(MONDAY, 9))
    twin = {f.name: getattr(first, f.name) for f in Appointment._meta.fields if f.name not in ("id", "public_id")}
    twin["patient"] = a_patient("2")
    with pytest.raises(IntegrityError, match="team_not_double_booked"), transaction.atomic():
        Appointment.objects.create(**twin)
    twin["over_book_reason"] = "Quick blood pressure"
    assert Appointment.objects.create(**twin)


def test_an_over_booking_never_shares_a_room_or_a_thing():
    room = Room.objects.create(site=a_site(), name="Procedure")
    thing = Equipment.objects.create(site=a_site(), name="ECG", kind="ecg")
    common = {"actor": SYSTEM, "visit_type": a_visit_type(), "over_book_reason": "Cannot wait"}
    for taken, name in (({"room": room}, "room_not_double"), ({"equipment": thing}, "equipment_not_double")):
        at = replace(slot(a_provider(name), local(MONDAY, 9)), **taken)
        actions.book_appointment(patient=a_patient(name[:4] + "1"), slot=at, **common)
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            actions.book_appointment(patient=a_patient(name[:4] + "2"), slot=at, **common)


def test_the_same_patient_twice_at_one_time_needs_a_reason():
    booked(a_provider(), local(MONDAY, 9))
    again = {"actor": SYSTEM, "patient": a_patient("100001x"), "visit_type": a_visit_type()}
    again["patient"] = Appointment.objects.get().patient
    at = slot(a_provider("other"), local(MONDAY, 9, 10))
    with pytest.raises(IntegrityError, match="patient_not_in_two_places"), transaction.atomic():
        actions.book_appointment(slot=at, **again)
    assert actions.book_appointment(slot=at, over_book_reason="Both on one trip", **again)


def test_a_time_that_was_over_booked_is_full():
    doc = a_provider()
    actions.book_appointment(
        actor=SYSTEM, patient=a_patient(), visit_type=a_visit_type(), slot=slot(doc, local(MONDAY, 9)),
        over_book_reason="Baby",
    )  # fmt: skip
    with pytest.raises(SlotTaken):
        booked(doc, local(MONDAY, 9), patient=a_patient("2"))


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
    actions.take_time_off(
        actor=SYSTEM, provider=doc, starts=local(MONDAY, 0), ends=local(MONDAY, 23), reason="Flu", confirmed=TOLD
    )
    item = WorkItem.objects.get(kind="move_appointment")
    assert "Flu" in item.detail and item.url


def test_ending_a_template_leaves_bookings_and_makes_work():
    doc = a_provider()
    morning = a_week(doc, days=(0,))[0]
    booked(doc, local(MONDAY, 9))
    actions.end_template(actor=SYSTEM, template=morning, last_day=A_MOMENT.date(), confirmed=TOLD)
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
