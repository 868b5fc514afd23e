"""What must not matter, does not: order of input, vaccines of other antigens, the day everything is moved to."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mainstay.immunizations.forecast import (
    DoseGiven,
    Fact,
    Forecast,
    Gender,
    Person,
    forecast_person,
    load_schedule,
)
from mainstay.immunizations.forecast import engine as long_way
from mainstay.immunizations.forecast.periods import FUTURE, PAST
from mainstay.immunizations.forecast.results import dose_results

SCHEDULE = load_schedule("cdc-4.64")
ASSESSED = date(2026, 1, 15)
SEASONAL = {"COVID-19", "Influenza", "RSV"}
LIVE = set(SCHEDULE.conflicts)

people = st.builds(
    Person,
    born=st.dates(date(1940, 1, 1), date(2026, 1, 15)),
    gender=st.sampled_from(Gender),
    facts=st.lists(
        st.builds(Fact, st.sampled_from(sorted(SCHEDULE.observations)), st.none()),
        max_size=2,
        unique_by=lambda f: f.code,
    ).map(tuple),
)


@st.composite
def patients(draw: st.DrawFn) -> Person:
    person = draw(people)
    doses = draw(
        st.lists(
            st.builds(
                DoseGiven,
                given=st.dates(person.born, ASSESSED),
                cvx=st.sampled_from(sorted(SCHEDULE.vaccines)),
                mvx=st.sampled_from(["", "SKB", "MSD"]),
                trade_name=st.just(""),
                volume=st.sampled_from(["", "0.1", "0.5", "half a mL"]),
                lot_expires=st.none() | st.just(date(2010, 1, 1)),
                is_substandard=st.booleans(),
            ),
            max_size=7,
        )
    )
    return Person(person.born, person.gender, person.facts, tuple(doses))


def picture(forecast: Forecast, shift: int = 0) -> dict[str, Any]:
    """All that is said about each group, dates moved back by `shift` days."""

    def back(day: int) -> int:
        return day - shift if day else 0

    return {
        group.group.name: (
            group.status,
            group.number,
            back(group.earliest),
            back(group.recommended),
            back(group.past_due),
            tuple(item.progress.series.name for item in group.contained),
        )
        for group in forecast.groups
    }


def verdicts(forecast: Forecast) -> list[tuple[int, str, str, str]]:
    return [(r.record.day, r.record.cvx, r.antigen, r.status) for r in dose_results(forecast)]


@given(patients(), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_the_order_of_the_input_changes_nothing(person: Person, chance: Any) -> None:
    doses, facts = list(person.doses), list(person.facts)
    chance.shuffle(doses)
    chance.shuffle(facts)
    shuffled = Person(person.born, person.gender, tuple(facts), tuple(doses))
    one, other = (forecast_person(each, SCHEDULE, ASSESSED) for each in (person, shuffled))
    assert picture(one) == picture(other)
    assert verdicts(one) == verdicts(other)


@given(patients(), st.data())
@settings(max_examples=150, deadline=None)
def test_an_unrelated_dose_changes_nothing_elsewhere(person: Person, data: Any) -> None:
    """A dose may change the groups of its own antigens, and through live-virus conflicts and named intervals others."""
    cvx = data.draw(st.sampled_from(sorted(set(SCHEDULE.vaccines) - LIVE)))
    extra = DoseGiven(data.draw(st.dates(person.born, ASSESSED)), cvx)
    more = Person(person.born, person.gender, person.facts, (*person.doses, extra))
    one, other = (picture(forecast_person(each, SCHEDULE, ASSESSED)) for each in (person, more))
    for group in SCHEDULE.groups:
        antigens = [SCHEDULE.antigens[name] for name in group.antigens]
        own = {antigen for antigen, _, _ in SCHEDULE.vaccines[cvx].antigens}
        if not own & set(group.antigens) and not any(cvx in names_of(antigen) for antigen in antigens):
            assert one.get(group.name) == other.get(group.name)


def names_of(antigen: Any) -> set[str]:
    """The vaccines an antigen's rules name outright, in intervals and counts."""
    found: set[str] = set()
    for series in antigen.series:
        for dose in series.doses:
            for rule in dose.intervals:
                found |= rule.types
            for skip in (*dose.skips_evaluation, *dose.skips_forecast):
                found |= {cvx for group in skip.sets for condition in group.conditions for cvx in condition.types}
    return found


def moved(day: date, years: int) -> date:
    return day.replace(year=day.year + years)


@given(patients())
@settings(max_examples=150, deadline=None)
def test_moving_everything_by_a_calendar_cycle_moves_the_dates(person: Person) -> None:
    """28 years repeat the calendar to the day from 1901 to 2099; what has dates of its own is set apart."""
    years = -28
    dated = {
        group.name
        for group in SCHEDULE.groups
        for name in group.antigens
        if SCHEDULE.antigens[name].birth_immunity or has_dates(SCHEDULE.antigens[name])
    }
    earlier = Person(
        moved(person.born, years),
        person.gender,
        person.facts,
        tuple(
            dose._replace(
                given=moved(dose.given, years), lot_expires=dose.lot_expires and moved(dose.lot_expires, years)
            )
            for dose in person.doses
        ),
    )
    then = moved(ASSESSED, years)
    shift = (then - ASSESSED).days
    one = picture(forecast_person(person, SCHEDULE, ASSESSED))
    other = picture(forecast_person(earlier, SCHEDULE, then), shift)
    assert {k: v for k, v in one.items() if k not in dated} == {k: v for k, v in other.items() if k not in dated}
    assert dated >= SEASONAL


def has_dates(antigen: Any) -> bool:
    always = (PAST, FUTURE)
    for series in antigen.series:
        for dose in series.doses:
            rows = [*dose.ages, *dose.intervals, *dose.allowable_intervals]
            sets = [group for skip in (*dose.skips_evaluation, *dose.skips_forecast) for group in skip.sets]
            if (dose.season_start, dose.season_end) != always:
                return True
            if any((row.effective, row.cessation) != always for row in (*rows, *sets)):
                return True
            if any((item.start, item.until) != always for group in sets for item in group.conditions):
                return True
    return False


@given(patients(), st.dates(date(2024, 1, 1), date(2028, 12, 31)))
@settings(max_examples=200, deadline=None)
def test_the_short_cuts_say_what_the_long_way_says(person: Person, assessed: date) -> None:
    person = Person(min(person.born, assessed), person.gender, person.facts, person.doses)
    quick = forecast_person(person, SCHEDULE, assessed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(long_way, "_best_series", lambda antigen, patient, best: long_way._best_of_all(antigen, patient))
        slow = forecast_person(person, SCHEDULE, assessed)
    assert picture(quick) == picture(slow)
    assert verdicts(quick) == verdicts(slow)


@given(patients())
@settings(max_examples=150, deadline=None)
def test_the_dates_of_a_forecast_are_in_order(person: Person) -> None:
    for group in forecast_person(person, SCHEDULE, ASSESSED).groups:
        if group.number:
            assert person.born <= date.fromordinal(group.earliest) <= date.fromordinal(group.recommended)
            assert not group.past_due or group.earliest <= group.past_due


@given(patients())
@settings(max_examples=100, deadline=None)
def test_a_dose_after_the_day_of_assessment_has_not_been_given_yet(person: Person) -> None:
    later = DoseGiven(ASSESSED + timedelta(days=1), "03")
    more = Person(person.born, person.gender, person.facts, (*person.doses, later))
    one, other = (forecast_person(each, SCHEDULE, ASSESSED) for each in (person, more))
    assert picture(one) == picture(other)
