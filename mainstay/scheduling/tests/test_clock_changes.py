"""The two nights the clocks change: what is booked, offered and repeated across them."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from mainstay.foundation.testing import A_MOMENT, EASTERN, an_actor
from mainstay.practice.models import Site
from mainstay.scheduling import actions, queries
from mainstay.scheduling.actions import Slot
from mainstay.scheduling.models import Appointment
from mainstay.scheduling.tests.factories import a_patient, a_provider, a_site, a_visit_type, booked, local

pytestmark = pytest.mark.django_db
SPRING, FALL = date(2027, 3, 14), date(2027, 11, 7)
SYSTEM = an_actor()


def book(doc, starts, *, patient=None, minutes=20):
    slot = Slot(site=a_site(), provider=doc, starts=starts, minutes=minutes)
    return actions.book_appointment(
        actor=SYSTEM, patient=patient or a_patient(), visit_type=a_visit_type(), slot=slot, reason="Night clinic"
    )


@pytest.mark.parametrize(("day", "minutes"), [(SPRING, 120), (FALL, 240)])
def test_half_past_one_and_half_past_three_are_as_far_apart_as_that_night_is_long(day, minutes):
    doc = a_provider()
    early, late = booked(doc, local(day, 1, 30)), booked(doc, local(day, 3, 30), patient=a_patient("2"))
    early.refresh_from_db()
    late.refresh_from_db()
    assert late.during.lower - early.during.lower == timedelta(minutes=minutes - 60)


def test_half_past_one_comes_twice_in_the_fall_and_both_are_booked_once_each():
    doc, first = a_provider(), datetime(2027, 11, 7, 1, 30, tzinfo=EASTERN)
    second = first.replace(fold=1)
    one, two = book(doc, first), book(doc, second, patient=a_patient("2"))
    one.refresh_from_db()
    two.refresh_from_db()
    assert two.during.lower - one.during.lower == timedelta(hours=1)
    slot = Slot(site=a_site(), provider=doc, starts=second.astimezone(UTC), minutes=20)
    others = {"patient": a_patient("3"), "visit_type": a_visit_type(), "slot": slot, "reason": "Night clinic"}
    free = queries.slot_named(f"{int(first.timestamp()) // 60}.{doc.pk}.{a_site().pk}.0.0", 20)
    assert free.starts == first.astimezone(UTC)
    with pytest.raises(IntegrityError, match="provider_not_double_booked"), transaction.atomic():
        actions.book_appointment(actor=SYSTEM, **others)


def test_an_appointment_over_the_change_keeps_its_minutes():
    for day in (SPRING, FALL):
        made = book(a_provider(f"doc{day.month}"), local(day, 1, 30), patient=a_patient(str(day.month)), minutes=60)
        made.refresh_from_db()
        assert made.during.upper - made.during.lower == timedelta(minutes=60)


def test_a_series_leaves_out_the_night_its_hour_is_skipped_and_says_so():
    doc = a_provider()
    first = Slot(site=a_site(), provider=doc, starts=local(SPRING - timedelta(days=7), 2, 30), minutes=20)
    made = actions.book_series(
        actor=SYSTEM,
        patient=a_patient(),
        visit_type=a_visit_type(),
        first=first,
        every_weeks=1,
        times=3,
        reason="Night",
    )
    days = [one.during.lower.astimezone(EASTERN).date() for one in made.booked]
    assert days == [SPRING - timedelta(days=7), SPRING + timedelta(days=7)]
    assert "14 Mar" in made.failed[0] and "skip that hour" in made.failed[0]


def test_a_time_the_clocks_skip_is_not_over_booked(client, monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    client.force_login(a_provider("lena", "lead_ma"))
    typed = {
        "patient": str(a_patient().public_id), "visit_type": a_visit_type().code, "reason": "check-up",
        "provider": str(a_provider().public_id),
        "site": str(Site.objects.get().pk), "at_day": "3/14/2027", "over_book_reason": "Cannot wait",
    }  # fmt: skip
    for at, status in (("2:30 am", 422), ("3:30 am", 303)):
        key = str(uuid.uuid4())
        shown = client.post("/schedule/book/", {**typed, "at_time": at, "idempotency_key": key})
        assert shown.status_code == status, shown.content.decode()
    assert Appointment.objects.get().during.lower == local(SPRING, 3, 30)
