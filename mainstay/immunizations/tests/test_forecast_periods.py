"""Ages and intervals are added as CDSi §3.4 says."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.immunizations.forecast.digesting import longest
from mainstay.immunizations.forecast.periods import add_period, ages_of, parse_period, write_period


def added(day: str, text: str) -> str:
    return date.fromordinal(add_period(date.fromisoformat(day).toordinal(), parse_period(text))).isoformat()


@pytest.mark.parametrize(
    ("day", "text", "result"),
    [
        ("2000-01-01", "3 years", "2003-01-01"),
        ("2000-11-01", "6 months", "2001-05-01"),
        ("2000-01-01", "3 weeks", "2000-01-22"),
        ("2000-02-01", "5 weeks", "2000-03-07"),
        ("2001-02-01", "5 weeks", "2001-03-08"),
        ("2000-03-31", "6 months", "2000-10-01"),
        ("2000-08-31", "6 months", "2001-03-01"),
        ("2000-01-31", "6 months - 4 days", "2000-07-27"),
        ("2004-02-29", "1 year", "2005-03-01"),
        ("2010-05-05", "16 years - 4 months", "2026-01-05"),
    ],
)
def test_the_specification_s_examples_hold(day: str, text: str, result: str) -> None:
    assert added(day, text) == result


@pytest.mark.parametrize("text", ["", "soon", "4", "4 fortnights", "4 weeks or so"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an age or interval"):
        parse_period(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("6 weeks", "6 weeks"),
        ("0 days", "0 days"),
        ("12 months - 4 days", "12 months less 4 days"),
        ("5 months + 4 weeks", "5 months and 4 weeks"),
        ("4 years", "4 years"),
        ("18 months", "18 months"),
        ("7 days", "1 week"),
        ("1 month + 1 day", "1 month and 1 day"),
    ],
)
def test_a_period_is_written_as_people_say_it(text: str, words: str) -> None:
    assert write_period(parse_period(text)) == words


@given(
    st.dates(date(1900, 1, 1), date(2100, 12, 31)),
    st.lists(st.tuples(st.integers(0, 1200), st.integers(-30, 60)), min_size=1),
)
def test_all_ages_at_once_are_the_ages_one_by_one(born: date, periods: list[tuple[int, int]]) -> None:
    assert ages_of(born, tuple(periods)) == [add_period(born.toordinal(), period) for period in periods]


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.integers(0, 240), st.integers(-6, 60))
def test_no_period_is_longer_than_the_longest_it_can_be(start: date, months: int, days: int) -> None:
    assert add_period(start.toordinal(), (months, days)) - start.toordinal() <= longest((months, days))
