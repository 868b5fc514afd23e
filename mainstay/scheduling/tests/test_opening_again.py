"""Whoever opens again what was closed settles the calls about visits that can take place, and no others."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from mainstay.foundation.findings import Confirmations
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.messages.actions import Tried, note_call_attempt
from mainstay.practice import actions as practice
from mainstay.practice.models import Equipment, Room, Site
from mainstay.practice.queries import Opened
from mainstay.scheduling import actions
from mainstay.scheduling.actions import Slot
from mainstay.scheduling.actions.templates import Pattern
from mainstay.scheduling.models import TemplateException
from mainstay.scheduling.tests.factories import a_patient, a_provider, a_site, a_visit_type, a_week, booked, local
from mainstay.visits.tests.factories import a_person
from mainstay.work.actions import finish_work, give_back_work, take_work
from mainstay.work.models import WorkItem, WorkStep

pytestmark = pytest.mark.django_db
SYSTEM = an_actor()
MONDAY = date(2026, 11, 23)
TOLD = Confirmations({"booked-then": "The boiler is broken"})
OUT = "Open again, the visit can take place: nobody has to call"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)


def owed():
    return WorkItem.objects.filter(kind="move_appointment", state__in=["open", "taken"])


def visits(count, *, day=MONDAY, **more):
    return [
        actions.book_appointment(
            actor=an_actor(now=A_MOMENT - timedelta(days=2)), patient=a_patient(f"{n}"), visit_type=a_visit_type(),
            slot=Slot(site=a_site(), provider=a_provider(f"doc{n}"), starts=local(day, 9), minutes=20, **more),
        )
        for n in range(count)
    ]  # fmt: skip


def closed(day=MONDAY, site=None):
    return practice.close_day(actor=SYSTEM, day=day, name="Boiler", site=site, confirmed=TOLD)


def off(visit, *, hours=(0, 23)):
    return actions.take_time_off(
        actor=SYSTEM, provider=visit.provider, starts=local(MONDAY, hours[0]), ends=local(MONDAY, hours[1]),
        reason="Flu", confirmed=TOLD,
    )  # fmt: skip


def test_open_after_all_takes_every_call_off_the_list_with_a_word_that_is_kept():
    visits(3)
    closure = closed()
    assert owed().count() == 3
    assert practice.withdraw_closure(actor=SYSTEM, closure=closure) == Opened(off=3)
    assert not owed().exists()
    for item in WorkItem.objects.filter(kind="move_appointment"):
        assert item.state == "done" and item.outcome == f"{OUT} (open after all on Mon 23 Nov 2026)."
        last = item.steps.order_by("pk").last()
        assert (last.name, last.source, last.target, last.reason) == ("finish", "open", "done", item.outcome)


def test_open_after_all_says_who_has_begun_and_who_was_moved_and_undoes_neither():
    first, second, third, fourth, fifth, _rest = visits(6)
    maria = replace(SYSTEM, staff_id=a_person("maria", "front_desk").pk)
    closure = closed()
    items = {one.subject_ref: one for one in owed()}
    take_work(actor=maria, item=items[first.public_id])
    note_call_attempt(actor=SYSTEM, item=items[second.public_id], tried=Tried("no_answer"))
    given_back = take_work(actor=maria, item=items[third.public_id])
    give_back_work(actor=maria, item=given_back, reason="Call at noon")
    actions.cancel_appointment(actor=SYSTEM, appointment=fourth, reason="Will call back")
    finish_work(actor=SYSTEM, item=items[fifth.public_id], outcome="Comes on Tuesday")
    opened = practice.withdraw_closure(actor=SYSTEM, closure=closure)
    assert opened == Opened(off=1, begun=3, moved=2)
    assert {one.subject_ref for one in owed()} == {first.public_id, second.public_id, third.public_id}
    for item in owed():
        assert item.title.startswith("Can stay: Mon 23 Nov 2026 9:00 am with Dr. Doc")
        assert "9:00 am: Open after all on Mon 23 Nov 2026. The visit can take place after all. Tell" in item.detail
        assert "Boiler" in item.detail
    held = owed().get(subject_ref=first.public_id)
    assert held.owner_id == maria.staff_id and held.state == "taken"
    assert opened.words == [
        "1 call is off the work list: the visit can take place.",
        "3 calls stay on the list, with a note: somebody has begun.",
        "2 visits were moved, called off or called about before; that is not put back from here.",
    ]


def test_closed_again_a_call_that_could_stay_is_one_to_move_and_the_others_are_called_anew():
    first, second = visits(2)
    closure = closed()
    take_work(actor=SYSTEM, item=owed().get(subject_ref=first.public_id))
    practice.withdraw_closure(actor=SYSTEM, closure=closure)
    assert owed().count() == 1
    again = closed()
    assert owed().count() == 2
    assert all(item.title.startswith("Move: Mon 23") for item in owed())
    assert owed().get(subject_ref=first.public_id).detail.count("Off the schedule: closed on") == 2
    assert practice.withdraw_closure(actor=SYSTEM, closure=again) == Opened(off=1, begun=1)
    assert practice.withdraw_closure(actor=SYSTEM, closure=again) == Opened()
    assert owed().get().title.count("Can stay: ") == 1 and second.state == "booked"


def test_of_two_causes_taken_back_in_any_order_the_last_one_settles():
    for n, order in enumerate(((0, 1, 2), (2, 1, 0), (1, 2, 0))):
        day = MONDAY + timedelta(days=n)
        kind = a_visit_type()
        visit = booked(a_provider(f"kim{n}"), local(day, 9), patient=a_patient(f"9{n}"), visit_type=kind)
        here, everywhere = closed(day, a_site()), closed(day)
        away = actions.take_time_off(
            actor=SYSTEM, provider=visit.provider, starts=local(day, 8), ends=local(day, 12), reason="Flu",
            confirmed=TOLD,
        )  # fmt: skip
        assert owed().count() == 1
        steps = (
            lambda here=here: practice.withdraw_closure(actor=SYSTEM, closure=here),
            lambda everywhere=everywhere: practice.withdraw_closure(actor=SYSTEM, closure=everywhere),
            lambda away=away: actions.withdraw_exception(actor=SYSTEM, exception=away),
        )
        assert [steps[one]() for one in order] == [Opened(still=1), Opened(still=1), Opened(off=1)]
        assert not owed().exists()


def test_a_call_that_stays_says_what_still_keeps_the_visit_from_taking_place():
    room = Room.objects.create(site=a_site(), name="Procedure", kind="procedure")
    (visit,) = visits(1, room=room)
    closure = closed()
    practice.retire_room(actor=SYSTEM, room=room, confirmed=TOLD)
    assert practice.withdraw_closure(actor=SYSTEM, closure=closure) == Opened(still=1)
    item = owed().get()
    assert item.title.startswith("Move: ")
    assert item.detail.endswith("Open after all on Mon 23 Nov 2026, but Procedure is out of use.")
    practice.add_room(actor=SYSTEM, site=a_site(), name="procedure")
    assert not owed().exists() and visit.state == "booked"


def test_a_site_a_room_or_a_thing_opened_again_settles_its_calls():
    Site.objects.create(name="Westside", short_name="West", state="NY")
    cart = Equipment.objects.create(site=a_site(), name="ECG cart", kind="ecg")
    room = Room.objects.create(site=a_site(), name="Procedure", kind="procedure")
    visits(1, room=room, equipment=cart)
    practice.shut_site(actor=SYSTEM, site=a_site(), confirmed=TOLD)
    assert practice.reopen_site(actor=SYSTEM, site=a_site()) == Opened(off=1)
    assert practice.reopen_site(actor=SYSTEM, site=a_site()) == Opened()
    practice.retire_room(actor=SYSTEM, room=room, confirmed=TOLD)
    assert practice.use_room_again(actor=SYSTEM, room=room) == Opened(off=1)
    practice.retire_equipment(actor=SYSTEM, equipment=cart, confirmed=TOLD)
    again = practice.add_equipment(actor=SYSTEM, site=a_site(), name="ecg cart", kind="ecg")
    assert again.pk == cart.pk and again.is_in_use and not owed().exists()


def test_a_session_held_again_settles_the_calls_of_the_visits_in_it():
    doc = a_provider()
    morning = a_week(doc, days=(0,))[0]
    early, late = booked(doc, local(MONDAY, 9)), booked(doc, local(MONDAY, 11, 20), patient=a_patient("2"))
    actions.end_template(actor=SYSTEM, template=morning, last_day=A_MOMENT.date(), confirmed=TOLD)
    closure = closed()
    assert practice.withdraw_closure(actor=SYSTEM, closure=closure) == Opened(still=2)
    assert owed().first().detail.endswith("but the session ended.")
    about = {"actor": SYSTEM, "provider": doc, "site": a_site(), "effective": A_MOMENT.date()}
    other = a_visit_type("physical")
    nothing = actions.add_template(**about, pattern=Pattern(0, time(8), time(12)), visit_types=[other])
    assert nothing.calls == Opened(still=2)
    added = actions.add_template(**about, pattern=Pattern(0, time(8), time(10)))
    assert added.calls == Opened(off=1) and owed().get().subject_ref == late.public_id
    times = {"starts": local(MONDAY, 11), "ends": local(MONDAY, 12)}
    assert actions.add_session(actor=SYSTEM, provider=doc, site=a_site(), **times, reason="More") == Opened(off=1)
    assert early.state == "booked"


def test_an_extra_session_on_a_closed_day_settles_the_calls_of_who_holds_it_only():
    mine, other = visits(2)
    closed()
    times = {"starts": local(MONDAY, 8), "ends": local(MONDAY, 12)}
    opened = actions.add_session(actor=SYSTEM, provider=mine.provider, site=a_site(), **times, reason="Flu clinic")
    assert opened == Opened(off=1) and owed().get().subject_ref == other.public_id


def test_visits_booked_before_or_after_a_template_that_ended_long_ago_are_not_without_a_session():
    doc = a_provider()
    a_week(doc, days=(0,))[0].__class__.objects.update(expires=date(2026, 3, 1))
    booked(doc, local(MONDAY, 9))
    assert practice.withdraw_closure(actor=SYSTEM, closure=closed()) == Opened(off=1)


def test_who_is_off_at_another_time_or_gone_for_good_decides_for_their_visits_only():
    here, gone = visits(2)
    off(here, hours=(12, 17))
    closure = closed()
    gone.provider.is_active = False
    gone.provider.save()
    assert practice.withdraw_closure(actor=SYSTEM, closure=closure) == Opened(off=1, still=1)
    assert "Dr. Doc1 does not work here any more" in owed().get().detail


def test_the_pages_that_open_again_say_what_came_of_the_calls(client):
    Site.objects.create(name="Westside", short_name="West", state="NY")
    room = Room.objects.create(site=a_site(), name="Procedure", kind="procedure")
    cart = Equipment.objects.create(site=a_site(), name="ECG cart", kind="ecg")
    (visit,) = visits(1, room=room, equipment=cart)
    away = off(visit)
    client.force_login(a_person("mina", "manager"))
    answer = _sent(client, f"/schedule/exceptions/{away.public_id}/withdraw/", address="time-off-withdraw", ref=away)
    assert "1 call is off the work list" in answer
    closure = closed()
    settings = f"/settings/sites/{a_site().public_id}/"
    assert "1 call is off the work list" in _sent(client, f"{settings}closure/{closure.pk}/end/")
    practice.retire_room(actor=SYSTEM, room=room, confirmed=TOLD)
    typed = {"room-name": "Procedure", "room-kind": "procedure", "room-pod": ""}
    assert "1 call is off the work list" in _sent(client, f"{settings}rooms/", **typed)
    practice.retire_equipment(actor=SYSTEM, equipment=cart, confirmed=TOLD)
    thing = {"equipment-name": "ECG cart", "equipment-kind": "ecg"}
    assert "1 call is off the work list" in _sent(client, f"{settings}equipment/", **thing)
    practice.shut_site(actor=SYSTEM, site=a_site(), confirmed=TOLD)
    assert "1 call is off the work list" in _sent(client, f"{settings}reopen/")
    assert "call" not in client.get(f"{settings}?off=x&begun=-1&moved=9999999999&still=").context["opened"].words


def _sent(client, path, *, address="", ref=None, **typed):
    path = reverse(address, args=[ref.public_id]) if address else path
    answer = client.post(path, {**typed, "idempotency_key": str(uuid.uuid4())}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_many_calls_are_settled_in_a_handful_of_statements(django_assert_max_num_queries):
    visits(12)
    closure = closed()
    with django_assert_max_num_queries(26):
        practice.withdraw_closure(actor=SYSTEM, closure=closure)
    assert WorkStep.objects.filter(name="finish").count() == 12


def test_who_takes_an_extra_session_back_is_told_of_visits_that_were_held_by_it_alone(client):
    doc = a_provider()
    practice.close_day(actor=SYSTEM, day=MONDAY, name="Holiday")
    for day in (MONDAY, MONDAY + timedelta(days=1)):
        times = {"starts": local(day, 8), "ends": local(day, 12)}
        actions.add_session(actor=SYSTEM, provider=doc, site=a_site(), **times, reason="Flu clinic")
    held = booked(doc, local(MONDAY, 9))
    booked(doc, local(MONDAY + timedelta(days=1), 9), patient=a_patient("2"))
    extra, other = TemplateException.objects.order_by("pk")
    client.force_login(a_person("mina", "manager"))
    address = reverse("time-off-withdraw", args=[extra.public_id])
    answer = client.post(address, {"idempotency_key": str(uuid.uuid4())})
    assert answer.status_code == 422 and "1 visit is booked then" in answer.content.decode()
    extra.refresh_from_db()
    assert not extra.is_withdrawn and not owed().exists()
    sent = {"reason:booked-then": "No vaccine came", "idempotency_key": str(uuid.uuid4())}
    assert client.post(address, sent).status_code == 303
    assert owed().get().subject_ref == held.public_id and "No vaccine came" in owed().get().detail
    assert actions.withdraw_exception(actor=SYSTEM, exception=other) == Opened()
    assert owed().count() == 1
