"""What the desk does with papers, late arrivals, no-shows, loose ends and photographs."""

from __future__ import annotations

import io
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connections
from PIL import Image

from mainstay.coverage import actions as coverage
from mainstay.forms import actions as forms
from mainstay.forms.actions import Signing
from mainstay.forms.models import FormResponse
from mainstay.foundation.errors import IllegalMove, InvalidInput, NotPermitted
from mainstay.foundation.testing import A_MOMENT, tell_everyone
from mainstay.people.models import Patient
from mainstay.scheduling.actions import Slot, book_appointment
from mainstay.scheduling.errors import SlotTaken
from mainstay.scheduling.models import Appointment, Recall
from mainstay.visits import actions, queries
from mainstay.visits.actions.checking_in import ArrivalScreen, DeskCheck
from mainstay.visits.models import Signal, Visit
from mainstay.visits.rules import judge_lateness
from mainstay.visits.tests.factories import a_patient, a_person, a_room, a_site, a_visit, a_visit_type, acting_as
from mainstay.work.models import WorkItem

pytestmark = pytest.mark.django_db

TWO = DeskCheck(identifiers=["name", "birth_date"])
WELL = ArrivalScreen({"fever": "no", "rash": "no", "cough": "no"})


@pytest.fixture
def lee():
    return acting_as(a_person("lee", "administrative_ma"))


@pytest.fixture
def desk(client, monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    client.force_login(a_person("dee", "administrative_ma"))
    return client


def key():
    return {"idempotency_key": str(uuid.uuid4())}


def checked_in(lee, visit=None, **more):
    return actions.check_in_patient(actor=lee, visit=visit or a_visit(), check=TWO, screen=WELL, **more)


def signals(visit):
    return set(Signal.objects.filter(visit=visit, cleared_at=None).values_list("kind", flat=True))


# Forms at check-in


def test_forms_due_are_called_out_at_check_in_and_never_stop_it(lee):
    visit = checked_in(lee)
    assert visit.stage == "checked_in"
    signal = Signal.objects.get(visit=visit, kind="form_missing")
    assert signal.text.endswith("forms to sign")


def test_the_last_signature_or_refusal_clears_the_board(lee):
    visit = checked_in(lee)
    left = [paper for paper in queries.papers_of_visit(visit) if paper.is_required]
    assert {"npp_acknowledgement", "consent_to_treat", "financial_policy"} <= {paper.form for paper in left}
    for paper in left:
        assert "form_missing" in signals(visit)
        response = forms.give_form(
            actor=lee, patient=visit.patient, form=paper.form, language="en", visit_ref=visit.public_id
        )
        if paper.form == "consent_to_treat":
            forms.decline_form(actor=lee, response=response, reason="Wants to read it first")
            continue
        answers = {"best_way": "phone"} if paper.form == "communication_preferences" else {}
        forms.sign_form(actor=lee, response=response, answers=answers, signing=Signing("Jo Doe"))
    assert "form_missing" not in signals(visit)
    states = {paper.form: paper.state for paper in queries.papers_of_visit(visit)}
    assert states["consent_to_treat"] == "declined" and states["financial_policy"] == "signed"


def test_the_desk_sees_the_forms_of_the_visit_and_gives_them_all_out(desk):
    visit = a_visit()
    page = f"/visits/{visit.public_id}/check-in/"
    assert "Consent to treatment" in desk.get(page).content.decode()
    named = {"form": ["npp_acknowledgement", "consent_to_treat"], "language": "en", "visit": str(visit.public_id)}
    given = desk.post(f"/patients/{visit.patient.public_id}/forms/give/", {**named, "back": page, **key()})
    assert (given.status_code, given["Location"]) == (303, page)
    assert "given out" in desk.get(page).content.decode()
    assert set(FormResponse.objects.values_list("visit_ref", flat=True)) == {visit.public_id}


# The arrival screen


@pytest.mark.parametrize(
    ("answers", "kind", "place"),
    [
        ({"fever": "yes", "rash": "yes", "cough": "no"}, "airborne", "choose-room"),
        ({"fever": "unsure", "rash": "yes", "cough": "no"}, "airborne", "choose-room"),
        ({"fever": "no", "rash": "no", "cough": "no", "long_cough": "yes"}, "airborne", "choose-room"),
        ({"fever": "yes", "rash": "no", "cough": "yes"}, "seated_apart", "board"),
        ({"fever": "no", "rash": "no", "cough": "no", "no_to_the_rest": "on"}, None, "board"),
    ],
)
def test_the_arrival_screen_says_where_the_patient_waits(desk, answers, kind, place):
    visit = a_visit()
    said = {"identifiers": ["name", "birth_date"], **answers}
    answer = desk.post(f"/visits/{visit.public_id}/check-in/", {**said, **key()})
    assert answer.status_code == 303 and place in answer["Location"]
    assert signals(visit) - {"form_missing"} == ({kind} if kind else set())
    assert Visit.objects.get(pk=visit.pk).is_airborne_risk == (kind == "airborne")


def test_one_tick_says_no_to_every_question_that_was_left_open(desk):
    visit = a_visit()
    page = f"/visits/{visit.public_id}/check-in/"
    assert desk.post(page, {"identifiers": ["name", "birth_date"], **key()}).status_code == 422
    said = {"identifiers": ["name", "birth_date"], "no_to_the_rest": "on"}
    assert desk.post(page, {**said, **key()}).status_code == 303
    screened = Visit.objects.get(pk=visit.pk).check_in
    assert len(screened.arrival_answers) == 7 and (screened.fever, screened.place) == (False, "waiting_room")


def test_a_question_nobody_has_is_not_kept(lee):
    with pytest.raises(InvalidInput):
        actions.screen_arrival(actor=lee, visit=a_visit(), screen=ArrivalScreen({"nonsense": "yes"}))


# Coverage at check-in


def test_an_inactive_policy_is_called_out_until_somebody_finds_it_active(lee):
    visit = a_visit()
    payer = coverage.know_payer(actor=lee, name="Lakes Health")
    policy = coverage.record_policy(
        actor=lee, patient=visit.patient, payer=payer, facts=coverage.PolicyFacts(member_id="W1")
    )
    coverage.record_check(actor=lee, policy=policy, result="inactive")
    visit = checked_in(lee, visit)
    assert "coverage_problem" in signals(visit)
    coverage.record_check(actor=lee, policy=policy, result="active")
    assert "coverage_problem" not in signals(visit)


# Late, no-show, undo


def test_how_late_somebody_is_decides_what_is_offered():
    assert judge_lateness(A_MOMENT, A_MOMENT + timedelta(minutes=5)) is None
    soon = judge_lateness(A_MOMENT, A_MOMENT + timedelta(minutes=12))
    assert (soon.minutes, soon.provider_decides) == (12, False)
    late = judge_lateness(A_MOMENT, A_MOMENT + timedelta(minutes=25))
    assert late.provider_decides and [way.code for way in late.ways] == ["ask_provider", "rebook"]


def test_a_late_patient_is_shown_late_and_the_provider_is_asked(desk):
    visit = a_visit(starts=A_MOMENT - timedelta(minutes=25))
    assert "25 min late" in desk.get("/board/").content.decode()
    shown = desk.get(f"/visits/{visit.public_id}/check-in/").content.decode()
    assert "25 minutes late" in shown and "The provider decides" in shown
    assert desk.post(f"/visits/{visit.public_id}/late/", key()).status_code == 303
    assert "seen now, or another time" in desk.get("/board/").content.decode()
    on_time = a_visit(patient=a_patient("100002"), starts=A_MOMENT + timedelta(hours=1))
    assert desk.post(f"/visits/{on_time.public_id}/late/", key()).status_code == 422


def test_an_arrival_is_taken_back_within_a_minute_and_the_booking_follows(lee):
    visit = actions.mark_arrived(actor=lee, visit=a_visit())
    undone = actions.undo_last_move(actor=lee.at(A_MOMENT + timedelta(seconds=50)), visit=visit)
    assert (undone.stage, undone.arrived_at) == ("expected", None)
    assert Appointment.objects.get().state == "booked"
    again = actions.mark_arrived(actor=lee, visit=undone)
    with pytest.raises(IllegalMove, match="too late"):
        actions.undo_last_move(actor=lee.at(A_MOMENT + timedelta(seconds=70)), visit=again)
    assert Visit.objects.get().stage == "arrived"


def test_a_no_show_is_taken_back_within_a_minute_and_nobody_is_called(lee):
    visit = actions.mark_no_show(actor=lee, visit=a_visit())
    assert tell_everyone() and WorkItem.objects.get(kind="no_show").state == "open"
    undone = actions.undo_last_move(actor=lee, visit=visit)
    assert undone.stage == "expected" and Appointment.objects.get().state == "booked"
    assert WorkItem.objects.get(kind="no_show").state == "done"


def test_a_no_show_taken_back_before_the_worker_ran_leaves_no_call(lee):
    visit = actions.mark_no_show(actor=lee, visit=a_visit())
    actions.undo_last_move(actor=lee, visit=visit)
    tell_everyone()
    assert not WorkItem.objects.filter(kind="no_show").exists()


def test_a_missed_time_somebody_else_has_cannot_be_taken_back(lee):
    doctor = a_person("doc", "provider")
    visit = actions.mark_no_show(actor=lee, visit=a_visit(provider=doctor))
    slot = Slot(site=a_site(), provider=doctor, starts=A_MOMENT, minutes=20)
    book_appointment(actor=lee, patient=a_patient("100002"), visit_type=a_visit_type(), slot=slot)
    with pytest.raises(SlotTaken):
        actions.undo_last_move(actor=lee, visit=visit)
    assert Visit.objects.get(pk=visit.pk).stage == "no_show"


def test_who_comes_after_all_is_checked_in_with_a_reason_even_when_the_time_is_anothers(lee):
    doctor = a_person("doc", "provider")
    visit = actions.mark_no_show(actor=lee, visit=a_visit(provider=doctor))
    slot = Slot(site=a_site(), provider=doctor, starts=A_MOMENT, minutes=20)
    book_appointment(actor=lee, patient=a_patient("100002"), visit_type=a_visit_type(), slot=slot)
    with pytest.raises(InvalidInput, match="came late"):
        actions.mark_arrived(actor=lee, visit=visit)
    late = DeskCheck(identifiers=["name", "birth_date"], late_reason="The bus broke down")
    done = actions.check_in_patient(actor=lee, visit=visit, check=late, screen=WELL)
    booking = Appointment.objects.get(pk=visit.appointment_id)
    assert (done.stage, booking.state, booking.over_book_reason) == (
        "checked_in", "kept", "Came late: The bus broke down"
    )  # fmt: skip
    assert done.steps.get(name="arrive").reason == "The bus broke down"


def test_a_no_show_stays_among_those_to_come_and_offers_its_undoing(desk):
    visit = a_visit(starts=A_MOMENT - timedelta(minutes=40))
    moved = desk.post(f"/visits/{visit.public_id}/step/miss/", key(), headers={"HX-Request": "true"})
    assert b"/undo/" in moved.content
    board = desk.get("/board/").content.decode()
    assert "Came after all" in board and visit.patient.called_name in board
    page = f"/visits/{visit.public_id}/check-in/"
    assert "Why they came late" in desk.get(page).content.decode()
    said = {"identifiers": ["name", "birth_date"], "no_to_the_rest": "on"}
    assert desk.post(page, {**said, **key()}).status_code == 422
    assert desk.post(page, {**said, "late_reason": "Bus", **key()}).status_code == 303
    assert desk.post(f"/visits/{visit.public_id}/step/arrive/", key()).status_code == 409


def test_a_no_show_and_its_undoing_race_and_one_state_stands(transactional_db):
    lee = acting_as(a_person("lee", "administrative_ma"))
    visit = actions.mark_no_show(actor=lee, visit=a_visit())

    def act(number):
        try:
            if number % 2:
                actions.undo_last_move(actor=lee, visit=visit)
            else:
                actions.mark_arrived(actor=lee, visit=visit, late_reason="Came late")
            return 1
        except (IllegalMove, InvalidInput):
            return 0
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as desks:
        list(desks.map(act, range(4)))
    fresh = Visit.objects.select_related("appointment").get(pk=visit.pk)
    assert (fresh.stage, fresh.appointment.state) in {
        ("expected", "booked"), ("arrived", "kept"), ("no_show", "no_show")
    }  # fmt: skip


# Loose ends


def an_end(lee, **more):
    visit = actions.begin_check_out(actor=lee, visit=checked_in(lee))
    return actions.add_loose_end(actor=lee, visit=visit, kind="follow_up", text="In 3 months", **more)


def booked_for(lee, end, patient=None, days=30):
    slot = Slot(site=a_site(), provider=None, starts=A_MOMENT + timedelta(days=days), minutes=20)
    return book_appointment(
        actor=lee, patient=patient or end.visit.patient, visit_type=a_visit_type(), slot=slot, ref=end.public_id.hex
    )


def test_booking_from_a_loose_end_settles_it(lee):
    end = an_end(lee)
    booked = booked_for(lee, end)
    end.refresh_from_db()
    assert (end.settled_how, end.appointment_id, end.settled_by_id) == ("booked", booked.pk, lee.staff_id)
    assert actions.close_visit(actor=lee, visit=end.visit).stage == "closed"


def test_a_booking_for_somebody_else_settles_nothing(lee):
    end = an_end(lee)
    booked_for(lee, end, patient=a_patient("100002"))
    end.refresh_from_db()
    assert end.settled_at is None
    slot = Slot(site=a_site(), provider=None, starts=A_MOMENT + timedelta(days=60), minutes=20)
    book_appointment(actor=lee, patient=end.visit.patient, visit_type=a_visit_type(), slot=slot, ref="no such thing")


def test_a_second_booking_leaves_the_first_as_what_settled_it(lee):
    end = an_end(lee)
    first = booked_for(lee, end)
    booked_for(lee, end, days=40)
    end.refresh_from_db()
    assert end.appointment_id == first.pk


def test_what_is_declined_becomes_work_for_a_clinician(lee):
    end = an_end(lee)
    with pytest.raises(InvalidInput):
        actions.settle_loose_end(actor=lee, end=end, how="declined")
    settled = actions.settle_loose_end(actor=lee, end=end, how="declined", reason="Feels fine")
    item = WorkItem.objects.get(kind="loose_end")
    assert (settled.became, item.pool) == ("work", "clinician") and "Feels fine" in item.detail


def test_what_is_not_wanted_now_becomes_a_recall_for_its_day(desk, lee):
    end = an_end(lee, due_on=date(2027, 2, 20))
    url = f"/visits/{end.visit.public_id}"
    settle = f"{url}/loose-ends/{end.public_id}/"
    assert desk.post(settle, {"how": "recall", "reason": "", **key()}).status_code == 422
    assert desk.post(settle, {"how": "recall", "reason": "Calls from home", **key()}).status_code == 303
    recall = Recall.objects.get()
    assert recall.due_on == date(2027, 2, 20) and "Calls from home" in recall.reason
    assert desk.post(f"{url}/close/", key()).status_code == 303


# Photographs


def a_picture(size=(900, 600), exif=True):
    picture = Image.new("RGB", size, "teal")
    facts = Image.Exif()
    if exif:
        facts[0x010F], facts[0x0112] = "Camera of Ana", 6
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=facts)
    out.seek(0)
    out.name = "photo.jpg"
    return out


def test_a_photograph_is_made_small_and_bare_and_shown_on_the_banner(desk):
    patient = a_patient()
    page = f"/patients/{patient.public_id}/photo/"
    assert desk.get(page).status_code == 200
    assert desk.get(f"/patients/{patient.public_id}/photo.jpg").status_code == 404
    assert desk.post(page, {"photo": a_picture(), **key()}).status_code == 303
    shown = desk.get(f"/patients/{patient.public_id}/photo.jpg")
    kept = Image.open(io.BytesIO(shown.content))
    assert kept.size == (320, 320) and not kept.getexif() and b"Camera of Ana" not in shown.content
    assert len(shown.content) < 60_000
    assert "photo.jpg" in desk.get(f"/patients/{patient.public_id}/").content.decode()
    assert desk.post(f"/patients/{patient.public_id}/photo/drop/", key()).status_code == 303
    assert Patient.objects.get().photo_ref is None
    assert desk.get(f"/patients/{patient.public_id}/photo.jpg").status_code == 404


@pytest.mark.parametrize("content", [b"not a picture", b"\xff\xd8\xff\xe0broken", b"GIF89a"])
def test_what_is_no_picture_is_refused_in_words(desk, content):
    bad = io.BytesIO(content)
    bad.name = "photo.jpg"
    answer = desk.post(f"/patients/{a_patient().public_id}/photo/", {"photo": bad, **key()})
    assert answer.status_code == 422 and "no picture" in answer.content.decode()


def test_a_confidential_photograph_is_closed_like_the_chart(client, desk):
    patient = a_patient()
    desk.post(f"/patients/{patient.public_id}/photo/", {"photo": a_picture(), **key()})
    Patient.objects.filter(pk=patient.pk).update(is_confidential=True)
    assert desk.get(f"/patients/{patient.public_id}/photo.jpg").status_code == 403


# The visits of a patient


def test_a_patients_visits_are_listed_with_their_summaries(desk, lee):
    visit = checked_in(lee)
    coming = a_visit(patient=visit.patient, starts=A_MOMENT + timedelta(days=20))
    summary = actions.make_summary(actor=lee, visit=visit, language="en")
    shown = desk.get(f"/patients/{visit.patient.public_id}/visits/").content.decode()
    assert str(coming.appointment.public_id) in shown and str(summary.public_id) in shown
    assert "Checked in" in shown


def test_the_pages_of_the_desk_need_few_queries(desk, lee, django_assert_max_num_queries):
    patient = a_patient()
    for n in range(6):
        visit = a_visit(patient=patient, starts=A_MOMENT + timedelta(hours=n))
        actions.make_summary(actor=lee, visit=checked_in(lee, visit), language="en") if n < 2 else None
    for page, most in (
        (f"/patients/{patient.public_id}/visits/", 24),
        (f"/visits/{visit.public_id}/check-in/", 50),
        ("/board/", 16),
    ):
        desk.get(page)
        with django_assert_max_num_queries(most):
            desk.get(page)


def test_a_trainee_moves_nothing_at_the_desk(client, monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    trainee, visit = a_person("tim", "trainee"), a_visit(starts=A_MOMENT - timedelta(minutes=30))
    with pytest.raises(NotPermitted):
        actions.ask_about_late(actor=acting_as(trainee), visit=visit)
    client.force_login(trainee)
    for path in (
        f"/visits/{visit.public_id}/late/",
        f"/visits/{visit.public_id}/check-in/",
        f"/patients/{visit.patient.public_id}/photo/",
        f"/patients/{visit.patient.public_id}/photo/drop/",
        f"/patients/{visit.patient.public_id}/forms/give/",
        f"/patients/{visit.patient.public_id}/coverage/add/",
    ):
        assert client.post(path, key()).status_code == 403, path
    a_room()
    assert Visit.objects.get().stage == "expected"
