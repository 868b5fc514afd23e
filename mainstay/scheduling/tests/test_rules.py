"""When somebody can be seen."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.scheduling.rules import (
    Absence,
    Calendar,
    FreedTime,
    Session,
    SiteDays,
    Timeline,
    Waiting,
    Weekly,
    Wish,
    first_in_line,
    first_times,
    free_starts,
    hold_until,
    merged,
    nth_opening,
    openings,
    wall_minute,
)

EASTERN = ZoneInfo("America/New_York")
MONDAY = date(2026, 11, 23)
SPANS = st.lists(
    st.tuples(st.integers(0, 900), st.integers(0, 120)).map(lambda pair: (pair[0], pair[0] + pair[1])), max_size=30
)


def weekly(day=MONDAY, starts=time(9), ends=time(12), **more):
    facts = {"provider_id": 7, "site_id": 1, "step": 20, "every_weeks": 1, "effective": date(2026, 1, 5)}
    return Weekly(weekday=day.weekday(), starts=starts, ends=ends, **{**facts, **more})


def wish(first=MONDAY, days=7, minutes=20, not_before=0, **more):
    return Wish(
        minutes=minutes, first_day=first, last_day=first + timedelta(days=days - 1), not_before=not_before, **more
    )


def clock_times(calendar, asked):
    return [datetime.fromtimestamp(o.starts * 60, tz=EASTERN).strftime("%a %H:%M") for o in openings(calendar, asked)]


def calendar(*rows, **more):
    return Calendar(weekly=rows or (weekly(),), sites={1: SiteDays(EASTERN)}, **more)


# Spans


@given(SPANS)
def test_merged_spans_are_sorted_apart_and_hold_the_same_minutes(spans):
    result = merged(spans)
    assert all(a[1] < b[0] for a, b in zip(result, result[1:], strict=False))
    assert {m for a, b in spans for m in range(a, b)} == {m for a, b in result for m in range(a, b)}


@given(
    SPANS,
    st.integers(0, 300),
    st.integers(10, 700),
    st.integers(5, 90),
    st.sampled_from([5, 10, 15, 20, 30]),
    st.integers(0, 800),
)
def test_a_free_start_never_overlaps_and_is_always_inside_and_none_is_missed(
    spans, begins, length, minutes, step, after
):
    taken = {m for a, b in spans for m in range(a, b)}
    within = begins, begins + length
    found = list(free_starts(within, minutes, step, Timeline(spans), after))
    expected = [
        at
        for at in range(begins, begins + length, step)
        if at >= after and at + minutes <= within[1] and not taken & set(range(at, at + minutes))
    ]
    assert found == expected


@given(SPANS, st.integers(0, 1000), st.integers(1, 60))
def test_a_timeline_knows_what_is_free(spans, start, length):
    taken = {m for a, b in spans for m in range(a, b)}
    assert Timeline(spans).is_free(start, start + length) == (not taken & set(range(start, start + length)))


def test_what_ends_as_another_begins_is_free():
    between = Timeline([(0, 20), (40, 60)])
    assert between.is_free(20, 40)
    assert not between.is_free(19, 40) and not between.is_free(20, 41)


# Templates


def test_a_morning_has_nine_starts_of_twenty_minutes():
    assert clock_times(calendar(), wish()) == [f"Mon {h:02}:{m:02}" for h in (9, 10, 11) for m in (0, 20, 40)]


def test_a_long_visit_does_not_run_past_the_end_of_the_session():
    assert clock_times(calendar(), wish(minutes=60))[-1] == "Mon 11:00"


def test_a_template_of_every_second_week_holds_in_the_weeks_it_began_with():
    every_second = weekly(every_weeks=2, effective=date(2026, 11, 18))
    days = {d[:3] for d in clock_times(calendar(every_second), wish(days=7))}
    assert days == set()
    assert len(clock_times(calendar(every_second), wish(first=MONDAY + timedelta(days=7), days=7))) == 9


def test_a_template_holds_from_its_first_to_its_last_day():
    one_week = weekly(effective=MONDAY, expires=MONDAY + timedelta(days=7))
    assert len(clock_times(calendar(one_week), wish(first=MONDAY - timedelta(days=14), days=60))) == 18


def test_closures_and_opening_hours_cut_a_template():
    late = SiteDays(EASTERN, {0: ((time(10), time(11)),)}, frozenset({MONDAY + timedelta(days=7)}))
    found = Calendar(weekly=(weekly(),), sites={1: late})
    assert clock_times(found, wish(days=8)) == ["Mon 10:00", "Mon 10:20", "Mon 10:40"]


def test_time_off_at_one_site_leaves_the_other():
    start = wall_minute(MONDAY, time(0), EASTERN)
    off = Absence(7, 2, (start, start + 1440))
    both = Calendar(
        weekly=(weekly(), weekly(starts=time(13), ends=time(14), site_id=2)),
        sites={1: SiteDays(EASTERN), 2: SiteDays(EASTERN)},
        absences=(off,),
    )
    assert {o.site_id for o in openings(both, wish())} == {1}
    everywhere = replace(both, absences=(replace(off, site_id=None),))
    assert not list(openings(everywhere, wish()))


def test_an_extra_session_is_offered_outside_of_the_template():
    start = wall_minute(MONDAY + timedelta(days=5), time(9), EASTERN)
    found = calendar(extras=(Session(7, 1, (start, start + 30), 10),))
    assert [t for t in clock_times(found, wish()) if t.startswith("Sat")] == ["Sat 09:00", "Sat 09:10"]


def test_a_booked_hour_off_the_grid_pushes_to_the_next_start_of_the_grid():
    nine = wall_minute(MONDAY, time(9), EASTERN)
    found = calendar(taken={7: [(nine, nine + 25)]})
    assert clock_times(found, wish())[0] == "Mon 09:40"


def test_preferences_for_days_and_hours_are_kept():
    all_week = [weekly(MONDAY + timedelta(days=n)) for n in range(5)]
    found = clock_times(calendar(*all_week), wish(weekdays=frozenset({2}), earliest=time(10), latest=time(11)))
    assert found == ["Wed 10:00", "Wed 10:20", "Wed 10:40"]


def test_a_room_and_a_thing_are_kept_and_none_left_means_no_time():
    nine = wall_minute(MONDAY, time(9), EASTERN)
    busy = calendar(
        rooms={1: {3: [(nine, nine + 60)], 4: [(nine, nine + 20)]}}, equipment={1: {9: [(nine, nine + 40)]}}
    )
    first = next(openings(busy, wish()))
    assert (first.starts - nine, first.room_id, first.equipment_id) == (40, 4, 9)
    assert not list(openings(calendar(rooms={}), wish()))


def test_the_patients_own_bookings_are_not_offered_again():
    nine = wall_minute(MONDAY, time(9), EASTERN)
    assert clock_times(calendar(patient_taken=[(nine, nine + 20)]), wish())[0] == "Mon 09:20"


def test_the_first_three_times_are_three_different_minutes_and_the_usual_provider_goes_first():
    two = calendar(weekly(), weekly(provider_id=8))
    chosen = first_times(openings(two, wish(liked_provider_id=8)))
    assert len({o.starts for o in chosen}) == 3 and {o.provider_id for o in chosen} == {8}


def test_the_third_next_available_is_the_third_open_time():
    third = nth_opening(openings(calendar(), wish()), 3)
    assert third is not None and third.starts == wall_minute(MONDAY, time(9, 40), EASTERN)
    assert nth_opening(openings(calendar(), wish()), 10) is None


@given(
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(1, 300)), max_size=40),
    st.integers(5, 120),
    st.sampled_from([5, 10, 15, 20, 30]),
)
def test_no_opening_overlaps_what_is_taken_or_leaves_its_template(bookings, minutes, step):
    base = wall_minute(MONDAY, time(0), EASTERN)
    taken = [(base + a, base + a + b) for a, b in bookings]
    rows = [weekly(MONDAY + timedelta(days=n), step=step) for n in range(5)]
    for found in openings(calendar(*rows, taken={7: taken}), wish(minutes=minutes)):
        end = found.starts + minutes
        assert not any(a < end and found.starts < b for a, b in taken)
        local = datetime.fromtimestamp(found.starts * 60, tz=EASTERN)
        assert time(9) <= local.time() and datetime.fromtimestamp(end * 60, tz=EASTERN).time() <= time(12)


# The two clock changes

SPRING, FALL = date(2027, 3, 14), date(2026, 11, 1)


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (FALL, 25), (MONDAY, 24)])
def test_a_session_of_the_whole_day_has_as_many_hours_as_the_day(day, hours):
    whole = weekly(day, starts=time(0), ends=time(23, 40), step=20)
    assert len(list(openings(calendar(whole), wish(first=day, days=1)))) == hours * 3 - 1


def test_the_hour_that_is_skipped_is_not_offered():
    night = weekly(SPRING, starts=time(1), ends=time(4))
    found = clock_times(calendar(night), wish(first=SPRING, days=1))
    assert found == ["Sun 01:00", "Sun 01:20", "Sun 01:40", "Sun 03:00", "Sun 03:20", "Sun 03:40"]


def test_the_hour_that_comes_twice_is_offered_twice():
    night = weekly(FALL, starts=time(0), ends=time(2))
    found = list(openings(calendar(night), wish(first=FALL, days=1)))
    assert len(found) == 9 and [b.starts - a.starts for a, b in zip(found, found[1:], strict=False)] == [20] * 8


def test_nine_in_the_morning_stays_nine_on_both_sides_of_a_clock_change():
    every_day = [weekly(MONDAY + timedelta(days=n), starts=time(9), ends=time(9, 20)) for n in range(7)]
    for change in (SPRING, FALL):
        found = clock_times(calendar(*every_day), wish(first=change - timedelta(days=1), days=3))
        assert {t[-5:] for t in found} == {"09:00"} and len(found) == 3


# Who waits

NOON = datetime(2026, 11, 23, 12, tzinfo=EASTERN)
FREED = FreedTime(7, 1, NOON, NOON + timedelta(minutes=20))


def waits(entry_id=1, **more):
    facts = {
        "minutes": 20, "provider_id": None, "site_ids": frozenset(), "weekdays": frozenset(), "earliest": None,
        "latest": None, "wanted_by": None, "urgency": "R5", "joined_at": NOON - timedelta(days=9),
    }  # fmt: skip
    return Waiting(entry_id=entry_id, **{**facts, **more})


@pytest.mark.parametrize(
    "unsuited",
    [
        {"minutes": 40},
        {"provider_id": 8},
        {"site_ids": frozenset({2})},
        {"weekdays": frozenset({1})},
        {"earliest": time(13)},
        {"latest": time(12)},
        {"booked_for": NOON - timedelta(hours=1)},
        {"booked_for": NOON},
        {"is_with_provider": False},
    ],
)
def test_nobody_is_asked_for_a_time_that_does_not_suit(unsuited):
    assert not waits(**unsuited).suits(FREED)
    assert waits().suits(FREED)


def test_the_most_urgent_is_asked_first_then_by_need_then_by_waiting():
    line = [
        waits(1),
        waits(2, joined_at=NOON - timedelta(days=20)),
        waits(3, wanted_by=date(2026, 11, 25)),
        waits(4, urgency="R4"),
    ]
    asked = []
    while line:
        first = first_in_line(line, FREED)
        asked.append(first.entry_id)
        line.remove(first)
    assert asked == [4, 3, 2, 1]


def test_a_time_is_held_for_a_quarter_of_what_is_left_and_never_too_late():
    always = SiteDays(EASTERN)
    assert hold_until(NOON, NOON + timedelta(minutes=40), always) is None
    assert hold_until(NOON, NOON + timedelta(minutes=50), always) == NOON + timedelta(minutes=15)
    assert hold_until(NOON, NOON + timedelta(hours=8, minutes=30), always) == NOON + timedelta(hours=2)
    assert hold_until(NOON, NOON + timedelta(days=30), always) == NOON + timedelta(days=1)


EIGHT_TO_FIVE = {day: ((time(8), time(17)),) for day in range(5)}


@pytest.mark.parametrize(
    ("asked", "starts", "held"),
    [
        ("2026-11-20 09:00", "2026-11-23 09:00", "2026-11-23 08:30"),
        ("2026-11-20 09:00", "2026-11-23 15:00", "2026-11-23 09:00"),
        ("2026-11-20 09:00", "2026-11-20 15:30", "2026-11-20 10:30"),
        ("2026-11-20 16:55", "2026-11-23 08:00", "2026-11-23 07:30"),
        ("2026-11-24 16:00", "2026-11-30 15:00", "2026-11-25 16:00"),
        ("2026-11-25 16:30", "2026-11-30 15:00", "2026-11-30 09:00"),
        ("2026-10-30 16:00", "2026-11-02 16:00", "2026-11-02 09:00"),
    ],
)
def test_a_held_time_does_not_run_out_while_nobody_is_there_to_call(asked, starts, held):
    thanksgiving = frozenset({date(2026, 11, 26), date(2026, 11, 27)})
    site = SiteDays(EASTERN, EIGHT_TO_FIVE, thanksgiving)
    asked, starts, held = (datetime.fromisoformat(at).replace(tzinfo=EASTERN) for at in (asked, starts, held))
    assert hold_until(asked, starts, site) == held
