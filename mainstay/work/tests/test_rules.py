from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.work.lifecycle import Band, most_urgent
from mainstay.work.rules import (
    WEEKDAYS_EIGHT_TO_FIVE,
    Clock,
    ClockKind,
    Escalation,
    OpenHours,
    band_clocks,
    due_at,
    escalation,
    escalation_times,
    expectation_kinds,
    expected_by,
    is_silent,
    next_open,
    open_minutes_between,
    queue_key,
    read_clock,
)

CHICAGO = ZoneInfo("America/Chicago")
HOURS = WEEKDAYS_EIGHT_TO_FIVE
MOMENTS = st.integers(0, 3 * 366 * 24 * 60).map(lambda m: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=m))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHICAGO)


@pytest.mark.parametrize(
    ("received", "clock", "due"),
    [
        ("2026-11-23 10:00", "at once", "2026-11-23 10:00"),
        ("2026-11-23 10:00", "5 open minutes", "2026-11-23 10:05"),
        ("2026-11-23 16:58", "5 open minutes", "2026-11-23 17:00"),
        ("2026-11-23 22:00", "5 open minutes", "2026-11-24 08:05"),
        ("2026-11-23 22:00", "60 minutes", "2026-11-23 23:00"),
        ("2026-11-23 10:00", "same day", "2026-11-23 17:00"),
        ("2026-11-23 18:00", "same day", "2026-11-24 17:00"),
        ("2026-11-27 18:00", "same day", "2026-11-30 17:00"),
        ("2026-11-23 10:00", "1 business day", "2026-11-24 10:00"),
        ("2026-11-27 10:00", "1 business day", "2026-11-30 10:00"),
        ("2026-11-28 10:00", "1 business day", "2026-12-01 08:00"),
        ("2026-11-23 10:00", "3 business days", "2026-11-26 10:00"),
        ("2026-11-23 10:00", "30 days", "2026-12-23 10:00"),
    ],
)
def test_a_clock_pauses_while_the_clinic_is_closed(received, clock, due):
    assert due_at(at(received), clock, HOURS, CHICAGO) == at(due)


def test_a_holiday_is_not_a_business_day():
    closed = OpenHours(HOURS.weekly, holidays={date(2026, 11, 26), date(2026, 11, 27)})
    assert due_at(at("2026-11-25 15:00"), "1 business day", closed, CHICAGO) == at("2026-11-30 15:00")


def test_a_shorter_day_ends_a_business_day_at_its_closing_time():
    short = OpenHours(HOURS.weekly, exceptions={date(2026, 11, 24): ((time(8), time(12)),)})
    assert due_at(at("2026-11-23 15:00"), "1 business day", short, CHICAGO) == at("2026-11-24 12:00")


def test_a_lunch_break_does_not_count():
    lunch = OpenHours({0: ((time(8), time(12)), (time(13), time(17)))})
    assert due_at(at("2026-11-23 11:50"), "20 open minutes", lunch, CHICAGO) == at("2026-11-23 13:10")


@pytest.mark.parametrize("friday", ["2026-03-06", "2026-10-30"])
def test_a_business_day_keeps_its_time_of_day_over_a_clock_change(friday):
    due = due_at(at(f"{friday} 10:00"), "1 business day", HOURS, CHICAGO)
    assert due.astimezone(CHICAGO).strftime("%a %H:%M") == "Mon 10:00"


def test_open_minutes_on_the_night_the_clocks_change_are_real_minutes():
    nights = OpenHours({6: ((time(0), time(6)),)})
    assert open_minutes_between(at("2026-03-08 00:00"), at("2026-03-08 06:00"), nights, CHICAGO) == 300
    assert open_minutes_between(at("2026-11-01 00:00"), at("2026-11-01 06:00"), nights, CHICAGO) == 420


def test_a_site_that_never_opens_is_said_so():
    with pytest.raises(ValueError, match="no open hours"):
        next_open(at("2026-11-23 10:00"), OpenHours({}), CHICAGO)


@pytest.mark.parametrize("words", ["", "soon", "2 fortnights", "-1 days", "R3"])
def test_words_that_are_no_clock_are_refused(words):
    with pytest.raises(ValueError, match="not a clock"):
        read_clock(words)


@given(st.sampled_from([k for k in ClockKind if k not in ("at once", "same day")]), st.integers(1, 5000))
def test_a_clock_reads_back_as_it_is_written(kind, amount):
    assert read_clock(str(Clock(kind, amount))) == Clock(kind, amount)


@given(MOMENTS, MOMENTS, st.sampled_from([b.clock for b in band_clocks().values()]))
def test_what_comes_later_is_never_due_earlier(one, other, clock):
    first, second = sorted((one, other))
    assert due_at(first, clock, HOURS, CHICAGO) <= due_at(second, clock, HOURS, CHICAGO)


@given(MOMENTS)
def test_a_less_urgent_band_is_never_due_sooner(received):
    dues = [due_at(received, band_clocks()[band].clock, HOURS, CHICAGO) for band in Band]
    assert dues == sorted(dues)


@given(MOMENTS, st.integers(1, 540))
def test_open_minutes_allowed_are_open_minutes_passed_or_end_at_closing(received, minutes):
    due = due_at(received, Clock(ClockKind.OPEN_MINUTES, minutes), HOURS, CHICAGO)
    passed = open_minutes_between(received, due, HOURS, CHICAGO)
    closing = due_at(received, "same day", HOURS, CHICAGO)
    assert passed == pytest.approx(minutes) or (passed < minutes and due == closing)


def test_an_item_escalates_at_half_at_full_and_at_half_as_much_again():
    received = at("2026-11-23 15:00")
    times = escalation_times(received, at("2026-11-24 15:00"), "1 business day", HOURS, CHICAGO)
    assert times == {
        Escalation.REMIND: at("2026-11-24 10:30"),
        Escalation.LEAD: at("2026-11-24 15:00"),
        Escalation.MANAGER: at("2026-11-25 10:30"),
    }
    assert escalation(at("2026-11-24 10:29"), times) is Escalation.NONE
    assert escalation(at("2026-11-24 10:30"), times) is Escalation.REMIND
    assert escalation(at("2026-11-24 16:00"), times) is Escalation.LEAD
    assert escalation(at("2026-11-26 09:00"), times) is Escalation.MANAGER


def test_an_emergency_escalates_to_everybody_at_once():
    received = at("2026-11-23 15:00")
    times = escalation_times(received, received, "at once", HOURS, CHICAGO)
    assert escalation(received, times) is Escalation.MANAGER


def test_the_queue_is_by_band_then_by_clock_then_by_age():
    now = at("2026-11-23 10:00")
    old, new = now - timedelta(days=2), now
    expected = [
        queue_key(Band.R1, now + timedelta(hours=1), new),
        queue_key(Band.R3, now - timedelta(hours=1), new),
        queue_key(Band.R3, now + timedelta(hours=1), old),
        queue_key(Band.R3, None, old),
        queue_key(Band.R3, None, new),
        queue_key(None, now, new),
        queue_key(Band.R5, now + timedelta(hours=1), old),
        queue_key("", None, old),
    ]
    assert sorted(reversed(expected)) == expected


def test_a_band_is_raised_one_step_and_not_past_its_ceiling():
    assert Band.R3.raised(no_higher_than=Band.R1) is Band.R2
    assert Band.R1.raised(no_higher_than=Band.R1) is Band.R1
    assert Band.R0.raised(no_higher_than=Band.R1) is Band.R0
    assert most_urgent(Band.R4, Band.R2, Band.R3) is Band.R2


def test_every_band_has_one_clock():
    assert list(band_clocks()) == list(Band)


def test_every_expectation_says_when_it_falls_silent_and_what_to_do_then():
    kinds = expectation_kinds()
    wanted = {"lab_result", "referral_report", "patient_call_back", "outside_records", "imaging_report"}
    assert wanted <= set(kinds)
    for kind in kinds.values():
        assert kind.when_silent.endswith(".")
        assert expected_by(kind.kind, at("2026-11-23 10:00"), HOURS, CHICAGO) > at("2026-11-23 10:00")


def test_what_never_came_is_silent_and_what_came_late_is_not():
    expected = at("2026-11-23 10:00")
    assert not is_silent(expected, None, expected - timedelta(minutes=1))
    assert is_silent(expected, None, expected)
    assert not is_silent(expected, expected + timedelta(days=9), expected + timedelta(days=10))


def test_what_needs_a_live_clinician_now_does_not_wait_for_opening_hours():
    saturday = at("2026-11-21 22:00")
    assert due_at(saturday, str(band_clocks()[Band.R1].clock), HOURS, CHICAGO) == at("2026-11-21 22:05")
    assert due_at(saturday, str(band_clocks()[Band.R0].clock), HOURS, CHICAGO) == saturday
