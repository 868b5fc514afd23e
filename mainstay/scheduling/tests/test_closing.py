"""Whoever closes is told who is booked then, and each of them becomes work, once."""

from __future__ import annotations

import uuid
from datetime import date, time, timedelta

import pytest

from mainstay.foundation.errors import NeedsConfirmation
from mainstay.foundation.findings import Confirmations
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.practice import actions as practice
from mainstay.practice.models import Closure, Equipment, OpeningHours, Room, Site
from mainstay.practice.queries import Opened
from mainstay.scheduling import actions
from mainstay.scheduling.actions import Slot
from mainstay.scheduling.models import Template, TemplateException
from mainstay.scheduling.tests.factories import (
    a_patient,
    a_provider,
    a_site,
    a_visit_type,
    a_week,
    booked,
    local,
)
from mainstay.visits.tests.factories import a_person
from mainstay.work.models import WorkItem

pytestmark = pytest.mark.django_db
SYSTEM = an_actor()
MONDAY = date(2026, 11, 23)
TOLD = Confirmations({"booked-then": "The boiler is broken"})


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)


def key():
    return {"idempotency_key": str(uuid.uuid4())}


def text_of(response):
    return response.content.decode()


def owed():
    return WorkItem.objects.filter(kind="move_appointment", state="open")


def told_of(action, **about):
    """What is said before it is done; nothing was done by then."""
    with pytest.raises(NeedsConfirmation) as asked:
        action(actor=SYSTEM, **about)
    assert not owed().exists()
    return asked.value.findings[0].message


def two_sites():
    return a_site(), Site.objects.create(name="Westside", short_name="West", state="NY")


def booked_in(site, starts, number, **more):
    return actions.book_appointment(
        actor=an_actor(now=A_MOMENT - timedelta(days=2)), patient=a_patient(number), visit_type=a_visit_type(),
        slot=Slot(site=site, provider=a_provider(f"doc{number}"), starts=starts, minutes=20, **more),
    )  # fmt: skip


def test_who_closes_a_day_is_told_who_is_booked_and_they_are_called_once(clock):
    here, there = two_sites()
    first = booked_in(here, local(MONDAY, 9), "1")
    booked_in(here, local(MONDAY + timedelta(days=1), 0), "2")
    booked_in(there, local(MONDAY, 9), "3")
    about = {"day": MONDAY, "name": "Boiler", "site": here}
    said = told_of(practice.close_day, **about)
    assert said.startswith("1 visit is booked then: ") and "9:00 am Jo Doe, Follow-Up with Dr. Doc1. It goes" in said
    assert not Closure.objects.exists()
    practice.close_day(actor=SYSTEM, **about, confirmed=TOLD)
    item = owed().get()
    assert (item.patient, item.subject_ref, item.pool) == (first.patient, first.public_id, "front_desk")
    assert "Boiler. The boiler is broken. Call" in item.detail and item.title.endswith("9:00 am with Dr. Doc1")
    practice.close_day(actor=SYSTEM, **about)
    assert owed().count() == 1
    assert "2 visits are booked then" in told_of_all(MONDAY)
    practice.close_day(actor=SYSTEM, day=MONDAY, name="Boiler", confirmed=TOLD)
    assert {one.patient.mrn for one in owed()} == {"1", "3"}


def told_of_all(day):
    with pytest.raises(NeedsConfirmation) as asked:
        practice.close_day(actor=SYSTEM, day=day, name="Boiler")
    return asked.value.findings[0].message


def test_who_is_moved_or_called_off_is_off_the_list(clock):
    first, second = (booked_in(a_site(), local(MONDAY, hour), str(hour)) for hour in (9, 10))
    practice.close_day(actor=SYSTEM, day=MONDAY, name="Boiler", confirmed=TOLD)
    assert owed().count() == 2
    actions.cancel_appointment(actor=SYSTEM, appointment=first, reason="will call back")
    later = Slot(site=second.site, provider=second.provider, starts=local(MONDAY + timedelta(days=1), 9), minutes=20)
    actions.move_appointment(actor=SYSTEM, appointment=second, slot=later, reason="closed")
    assert not owed().exists()


def test_an_extra_session_is_held_on_a_closed_day_by_who_holds_it_only(clock):
    keeps, other = booked_in(a_site(), local(MONDAY, 9), "1"), booked_in(a_site(), local(MONDAY, 9, 20), "2")
    actions.add_session(
        actor=SYSTEM, provider=keeps.provider, site=a_site(), starts=local(MONDAY, 8), ends=local(MONDAY, 12),
        reason="Flu clinic",
    )  # fmt: skip
    practice.close_day(actor=SYSTEM, day=MONDAY, name="Holiday", confirmed=TOLD)
    assert [one.patient for one in owed()] == [other.patient]


def test_who_shuts_a_site_is_told_of_every_visit_to_come_and_of_no_other(clock):
    here, there = two_sites()
    booked_in(here, A_MOMENT - timedelta(days=1), "0")
    for number in range(1, 12):
        booked_in(here, local(MONDAY + timedelta(days=number), 9), str(number))
    booked_in(there, local(MONDAY, 9), "99")
    said = told_of(practice.shut_site, site=here)
    assert said.startswith("11 visits are booked then") and said.count(" with Dr. ") == 5 and "; and 6 more." in said
    here.refresh_from_db()
    assert here.is_open
    practice.shut_site(actor=SYSTEM, site=here, confirmed=TOLD)
    assert owed().count() == 11 and not owed().filter(patient__mrn__in=("0", "99")).exists()


@pytest.mark.parametrize(("kind", "retire"), [("room", practice.retire_room), ("equipment", practice.retire_equipment)])
def test_a_room_or_a_thing_out_of_use_leaves_no_visit_in_it(clock, kind, retire):
    made = {
        "room": lambda: Room.objects.create(site=a_site(), name="Procedure", kind="procedure"),
        "equipment": lambda: Equipment.objects.create(site=a_site(), name="Cart", kind="ecg"),
    }[kind]()
    needs = booked_in(a_site(), local(MONDAY, 9), "1", **{kind: made})
    booked_in(a_site(), local(MONDAY, 10), "2")
    assert "1 visit is booked then" in told_of(retire, **{kind: made})
    made.refresh_from_db()
    assert made.is_in_use
    retire(actor=SYSTEM, **{kind: made}, confirmed=TOLD)
    assert owed().get().patient == needs.patient and f"{made.name} is out of use" in owed().get().detail


def test_who_takes_somebody_off_or_ends_a_session_is_told_first(clock):
    doc = a_provider()
    morning = a_week(doc, days=(0,))[0]
    booked(doc, local(MONDAY, 9))
    off = {"provider": doc, "starts": local(MONDAY, 0), "ends": local(MONDAY, 23), "reason": "Flu"}
    assert "1 visit is booked then" in told_of(actions.take_time_off, **off)
    assert not TemplateException.objects.exists()
    assert "1 visit is booked then" in told_of(actions.end_template, template=morning, last_day=A_MOMENT.date())
    assert Template.objects.get(pk=morning.pk).expires is None
    actions.end_template(actor=SYSTEM, template=morning, last_day=A_MOMENT.date(), confirmed=TOLD)
    actions.take_time_off(actor=SYSTEM, **off, confirmed=TOLD)
    assert owed().count() == 1


def test_the_pages_that_close_ask_first_and_name_patients_to_who_may_see_them(client, clock):
    here, _there = two_sites()
    room = Room.objects.create(site=here, name="Procedure", kind="procedure")
    morning = a_week(a_provider("anna"), days=(0,))[0]
    visit = booked_in(here, local(MONDAY, 9), "1", room=room)
    booked(morning.provider, local(MONDAY, 9), patient=a_patient("2"))
    settings = f"/settings/sites/{here.public_id}/"
    asking = [
        (f"{settings}closures/", {"closure-day": f"{MONDAY:%m/%d/%Y}", "closure-name": "Boiler"}),
        (f"{settings}room/{room.pk}/end/", {}),
        (f"{settings}shut/", {}),
    ]
    for username, role, named in (("ada", "administrator", False), ("mina", "manager", True)):
        client.force_login(a_person(username, role))
        for address, typed in asking:
            answer = client.post(address, {**typed, **key()})
            said = text_of(answer)
            assert answer.status_code == 422 and "booked then" in said and 'name="reason:booked-then"' in said
            assert ("Jo Doe" in said) is named
            assert "Nothing was changed yet." in said and "Give a reason." not in said
            again = text_of(client.post(address, {**typed, "reason:booked-then": " ", **key()}))
            assert "Give a reason." in again and f'href="{settings}">Leave it as it is' in again
            assert all(f'<input type="hidden" name="{name}" value="{value}">' in said for name, value in typed.items())
    ending = f"/schedule/templates/{morning.public_id}/end/"
    answer = client.post(ending, key())
    assert answer.status_code == 422 and "Monday 9:00 am – 12:00 pm, Dr. Anna" in text_of(answer)
    off = {"off-kind": "off", "off-provider": str(morning.provider.public_id), "off-first_day": f"{MONDAY:%m/%d/%Y}"}
    answer = client.post("/schedule/time-off/", {**off, "off-reason": "Flu", **key()})
    assert answer.status_code == 422 and 'name="reason:booked-then"' in text_of(answer)
    assert not owed().exists()
    for address, typed in (*asking, (ending, {})):
        assert client.post(address, {**typed, "reason:booked-then": "Boiler", **key()}).status_code == 303
    assert {one.patient.mrn for one in owed()} == {visit.patient.mrn, "2"}


def test_holidays_ask_once_for_all_days_that_were_ticked(client, clock):
    booked_in(a_site(), local(MONDAY.replace(day=26), 9), "1")
    client.force_login(a_person("ada", "administrator"))
    ticked = {"holidays-days": ["2026-11-26", "2026-12-25"]}
    answer = client.post("/settings/sites/holidays/", {**ticked, **key()})
    assert answer.status_code == 422 and "1 visit is booked then" in text_of(answer)
    assert not Closure.objects.exists()
    assert (
        client.post("/settings/sites/holidays/", {**ticked, "reason:booked-then": "Holiday", **key()}).status_code
        == 303
    )
    assert Closure.objects.count() == 2 and owed().count() == 1


def test_who_comes_to_a_closed_door_is_called_before_they_set_out(clock):
    soon = booked_in(a_site(), local(A_MOMENT.date(), 11), "1")
    practice.close_day(actor=SYSTEM, day=A_MOMENT.date(), name="No water", site=a_site(), confirmed=TOLD)
    assert owed().get().due_at == soon.during.lower


WEEK = {day: (time(8), time(17)) for day in range(5)}


def test_who_opens_less_is_told_who_is_booked_outside_of_the_new_hours_and_they_are_called(clock):
    practice.set_hours(actor=SYSTEM, site=a_site(), weekly=WEEK)
    early, _noon = booked_in(a_site(), local(MONDAY, 8), "1"), booked_in(a_site(), local(MONDAY, 12), "2")
    late = booked_in(a_site(), local(MONDAY, 16, 40), "3")
    tuesday = booked_in(a_site(), local(MONDAY + timedelta(days=1), 9), "4")
    on_purpose = actions.book_appointment(
        actor=SYSTEM, patient=a_patient("5"), visit_type=a_visit_type(), over_book_reason="The provider asked",
        slot=Slot(site=a_site(), provider=early.provider, starts=local(MONDAY, 18), minutes=20),
        confirmed=Confirmations({"closed-then": "Comes after work"}),
    )  # fmt: skip
    less = {"site": a_site(), "weekly": {0: (time(9), time(16))}}
    assert told_of(practice.set_hours, **less).startswith("3 visits are booked then: ")
    assert OpeningHours.objects.filter(is_current=True).count() == 5
    practice.set_hours(actor=SYSTEM, **less, confirmed=TOLD)
    assert {one.subject_ref for one in owed()} == {early.public_id, late.public_id, tuesday.public_id}
    assert "Northside is open at other hours. The boiler is broken." in owed().first().detail
    assert on_purpose.state == "booked"
    assert practice.set_hours(actor=SYSTEM, **less) == Opened()
    assert owed().count() == 3


def test_who_opens_for_longer_takes_the_calls_off_that_lie_in_the_new_hours(clock):
    practice.set_hours(actor=SYSTEM, site=a_site(), weekly=WEEK)
    booked_in(a_site(), local(MONDAY, 8), "1")
    late = booked_in(a_site(), local(MONDAY, 16, 40), "2")
    practice.set_hours(actor=SYSTEM, site=a_site(), weekly={0: (time(9), time(16))}, confirmed=TOLD)
    closure = practice.close_day(actor=SYSTEM, day=MONDAY, name="Boiler", site=a_site(), confirmed=TOLD)
    assert practice.withdraw_closure(actor=SYSTEM, closure=closure) == Opened(still=2)
    assert owed().first().detail.endswith("but open only 9:00 am to 4:00 pm that day.")
    assert practice.set_hours(actor=SYSTEM, site=a_site(), weekly={0: (time(8), time(16))}) == Opened(off=1)
    assert owed().get().subject_ref == late.public_id


def test_the_page_of_hours_asks_first_and_keeps_what_was_typed(client, clock):
    practice.set_hours(actor=SYSTEM, site=a_site(), weekly=WEEK)
    booked_in(a_site(), local(MONDAY, 8), "1")
    client.force_login(a_person("mina", "manager"))
    address = f"/settings/sites/{a_site().public_id}/hours/"
    typed = {f"day_{n}_{end}": at for n in range(5) for end, at in (("opens", "9:30 am"), ("closes", "5:00 pm"))}
    answer = client.post(address, {**typed, **key()})
    said = text_of(answer)
    assert answer.status_code == 422 and "1 visit is booked then" in said and 'name="reason:booked-then"' in said
    assert '<input type="hidden" name="day_0_opens" value="9:30 am">' in said and not owed().exists()
    answer = client.post(address, {**typed, "reason:booked-then": "We open later", **key()})
    assert answer.status_code == 303 and owed().count() == 1
    answer = client.post(address, {**typed, "day_0_opens": "8:00 am", **key()}, follow=True)
    assert "1 call is off the work list" in text_of(answer) and not owed().exists()
