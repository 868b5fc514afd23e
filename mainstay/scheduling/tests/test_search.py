"""The search against the database."""

from datetime import date, time, timedelta

import pytest

from mainstay.foundation.errors import NotPermitted
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.practice.models import Closure, Equipment, OpeningHours, Room
from mainstay.scheduling import actions, queries
from mainstay.scheduling.actions import Slot
from mainstay.scheduling.models import Template
from mainstay.scheduling.tests.factories import (
    FIRST,
    a_patient,
    a_provider,
    a_site,
    a_visit_type,
    a_week,
    booked,
    local,
)

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
SYSTEM = an_actor()


def times(**more):
    kind = more.pop("visit_type", None) or a_visit_type()
    search = queries.Search(visit_type=kind, now=A_MOMENT, first_day=more.pop("first_day", MONDAY), **more)
    return queries.first_times_that_suit(search, count=more.pop("count", 3))


def test_the_first_three_times_that_suit():
    doc = a_provider()
    a_week(doc)
    booked(doc, local(MONDAY, 9))
    assert [t.starts.strftime("%a %H:%M") for t in times()] == ["Mon 09:20", "Mon 09:40", "Mon 10:00"]
    assert times()[0].provider == doc


def test_the_search_takes_four_statements_for_eight_providers_and_ninety_days(django_assert_max_num_queries):
    for n in range(8):
        a_week(a_provider(f"doc{n}"))
    site = a_site()
    Room.objects.create(site=site, name="P1", kind="procedure")
    Equipment.objects.create(site=site, name="ECG 1", kind="ecg")
    kind = a_visit_type("procedure", 40, room_kind="procedure", equipment_kind="ecg")
    search = queries.Search(visit_type=kind, now=A_MOMENT, first_day=MONDAY)
    with django_assert_max_num_queries(4):
        assert next(queries.openings(search))
    with django_assert_max_num_queries(8):
        found = [o.starts for o in queries.openings(search)]
    assert len(found) > 1000
    assert found == sorted(found)
    assert found[-1] * 60 > local(search.last_day - timedelta(days=1), 16).timestamp()  # the last is a Saturday


def test_who_is_away_for_weeks_is_offered_the_first_times_after_them():
    doc = a_provider()
    a_week(doc)
    search = queries.Search(visit_type=a_visit_type(), now=A_MOMENT, first_day=MONDAY)
    before = [o.starts * 60 for o in queries.openings(search)]
    back = local(MONDAY + timedelta(days=30), 0)
    actions.take_time_off(actor=SYSTEM, provider=doc, starts=local(MONDAY, 0), ends=back, reason="away")
    assert [o.starts * 60 for o in queries.openings(search)] == [at for at in before if at >= back.timestamp()]
    assert [t.starts.strftime("%d %b %H:%M") for t in times()] == ["23 Dec 09:00", "23 Dec 09:20", "23 Dec 09:40"]


def test_templates_for_other_visits_closures_hours_and_time_off_are_heeded():
    doc, site = a_provider(), a_site()
    a_week(doc)
    only = Template.objects.create(provider=doc, site=site, weekday=5, starts=time(9), ends=time(10), effective=FIRST)
    only.visit_types.add(a_visit_type("physical", 40))
    for weekday in range(5):
        OpeningHours.objects.create(site=site, weekday=weekday, opens=time(10), closes=time(16))
    Closure.objects.create(site=None, day=MONDAY, name="Snow")
    actions.take_time_off(
        actor=SYSTEM, provider=doc, starts=local(MONDAY, 0) + timedelta(days=1),
        ends=local(MONDAY, 0) + timedelta(days=2), reason="Leave",
    )  # fmt: skip
    first = times()[0]
    assert first.starts == local(MONDAY + timedelta(days=2), 10)
    assert not [t for t in times(first_day=MONDAY + timedelta(days=5), days=1)]


def test_an_over_booked_time_is_taken_too():
    doc = a_provider()
    a_week(doc)
    slot = Slot(site=a_site(), provider=doc, starts=local(MONDAY, 9), minutes=20)
    actions.book_appointment(
        actor=SYSTEM, patient=a_patient(), visit_type=a_visit_type(), slot=slot, over_book_reason="Baby with fever"
    )
    assert times()[0].starts == local(MONDAY, 9, 20)


def test_a_visit_that_needs_a_room_or_a_thing_is_offered_only_when_one_is_free():
    doc, other, site = a_provider(), a_provider("other"), a_site()
    a_week(doc)
    a_week(other)
    kind = a_visit_type("ecg", 20, equipment_kind="ecg", room_kind="procedure")
    assert times(visit_type=kind) == []
    cart = Equipment.objects.create(site=site, name="ECG 1", kind="ecg")
    room = Room.objects.create(site=site, name="P1", kind="procedure")
    found = times(visit_type=kind)[0]
    assert (found.room, found.equipment) == (room, cart)
    slot = queries.slot_named(found.key, kind.minutes)
    actions.book_appointment(actor=SYSTEM, patient=a_patient(), visit_type=kind, slot=slot)
    assert times(visit_type=kind)[0].starts == local(MONDAY, 9, 20)


def test_the_medical_assistants_list_is_searched_for_visits_without_a_provider():
    a_week(None)
    a_week(a_provider())
    nurse = a_visit_type("bp-check", 20, is_with_provider=False)
    booked(None, local(MONDAY, 9), visit_type=nurse)
    found = times(visit_type=nurse)[0]
    assert found.provider is None and found.starts == local(MONDAY, 9, 20)


def test_what_is_past_is_not_offered():
    a_week(a_provider())
    friday = times(first_day=A_MOMENT.date())[0]
    assert friday.starts >= A_MOMENT


def test_third_next_available_is_counted_in_days():
    doc, busy = a_provider(), a_provider("busy")
    a_week(doc)
    Template.objects.create(
        provider=busy, site=a_site(), weekday=0, starts=time(9), ends=time(9, 20), slot_minutes=20, effective=FIRST
    )
    found = {
        a.provider: (a.next_days, a.third_days)
        for a in queries.access_of([doc, busy], a_visit_type(), now=A_MOMENT, today=A_MOMENT.date())
    }
    assert found[doc] == (0, 0) and found[busy] == (3, 17)


def test_only_those_who_may_change_templates_do():
    desk = an_actor(staff_id=a_provider("desk", "clinical_ma").pk, permissions=("scheduling.book",))
    with pytest.raises(NotPermitted):
        actions.take_time_off(
            actor=desk, provider=None, starts=A_MOMENT, ends=A_MOMENT + timedelta(hours=1), reason="x"
        )
