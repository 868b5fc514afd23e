"""From the door of the room to the signed note."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mainstay.chart.models import Observation
from mainstay.chart.queries import Entry
from mainstay.foundation.errors import InvalidInput, NeedsConfirmation, NotPermitted, StopFound
from mainstay.foundation.findings import NOTHING_CONFIRMED, Confirmations
from mainstay.rooming import actions
from mainstay.rooming.errors import AlreadyIdentified, NobodyTold, NoteIsSigned, NotIdentified, NotInARoom
from mainstay.rooming.models import AbnormalLoop, ScreeningResult
from mainstay.visits import actions as visit_actions
from mainstay.visits.actions.checking_in import ArrivalScreen, DeskCheck
from mainstay.visits.models import Signal, Visit
from mainstay.visits.tests.factories import a_person, a_room, a_visit, acting_as
from mainstay.work import actions as work_actions
from mainstay.work.models import WorkItem

pytestmark = pytest.mark.django_db
TWO = ["name", "birth_date"]


@pytest.fixture
def provider():
    return a_person("doc", "provider", licence="MD")


@pytest.fixture
def ma():
    return acting_as(a_person("maria", "clinical_ma"))


@pytest.fixture
def visit(ma, provider):
    check = DeskCheck(identifiers=TWO)
    visit = visit_actions.check_in_patient(
        actor=ma, visit=a_visit(provider=provider), check=check, screen=ArrivalScreen()
    )
    return visit_actions.room_patient(actor=ma, visit=visit, room=a_room())


def vitals(ma, visit, pressure="120/78", **more):
    entries = {"blood_pressure": Entry(text=pressure, technique={"side": "left"}), **more}
    return actions.record_panel(actor=ma, visit=visit, code="vitals", entries=entries, confirmed=NOTHING_CONFIRMED)


def test_nobody_is_roomed_before_they_are_in_a_room(ma, provider):
    with pytest.raises(NotInARoom):
        actions.identify_patient(actor=ma, visit=a_visit(provider=provider), identifiers=TWO)


def test_nothing_is_measured_on_somebody_not_identified(ma, visit):
    with pytest.raises(NotIdentified):
        vitals(ma, visit)
    with pytest.raises(NotIdentified):
        actions.identify_patient(actor=ma, visit=visit, identifiers=["name", "name"])
    assert not Observation.objects.exists()


def test_who_was_identified_in_the_room_is_not_called_somebody_else(ma, visit):
    out = actions.stop_for_wrong_patient(actor=ma, visit=visit, said="Joan Doe, born in May")
    assert out.room is None and Signal.objects.filter(visit=visit, severity="stop", cleared_at=None).exists()
    back = visit_actions.room_patient(actor=ma, visit=out, room=a_room("2"))
    actions.identify_patient(actor=ma, visit=back, identifiers=TWO)
    assert not Signal.objects.filter(visit=visit, severity="stop", cleared_at=None).exists()
    with pytest.raises(AlreadyIdentified):
        actions.stop_for_wrong_patient(actor=ma, visit=back, said="Joan Doe, born in May")


def test_a_pressure_typed_once_becomes_two_observations(ma, visit):
    actions.identify_patient(actor=ma, visit=visit, identifiers=TWO)
    rows, alerts = vitals(ma, visit)
    assert {(r.key, r.value) for r in rows} == {("systolic", 120), ("diastolic", 78)}
    assert {r.side for r in rows} == {"left"} and alerts == []


def test_an_impossible_value_is_not_saved(ma, visit):
    actions.identify_patient(actor=ma, visit=visit, identifiers=TWO)
    with pytest.raises(StopFound):
        vitals(ma, visit, pressure="12/80")
    assert not Observation.objects.exists()


def test_an_unlikely_value_needs_a_reason_which_is_kept(ma, visit):
    actions.identify_patient(actor=ma, visit=visit, identifiers=TWO)
    with pytest.raises(NeedsConfirmation) as caught:
        vitals(ma, visit, pressure="230/110")
    reasons = Confirmations({f.code: "Measured twice" for f in caught.value.findings})
    entries = {"blood_pressure": Entry(text="230/110")}
    rows, _ = actions.record_panel(actor=ma, visit=visit, code="vitals", entries=entries, confirmed=reasons)
    assert "Measured twice" in {r.confirmed_reason for r in rows}


def test_a_fetch_now_value_is_told_answered_checked_again_and_closed(ma, visit, provider):
    actions.identify_patient(actor=ma, visit=visit, identifiers=TWO)
    actions.record_reason(actor=ma, visit=visit, reason=actions.Reason(words="My chest hurts", symptoms=["chest pain"]))
    vitals(ma, visit, pressure="192/118")
    loop = AbnormalLoop.objects.filter(visit=visit, is_now=True, observation__isnull=False).first()
    assert loop is not None
    assert Signal.objects.filter(visit=visit, kind="stop_and_fetch", cleared_at=None).exists()
    assert WorkItem.objects.get(once_key=f"loop:{loop.pk}").band == "R1"
    with pytest.raises(NobodyTold):
        actions.hand_off_to_provider(actor=ma, visit=visit, to=provider, situation="BP high")
    for open_loop in AbnormalLoop.objects.filter(visit=visit):
        actions.tell_provider(actor=ma, loop=open_loop, to=provider, how="in_person")
        actions.answer_loop(actor=ma, loop=open_loop, answer="ECG now, repeat in 5 minutes", recheck_minutes=5)
    with pytest.raises(InvalidInput):
        actions.close_loop(actor=ma, loop=loop)
    later = ma.at(ma.now + timedelta(minutes=5))
    rows, _ = vitals(later, visit, pressure="150/90")
    closed = actions.close_loop(actor=later, loop=loop, recheck=rows[0])
    assert closed.state == "closed" and closed.told_to == provider
    assert WorkItem.objects.get(once_key=f"loop:{loop.pk}").state == "done"
    vitals(later, visit, pressure="192/118")
    again = AbnormalLoop.objects.get(visit=visit, code=loop.code, state="open")
    assert again.pk != loop.pk and WorkItem.objects.get(once_key=f"loop:{again.pk}").state == "open"


def test_item_nine_is_never_left_in_the_chart(ma, visit):
    actions.identify_patient(actor=ma, visit=visit, identifiers=TWO)
    from mainstay.rooming.screenings import tool

    answers = {item.code: 0 for item in tool("phq-9").items}
    answers[[i.code for i in tool("phq-9").items if i.is_scored][8]] = 1
    row, alerts, _ = actions.take_screening(actor=ma, visit=visit, code="phq-9", answers=answers)
    assert row.total == 1 and alerts
    assert AbnormalLoop.objects.get(screening=row).is_now
    assert Signal.objects.filter(visit=visit, kind="self_harm", cleared_at=None).exists()


def test_an_answer_that_is_none_of_the_choices_keeps_nothing(ma, visit):
    actions.identify_patient(actor=ma, visit=visit, identifiers=TWO)
    from mainstay.rooming.screenings import tool

    with pytest.raises(StopFound):
        actions.take_screening(actor=ma, visit=visit, code="phq-2", answers={tool("phq-2").items[0].code: 9})
    assert not ScreeningResult.objects.exists()


def test_the_hand_off_waits_for_the_provider_to_acknowledge(ma, visit, provider):
    actions.identify_patient(actor=ma, visit=visit, identifiers=TWO)
    intake = actions.hand_off_to_provider(actor=ma, visit=visit, to=provider, situation="Here for follow-up")
    assert Visit.objects.get(pk=visit.pk).stage == "ready"
    assert intake.handoff.acknowledged_at is None
    done = work_actions.acknowledge_handoff(actor=acting_as(provider), handoff=intake.handoff, read_back="Follow-up")
    assert done.acknowledged_by == provider


def test_a_signed_note_is_amended_never_changed(ma, visit, provider):
    doctor = acting_as(provider)
    with pytest.raises(NotPermitted):
        actions.write_note(actor=ma, visit=visit, text="Looks fine")
    note = actions.write_note(actor=doctor, visit=visit, text="Stable.", plan_for_patient="Keep walking daily.")
    actions.sign_note(actor=doctor, note=note)
    with pytest.raises(NoteIsSigned):
        actions.sign_note(actor=doctor, note=note)
    new = actions.amend_note(actor=doctor, note=note, text="Stable. Recheck A1c.", because="Forgot the lab")
    note.refresh_from_db()
    assert note.text == "Stable." and note.state == "amended" and new.state == "signed"
    assert Visit.objects.get(pk=visit.pk).plan_for_patient == "Keep walking daily."


def test_words_in_the_room_that_cannot_wait_fetch_the_provider(ma, visit, provider):
    actions.identify_patient(actor=ma, visit=visit, identifiers=TWO)
    actions.record_reason(actor=ma, visit=visit, reason=actions.Reason(words="Cough and a runny nose"))
    assert not AbnormalLoop.objects.filter(visit=visit).exists()
    words = actions.Reason(words="Crushing pain in my chest since an hour")
    actions.record_reason(actor=ma, visit=visit, reason=words)
    actions.record_reason(actor=ma, visit=visit, reason=replace(words, onset="an hour"))
    loop = AbnormalLoop.objects.get(visit=visit)
    assert loop.is_now and "Crushing pain in my chest" in loop.message
    assert Signal.objects.filter(visit=visit, kind="stop_and_fetch", cleared_at=None).count() == 1
    actions.record_reason(actor=ma, visit=visit, reason=actions.Reason(words="Cough"))
    assert AbnormalLoop.objects.get(visit=visit).state == "open", "what was said is not unsaid by typing over it"
    with pytest.raises(NobodyTold):
        actions.hand_off_to_provider(actor=ma, visit=visit, to=provider, situation="Cough")


def test_what_the_patient_says_in_the_room_is_why_they_came(ma, visit):
    actions.identify_patient(actor=ma, visit=visit, identifiers=TWO)
    actions.record_reason(actor=ma, visit=visit, reason=actions.Reason(words="My chest hurts a bit"))
    assert Visit.objects.get(pk=visit.pk).reason == "My chest hurts a bit"
    actions.record_reason(actor=ma, visit=visit, reason=actions.Reason(words=" "))
    assert Visit.objects.get(pk=visit.pk).reason == "My chest hurts a bit"
