"""Sessions, time off and the board's timers over both clock changes, and a provider at sites in two zones."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from mainstay.foundation.components.timing import countdown, timer
from mainstay.foundation.findings import Confirmations
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.practice.models import Site
from mainstay.scheduling import actions, queries
from mainstay.scheduling.actions import Slot
from mainstay.scheduling.models import Template, TemplateException
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
from mainstay.work.models import WorkItem

pytestmark = pytest.mark.django_db
SPRING, FALL = date(2027, 3, 14), date(2027, 11, 7)
CENTRAL = ZoneInfo("America/Chicago")
MONDAY = date(2026, 11, 23)
SYSTEM = an_actor()


def night_clinic(doc, starts, ends):
    day = {"weekday": 6, "starts": starts, "ends": ends, "slot_minutes": 30}
    return Template.objects.create(provider=doc, site=a_site(), effective=FIRST, **day)


def offered(day, **more):
    search = queries.Search(
        visit_type=a_visit_type(minutes=30),
        now=datetime.combine(day - timedelta(days=2), time(12), tzinfo=UTC),
        first_day=day,
        **more,
    )
    found = queries.first_times_that_suit(search, count=40)
    return [one for one in found if one.starts.astimezone(one.site.zone).date() == day]


def on_the_wall(found):
    return [one.starts.astimezone(one.site.zone).strftime("%H:%M%z") for one in found]


def test_a_session_over_the_skipped_hour_offers_no_time_in_it_and_none_twice():
    doc = a_provider()
    night_clinic(doc, time(1), time(4))
    assert on_the_wall(offered(SPRING)) == ["01:00-0500", "01:30-0500", "03:00-0400", "03:30-0400"]


def test_a_session_over_the_repeated_hour_offers_both_of_them():
    doc = a_provider()
    night_clinic(doc, time(1), time(3))
    found = on_the_wall(offered(FALL))
    assert found == ["01:00-0400", "01:30-0400", "01:00-0500", "01:30-0500", "02:00-0500", "02:30-0500"]


@pytest.mark.parametrize(("day", "minutes"), [(SPRING, 60), (FALL, 180)])
def test_time_off_from_one_to_three_lasts_as_long_as_that_night_does(day, minutes):
    doc = a_provider()
    night_clinic(doc, time(0), time(5))
    inside = booked(doc, local(day, 1, 30))
    after = booked(doc, local(day, 3, 30), patient=a_patient("2"))
    away = {"provider": doc, "starts": local(day, 1), "ends": local(day, 3), "reason": "Night course"}
    off = actions.take_time_off(actor=SYSTEM, **away, confirmed=Confirmations({"booked-then": "He is away"}))
    off.refresh_from_db()
    assert off.during.upper - off.during.lower == timedelta(minutes=minutes)
    assert {w.subject_ref for w in WorkItem.objects.all()} == {inside.public_id}
    assert after.public_id not in {w.subject_ref for w in WorkItem.objects.all()}
    free = on_the_wall(offered(day))
    assert free and not [at for at in free if at.startswith(("01", "02"))]


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (FALL, 25)])
def test_a_whole_day_off_covers_every_hour_of_a_short_and_of_a_long_day(client, monkeypatch, day, hours):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    client.force_login(a_provider("lena", "lead_ma"))
    doc = a_provider()
    night_clinic(doc, time(0), time(23, 30))
    typed = {
        "off-kind": "off", "off-provider": str(doc.public_id), "off-first_day": f"{day:%m/%d/%Y}",
        "off-reason": "Vacation", "idempotency_key": str(uuid.uuid4()),
    }  # fmt: skip
    assert client.post("/schedule/time-off/", typed).status_code == 303
    during = TemplateException.objects.get().during
    assert during.upper - during.lower == timedelta(hours=hours)
    assert offered(day) == []
    shown = client.get("/schedule/templates/").content.decode()
    assert f"{day:%a} {day.day} {day:%b %Y} · Vacation" in shown


def two_sites():
    far = Site.objects.create(name="Lakeview", short_name="Lakeview", zone_name="America/Chicago")
    return a_site(), far


def test_time_off_at_another_site_is_in_that_sites_own_time(client, monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    _here, far = two_sites()
    client.force_login(a_provider("lena", "lead_ma"))
    doc = a_provider()
    a_week(doc, site=far)
    typed = {
        "off-kind": "off", "off-provider": str(doc.public_id), "off-site": str(far.pk),
        "off-first_day": f"{MONDAY:%m/%d/%Y}", "off-from_time": "9:00 am", "off-to_time": "10:00 am",
        "off-reason": "Dentist", "idempotency_key": str(uuid.uuid4()),
    }  # fmt: skip
    assert client.post("/schedule/time-off/", typed).status_code == 303
    first = offered(MONDAY)[0]
    assert first.starts.astimezone(CENTRAL).strftime("%H:%M") == "10:00"
    assert "Mon 23 Nov 2026, 9:00 am – 10:00 am" in client.get("/schedule/templates/").content.decode()


def test_a_provider_at_two_sites_in_two_zones_is_booked_once_at_one_moment():
    here, far = two_sites()
    doc = a_provider()
    a_week(doc)
    a_week(doc, site=far)
    made = booked(doc, local(MONDAY, 10))
    there = Slot(site=far, provider=doc, starts=datetime.combine(MONDAY, time(9), tzinfo=CENTRAL), minutes=20)
    with pytest.raises(IntegrityError, match="provider_not_double_booked"), transaction.atomic():
        actions.book_appointment(
            actor=SYSTEM, patient=a_patient("2"), visit_type=a_visit_type(), slot=there, reason="check-up"
        )
    starts = {one.starts for one in offered(MONDAY, sites=(far.pk,))}
    assert there.starts.astimezone(UTC) not in {one.astimezone(UTC) for one in starts}
    assert made.site == here


def test_each_site_shows_its_own_day_and_its_own_clock():
    here, far = two_sites()
    doc = a_provider()
    late = Slot(site=far, provider=doc, starts=datetime.combine(MONDAY, time(23, 30), tzinfo=CENTRAL), minutes=20)
    actions.book_appointment(
        actor=SYSTEM, patient=a_patient(), visit_type=a_visit_type(), slot=late, reason="Night clinic"
    )
    (row,) = queries.day_sheet(SYSTEM, far, MONDAY)
    assert row.during.lower.astimezone(far.zone).time() == time(23, 30)
    assert queries.day_sheet(SYSTEM, here, MONDAY) == [] == queries.day_sheet(SYSTEM, far, MONDAY + timedelta(days=1))
    (lane,) = queries.day_view(SYSTEM, far, MONDAY).grid.lanes
    assert [block.text[:5] for block in lane.blocks if block.url] == ["11:30"]


def test_timers_count_the_minutes_that_passed_over_both_changes():
    before, after = local(FALL, 1, 50), local(FALL, 1, 10).replace(fold=1)
    assert "20 min" in timer(before.astimezone(UTC), now=after.astimezone(UTC))
    assert "20 min" in timer(before, now=after)
    assert ">20:00<" in countdown(after, now=before)
    before, after = local(SPRING, 1, 50), local(SPRING, 3, 10)
    assert "20 min" in timer(before, now=after) and ">20:00<" in countdown(after, now=before)
