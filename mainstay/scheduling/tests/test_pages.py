"""The schedule, as people open it."""

import re
import uuid
from datetime import date, timedelta

import pytest

from mainstay.foundation.testing import A_MOMENT, an_actor, tell_everyone
from mainstay.people.models import ContactPoint, Patient
from mainstay.practice.models import Equipment
from mainstay.scheduling import actions
from mainstay.scheduling.actions.waiting import Wanted
from mainstay.scheduling.models import Appointment, Recall, SlotOffer, Template, TemplateException, WaitListEntry
from mainstay.scheduling.queries import offered_visit_types, templates_in_words
from mainstay.scheduling.tests.factories import a_patient, a_provider, a_site, a_visit_type, a_week, booked, local
from mainstay.work.models import WorkItem

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
SYSTEM = an_actor()


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)


@pytest.fixture
def desk(client, clock):
    client.force_login(a_provider("maria", "clinical_ma"))
    return client


@pytest.fixture
def lead(client, clock):
    client.force_login(a_provider("lena", "lead_ma"))
    return client


def key():
    return {"idempotency_key": str(uuid.uuid4())}


def text_of(response):
    return response.content.decode()


def asked(patient, **more):
    return {"patient": str(patient.public_id), "visit_type": a_visit_type().code, "reason": "check-up", **more, **key()}


def first_time(response):
    return re.search(r'name="slot" value="([^"]+)"', text_of(response))[1]


def test_the_day_shows_who_is_booked_with_whom_in_few_queries(desk, django_assert_max_num_queries):
    a_visit_type()
    for n in range(4):
        doc = a_provider(f"doc{n}")
        a_week(doc)
        for hour in (9, 10, 11):
            booked(doc, local(MONDAY, hour), patient=a_patient(f"{n}{hour}", given_name=f"Pat{n}{hour}"))
    with django_assert_max_num_queries(16):
        shown = desk.get("/schedule/?day=2026-11-23")
    assert shown.status_code == 200 and "Dr. Doc2" in text_of(shown) and "Pat211" in text_of(shown)


def test_an_empty_day_says_why_and_what_to_do(desk):
    shown = desk.get("/schedule/?day=11/22/2026")
    assert "Nobody sees patients on this day" in text_of(shown)
    assert "“nonsense” is not a day we can read" in text_of(desk.get("/schedule/?day=nonsense"))


def test_the_week_the_resources_and_the_paper(desk):
    doc = a_provider()
    a_week(doc)
    Equipment.objects.create(site=a_site(), name="ECG cart", kind="ecg")
    booked(doc, local(MONDAY, 9))
    assert "Mon 23 Nov" in text_of(desk.get(f"/schedule/week/{doc.public_id}/?day=2026-11-25"))
    assert "ECG cart" in text_of(desk.get("/schedule/?day=2026-11-23&view=resources"))
    assert "9:00 am" in text_of(desk.get("/schedule/print/?day=2026-11-23"))
    assert desk.get(f"/schedule/week/{uuid.uuid4()}/").status_code == 404


def test_first_the_patient_then_the_first_three_times_then_it_is_booked_and_read_out(desk):
    doc, patient = a_provider(), a_patient()
    a_week(doc)
    kind = a_visit_type()
    type(kind).objects.filter(pk=kind.pk).update(instructions_en="Drink water.", instructions_es="Tome agua.")
    assert "Who is it for?" in text_of(desk.get("/schedule/find/"))
    assert desk.get(f"/schedule/find/?patient={patient.public_id.hex}").status_code == 200
    found = desk.post("/schedule/find/", asked(patient, from_day="11/23/2026"))
    assert found.status_code == 200 and text_of(found).count('name="slot"') == 3
    more = desk.post("/schedule/find/", asked(patient, from_day="11/23/2026", show="more"))
    assert text_of(more).count('name="slot"') == 40
    made = desk.post("/schedule/book/", asked(patient, slot=first_time(found), back="/board/"))
    assert made.status_code == 303 and "booked=1" in made["Location"]
    shown = text_of(desk.get(made["Location"]))
    assert "Drink water." in shown and "Tome agua." in shown and 'href="/board/"' in shown
    assert Appointment.objects.get().during.lower == local(MONDAY, 9)


def test_a_visit_without_a_reason_is_neither_searched_nor_booked(desk):
    a_week(a_provider())
    patient = a_patient()
    slot = first_time(desk.post("/schedule/find/", asked(patient)))
    for address, reason in (("/schedule/find/", " "), ("/schedule/book/", ""), ("/schedule/book/", "  ")):
        shown = desk.post(address, asked(patient, reason=reason, slot=slot))
        assert "Write why they come, in their own words." in text_of(shown)
    assert not Appointment.objects.exists()


def test_the_search_page_keeps_to_its_queries(desk, django_assert_max_num_queries):
    for n in range(8):
        a_week(a_provider(f"doc{n}"))
    patient, kind = a_patient(), a_visit_type()
    with django_assert_max_num_queries(36):
        desk.post("/schedule/find/", asked(patient, visit_type=kind.code))


def test_a_red_flag_shows_what_to_do_instead_of_times(desk):
    a_week(a_provider())
    patient = a_patient()
    shown = text_of(desk.post("/schedule/find/", asked(patient, reason="crushing chest pain and sweating")))
    assert "Do not book" in shown and "911" in shown and 'name="slot"' not in shown
    assert WorkItem.objects.filter(kind="red_flag", is_clinical=True).count() == 1
    desk.post("/schedule/book/", asked(patient, reason="crushing chest pain and sweating", slot="1.1.1.0.0"))
    assert not Appointment.objects.exists()


def test_a_red_flag_sent_straight_to_booking_is_work_too(desk):
    doc, patient = a_provider(), a_patient()
    a_week(doc)
    slot = first_time(desk.post("/schedule/find/", asked(patient)))
    shown = desk.post("/schedule/book/", asked(patient, reason="crushing chest pain and sweating", slot=slot))
    assert "Do not book" in text_of(shown) and WorkItem.objects.filter(kind="red_flag").count() == 1


def test_a_time_that_has_just_gone_is_said_and_others_are_offered(desk):
    doc, patient = a_provider(), a_patient()
    a_week(doc)
    slot = first_time(desk.post("/schedule/find/", asked(patient, from_day="11/23/2026")))
    booked(doc, local(MONDAY, 9), patient=a_patient("2"))
    again = desk.post("/schedule/book/", asked(patient, slot=slot, from_day="11/23/2026"))
    assert again.status_code == 422 and "just taken" in text_of(again) and text_of(again).count('name="slot"') == 3


@pytest.mark.parametrize("slot", ["", "x", "1.2.3", "99999999.0.0.0.0", "1.1.1.1.99999999999999999999"])
def test_a_forged_time_is_refused_in_words(desk, slot):
    a_week(a_provider())
    answer = desk.post("/schedule/book/", asked(a_patient(), slot=slot))
    assert answer.status_code in (404, 422) and not Appointment.objects.exists()


def test_over_booking_is_shown_refused_to_a_medical_assistant_and_done_by_a_lead(desk):
    doc, patient = a_provider(), a_patient()
    a_week(doc)
    booked(doc, local(MONDAY, 9), patient=a_patient("2"))
    typed = {"at_day": "11/23/2026", "at_time": "9am", "provider": str(doc.public_id), "over_book_reason": "Baby"}
    assert desk.post("/schedule/book/", asked(patient, **typed)).status_code == 403
    desk.force_login(a_provider("lena", "lead_ma"))
    assert desk.post("/schedule/book/", asked(patient, **typed)).status_code == 303
    assert Appointment.objects.filter(over_book_reason="Baby").count() == 1


def test_a_series_is_booked_from_the_page(desk):
    doc, patient = a_provider(), a_patient()
    a_week(doc)
    slot = first_time(desk.post("/schedule/find/", asked(patient, from_day="11/23/2026")))
    made = desk.post("/schedule/book/", asked(patient, slot=slot, times="3", weeks="2"))
    assert made.status_code == 303 and Appointment.objects.count() == 3


def test_an_appointment_is_confirmed_moved_and_cancelled(desk):
    doc = a_provider()
    a_week(doc)
    first = booked(doc, local(MONDAY, 9))
    page = f"/appointments/{first.public_id}/"
    assert desk.get(page).status_code == 200
    assert desk.post(f"{page}confirm/", key()).status_code == 303
    assert "Move an appointment" in text_of(desk.get(f"/schedule/find/?appointment={first.public_id}"))
    found = desk.post("/schedule/find/", asked(first.patient, appointment=str(first.public_id), from_day="11/23/2026"))
    moved = desk.post("/schedule/book/", asked(first.patient, appointment=str(first.public_id), slot=first_time(found)))
    assert moved.status_code == 303
    latest = Appointment.objects.get(state="booked")
    assert desk.post(f"/appointments/{latest.public_id}/cancel/", {"reason": "", **key()}).status_code == 422
    assert desk.post(f"/appointments/{latest.public_id}/cancel/", {"reason": "ill", **key()}).status_code == 303
    assert desk.post(f"/appointments/{latest.public_id}/cancel/", {"reason": "ill", **key()}).status_code == 422
    assert desk.get(f"/appointments/{latest.public_id}/").status_code == 200


def test_a_missed_appointment_is_marked(desk):
    first = booked(a_provider(), A_MOMENT - timedelta(hours=1))
    assert desk.post(f"/appointments/{first.public_id}/missed/", key()).status_code == 303
    first.refresh_from_db()
    assert first.state == "no_show"


def test_the_wait_list_is_joined_offered_from_and_left(desk):
    doc, patient = a_provider(), a_patient("2")
    a_week(doc)
    assert "Nobody waits" in text_of(desk.get("/schedule/wait-list/"))
    join = f"/schedule/wait-list/join/{patient.public_id}/"
    assert desk.get(join).status_code == 200
    wanted = {"visit_type": a_visit_type().code, "urgency": "R4"}
    unsaid = desk.post(join, {**wanted, **key()})
    assert unsaid.status_code == 422 and "Write why they come" in text_of(unsaid)
    assert desk.post(join, {**wanted, "note": "Sooner", **key()}).status_code == 303
    again = desk.post(join, {**wanted, "note": "Sooner", **key()})
    assert again.status_code == 422 and "already" in text_of(again)
    actions.cancel_appointment(actor=SYSTEM, appointment=booked(doc, local(MONDAY, 9)), reason="ill")
    tell_everyone()
    offer = SlotOffer.objects.get()
    assert "Held: call now" in text_of(desk.get("/schedule/wait-list/"))
    assert desk.post(f"/schedule/offers/{offer.public_id}/accept/", key()).status_code == 303
    assert desk.post(f"/schedule/offers/{offer.public_id}/decline/", key()).status_code == 404
    entry = actions.join_wait_list(
        actor=SYSTEM, patient=patient, visit_type=a_visit_type(), wanted=Wanted(note="Sooner")
    )
    assert desk.post(f"/schedule/wait-list/{entry.public_id}/leave/", {"reason": "x", **key()}).status_code == 303
    assert not WaitListEntry.objects.filter(left_at=None).exists()


def test_a_list_of_people_to_call_says_who_they_are_and_which_number_to_call(desk, django_assert_max_num_queries):
    for n in range(3):
        patient = a_patient(f"7{n}", birth_date=date(1980 + n, 2, 3))
        ContactPoint.objects.create(patient=patient, channel="phone", value=f"+1585555013{n}")
        ContactPoint.objects.create(
            patient=patient, channel="phone", value=f"+1585555019{n}", is_confidential=True, can_leave_voicemail=True
        )
        actions.recall_patient(actor=SYSTEM, patient=patient, reason="A1c", due_on=MONDAY)
    desk.get("/schedule/recalls/")
    with django_assert_max_num_queries(9):
        shown = text_of(desk.get("/schedule/recalls/"))
    assert "02/03/1980" in shown and "(585) 555-0190" in shown and "Call only this one" in shown
    assert "(585) 555-0130" not in shown
    doc, waits = a_provider(), Patient.objects.get(mrn="71")
    actions.join_wait_list(actor=SYSTEM, patient=waits, visit_type=a_visit_type(), wanted=Wanted(note="Sooner"))
    actions.cancel_appointment(actor=SYSTEM, appointment=booked(doc, local(MONDAY, 9)), reason="ill")
    tell_everyone()
    held = text_of(desk.get("/schedule/wait-list/"))
    assert "held until" in held and "02/03/1981" in held and "(585) 555-0191" in held


def test_recalls_are_added_tried_booked_and_closed(desk):
    patient = a_patient()
    assert "Nobody to call back" in text_of(desk.get("/schedule/recalls/"))
    add = f"/schedule/recalls/add/{patient.public_id}/"
    assert desk.get(add).status_code == 200
    assert desk.post(add, {"reason": "A1c", "due_on": "+2w", **key()}).status_code == 303
    recall = Recall.objects.get()
    assert desk.post(f"/schedule/recalls/{recall.public_id}/tried/", key()).status_code == 303
    a_week(a_provider())
    assert "A1c" in text_of(desk.get(f"/schedule/find/?recall={recall.public_id}"))
    found = desk.post("/schedule/find/", asked(patient, recall=str(recall.public_id)))
    desk.post("/schedule/book/", asked(patient, recall=str(recall.public_id), slot=first_time(found)))
    recall.refresh_from_db()
    assert recall.closed_because == "booked"
    other = actions.recall_patient(actor=SYSTEM, patient=patient, reason="Eye exam", due_on=MONDAY)
    assert (
        desk.post(f"/schedule/recalls/{other.public_id}/close/", {"reason": "done elsewhere", **key()}).status_code
        == 303
    )


def test_templates_and_time_off_are_changed_by_a_lead_only(client, clock):
    doc, site = a_provider(), a_site()
    typed = {
        "provider": str(doc.public_id), "site": site.pk, "weekday": "0", "starts": "9", "ends": "noon",
        "slot_minutes": "20", "every_weeks": "1", "effective": "11/23/2026",
    }  # fmt: skip
    client.force_login(a_provider("maria", "clinical_ma"))
    assert client.get("/schedule/templates/").status_code == 200
    assert client.post("/schedule/templates/", {**typed, **key()}).status_code == 403
    assert not Template.objects.exists()
    client.force_login(a_provider("lena", "lead_ma"))
    assert client.post("/schedule/templates/", {**typed, **key()}).status_code == 303
    wrong = client.post("/schedule/templates/", {**typed, "starts": "1pm", **key()})
    assert wrong.status_code == 422 and "ends before it begins" in text_of(wrong)
    off = {"off-kind": "off", "off-provider": str(doc.public_id), "off-first_day": "11/23/2026", "off-reason": "Flu"}
    assert client.post("/schedule/time-off/", {**off, **key()}).status_code == 303
    assert client.post("/schedule/time-off/", {**off, "off-kind": "extra", **key()}).status_code == 422
    away = TemplateException.objects.get()
    assert client.post(f"/schedule/time-off/{away.public_id}/withdraw/", key()).status_code == 303
    assert client.post(f"/schedule/templates/{Template.objects.get().public_id}/end/", key()).status_code == 303
    assert client.get("/schedule/templates/").status_code == 200


def test_a_biller_sees_the_schedule_and_changes_nothing(client, clock):
    client.force_login(a_provider("bill", "biller"))
    first = booked(a_provider(), local(MONDAY, 9))
    assert client.get("/schedule/").status_code == 200
    assert client.get(f"/appointments/{first.public_id}/").status_code == 200
    for path in ("schedule/find", f"appointments/{first.public_id}/cancel", f"appointments/{first.public_id}/missed"):
        assert client.post(f"/{path}/", {"reason": "x", **key()}).status_code == 403
    first.refresh_from_db()
    assert first.state == "booked"


def test_a_template_names_the_kinds_it_is_for_or_the_few_it_is_not_for(lead):
    kinds = [a_visit_type(f"kind-{letter}") for letter in "abcde"]
    a_visit_type("injection", is_with_provider=False)
    template, _afternoon = a_week(a_provider(), days=(0,))

    def said(chosen):
        template.visit_types.set(chosen)
        return dict(templates_in_words(SYSTEM, offered_visit_types()))[template]

    assert (said([]), said(kinds)) == ("", "")
    assert said(kinds[:2]) == "Kind-A, Kind-B"
    assert said(kinds[:4]) == "everything but Kind-E"
    assert "everything but Kind-E" in text_of(lead.get("/schedule/templates/"))


def test_a_time_with_nobody_is_not_over_booked_where_a_provider_is_needed(lead):
    patient = a_patient()
    a_week(a_provider("doc"))
    own = {"at_day": "11/24/2026", "at_time": "9:07", "over_book_reason": "The provider asked", "slot": ""}
    refused = lead.post("/schedule/book/", {**asked(patient), **own})
    assert refused.status_code == 422 and "Choose with whom first" in text_of(refused)
    odd = lead.post("/schedule/book/", {**asked(patient), **own, "at_day": "sometime"})
    assert "Say the day and the time" not in text_of(odd)
    assert not Appointment.objects.exists()


def test_a_series_is_read_out_whole_and_one_of_it_is_called_off_alone(desk):
    patient, doc = a_patient(), a_provider("doc")
    a_week(doc)
    at = actions.Slot(site=a_site(), provider=doc, starts=local(MONDAY, 9), minutes=20)
    common = {"actor": SYSTEM, "patient": patient, "visit_type": a_visit_type()}
    first = actions.book_series(first=at, every_weeks=1, times=3, **common).booked[0]
    shown = text_of(desk.get(f"/appointments/{first.public_id}/?booked=1"))
    assert "Booked: 3 visits" in shown and "the other 2 of the series stay" in shown
    assert shown.count("Mon 7 Dec 2026") == 2
