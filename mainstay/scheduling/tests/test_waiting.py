"""What comes free is offered to those who wait."""

from datetime import date, timedelta

import pytest

from mainstay.foundation.errors import IllegalMove
from mainstay.foundation.testing import A_MOMENT, an_actor, tell_everyone
from mainstay.scheduling import actions, queries
from mainstay.scheduling.actions import Slot
from mainstay.scheduling.actions.waiting import Wanted
from mainstay.scheduling.errors import SlotHeld
from mainstay.scheduling.models import SlotOffer
from mainstay.scheduling.tests.factories import a_patient, a_provider, a_site, a_visit_type, a_week, booked, local
from mainstay.work.models import WorkItem

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
SYSTEM = an_actor()


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)


def waits(mrn, **more):
    current = more.pop("current", None)
    return actions.join_wait_list(
        actor=SYSTEM, patient=current.patient if current else a_patient(mrn), visit_type=a_visit_type(),
        wanted=Wanted(**{"note": "Sooner", **more}), current_appointment=current,
    )  # fmt: skip


def cancelled(doc):
    first = booked(doc, local(MONDAY, 9))
    actions.cancel_appointment(actor=SYSTEM, appointment=first, reason="ill")
    tell_everyone()
    return first


def test_a_cancelled_time_is_held_for_the_first_in_line_and_booked_when_they_take_it():
    doc = a_provider()
    a_week(doc)
    waits("2")
    urgent = waits("3", urgency="R4")
    cancelled(doc)
    offer = SlotOffer.objects.get()
    assert offer.entry == urgent and offer.runs_out_at > A_MOMENT
    assert WorkItem.objects.filter(kind="slot_offer", state="open").count() == 1
    made = actions.accept_offer(actor=SYSTEM, offer=offer)
    urgent.refresh_from_db()
    assert made.patient_id == urgent.patient_id and urgent.left_because == "booked sooner"
    assert not WorkItem.objects.filter(kind="slot_offer", state="open").exists()
    with pytest.raises(IllegalMove):
        actions.accept_offer(actor=SYSTEM, offer=offer)


def test_nobody_is_offered_the_time_they_gave_up_themselves():
    doc = a_provider()
    theirs = booked(doc, local(MONDAY, 9))
    waits("1", current=theirs, urgency="R3")
    next_one = waits("2")
    actions.cancel_appointment(actor=SYSTEM, appointment=theirs, reason="cannot come")
    tell_everyone()
    assert SlotOffer.objects.get().entry == next_one
    assert actions.decline_offer(actor=SYSTEM, offer=SlotOffer.objects.get()) is None


def test_a_held_time_is_neither_offered_nor_booked_for_others():
    doc = a_provider()
    a_week(doc)
    waits("2")
    cancelled(doc)
    search = queries.Search(visit_type=a_visit_type(), now=A_MOMENT, first_day=MONDAY)
    assert queries.first_times_that_suit(search)[0].starts == local(MONDAY, 9, 20)
    with pytest.raises(SlotHeld):
        booked(doc, local(MONDAY, 9), patient=a_patient("9"))


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_a_held_time_is_anybodys_from_the_moment_the_offer_runs_out_though_nobody_ended_it(seconds):
    doc = a_provider()
    a_week(doc)
    waits("2")
    cancelled(doc)
    then = SYSTEM.at(SlotOffer.objects.get().runs_out_at + timedelta(seconds=seconds))
    kind, slot = a_visit_type(), Slot(site=a_site(), provider=doc, starts=local(MONDAY, 9), minutes=20)
    wish = {"patient": a_patient("9"), "visit_type": kind, "slot": slot}
    if seconds < 0:
        with pytest.raises(SlotHeld):
            actions.book_appointment(actor=then, **wish)
    else:
        assert actions.book_appointment(actor=then, **wish)
        assert SlotOffer.objects.get().answer == ""


def test_who_declines_stays_and_the_next_in_line_is_asked():
    doc = a_provider()
    first, second = waits("2"), waits("3")
    cancelled(doc)
    following = actions.decline_offer(actor=SYSTEM, offer=SlotOffer.objects.get())
    assert following is not None and following.entry == second
    assert actions.decline_offer(actor=SYSTEM, offer=following) is None
    first.refresh_from_db()
    assert first.left_at is None


def test_an_offer_nobody_answers_goes_to_the_next(monkeypatch):
    doc = a_provider()
    waits("2")
    second = waits("3")
    cancelled(doc)
    later = SlotOffer.objects.get().runs_out_at + timedelta(minutes=1)
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: later)
    assert actions.let_offers_run_out(actor=an_actor(now=later)) == 1
    assert SlotOffer.objects.get(answer="").entry == second
    assert actions.let_offers_run_out(actor=an_actor(now=later)) == 0


def test_what_they_have_is_moved_when_they_take_something_sooner():
    doc = a_provider()
    later = booked(doc, local(MONDAY + timedelta(days=20), 9), patient=a_patient("2"))
    waits("2", current=later)
    cancelled(doc)
    made = actions.accept_offer(actor=SYSTEM, offer=SlotOffer.objects.get())
    later.refresh_from_db()
    assert later.state == "cancelled" and made.moved_from_id == later.pk


def test_a_missed_time_is_offered_when_there_is_still_time_and_the_patient_is_called():
    doc = a_provider()
    waits("2")
    missed = booked(doc, local(MONDAY, 9))
    actions.miss_appointment(actor=SYSTEM, appointment_id=missed.pk)
    tell_everyone()
    tell_everyone()
    assert SlotOffer.objects.count() == 1
    assert WorkItem.objects.filter(kind="no_show").count() == 1


def test_nobody_is_asked_to_come_within_minutes():
    doc = a_provider()
    waits("2")
    soon = booked(doc, A_MOMENT + timedelta(minutes=20))
    actions.cancel_appointment(actor=SYSTEM, appointment=soon, reason="ill")
    tell_everyone()
    assert not SlotOffer.objects.exists()


def test_who_leaves_gives_back_what_was_held():
    doc = a_provider()
    entry = waits("2")
    cancelled(doc)
    actions.leave_wait_list(actor=SYSTEM, entry=entry, reason="moved away")
    assert SlotOffer.objects.get().answer == "withdrawn"
    slot = Slot(site=a_site(), provider=doc, starts=local(MONDAY, 9), minutes=20)
    assert actions.book_appointment(actor=SYSTEM, patient=a_patient("9"), visit_type=a_visit_type(), slot=slot)
