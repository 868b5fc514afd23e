import contextlib
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.foundation.dates import (
    age_on,
    dob_forms,
    read_birth_date,
    read_date,
    read_time,
    spell_age,
    spell_birth_date,
    spell_date,
    spell_time,
)
from mainstay.foundation.errors import InvalidInput

TODAY = date(2027, 5, 12)  # a Wednesday
days = st.dates(min_value=date(1900, 1, 1), max_value=date(2150, 12, 31))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("today", TODAY),
        ("tom", date(2027, 5, 13)),
        ("Tomorrow", date(2027, 5, 13)),
        ("yest", date(2027, 5, 11)),
        ("+6w", date(2027, 6, 23)),
        ("+6 w", date(2027, 6, 23)),
        ("-2d", date(2027, 5, 10)),
        ("+3m", date(2027, 8, 12)),
        ("+1y", date(2028, 5, 12)),
        ("6mo", date(2027, 11, 12)),
        ("in 3 weeks", date(2027, 6, 2)),
        ("in a week", date(2027, 5, 19)),
        ("3 days ago", date(2027, 5, 9)),
        ("two weeks from now", date(2027, 5, 26)),
        ("next week", date(2027, 5, 19)),
        ("next month", date(2027, 6, 12)),
        ("3/5", date(2028, 3, 5)),
        ("5/12", TODAY),
        ("6/1", date(2027, 6, 1)),
        ("3/5/84", date(1984, 3, 5)),
        ("3/5/30", date(2030, 3, 5)),
        ("3-5-1984", date(1984, 3, 5)),
        ("3.5.1984", date(1984, 3, 5)),
        ("3 5 1984", date(1984, 3, 5)),
        ("03051984", date(1984, 3, 5)),
        ("030584", date(1984, 3, 5)),
        ("19840305", date(1984, 3, 5)),
        ("1984-03-05", date(1984, 3, 5)),
        ("1984/3/5", date(1984, 3, 5)),
        ("5 mar 1984", date(1984, 3, 5)),
        ("5-Mar-1984", date(1984, 3, 5)),
        ("March 5, 1984", date(1984, 3, 5)),
        ("mar 5th 84", date(1984, 3, 5)),
        ("1984 mar 5", date(1984, 3, 5)),
        ("mar 5", date(2028, 3, 5)),
        ("5 sept", date(2027, 9, 5)),
        ("Fri 5 Mar 2027", date(2027, 3, 5)),
        ("tue", date(2027, 5, 18)),
        ("next tue", date(2027, 5, 18)),
        ("this thurs", date(2027, 5, 13)),
        ("wed", date(2027, 5, 19)),
        ("last wed", date(2027, 5, 5)),
        ("2/29", date(2028, 2, 29)),
    ],
)
def test_dates_are_read_as_people_type_them(typed, meant):
    assert read_date(typed, today=TODAY) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("3/5", date(2027, 3, 5)),
        ("6/1", date(2026, 6, 1)),
        ("tue", date(2027, 5, 11)),
        ("wed", date(2027, 5, 5)),
        ("3/5/30", date(1930, 3, 5)),
        ("5/12/27", TODAY),
        ("5/13/27", date(1927, 5, 13)),
        ("2/29", date(2024, 2, 29)),
        ("mar 5", date(2027, 3, 5)),
        ("next tue", date(2027, 5, 18)),
    ],
)
def test_leaning_to_the_past_completes_dates_backwards(typed, meant):
    assert read_date(typed, today=TODAY, prefer="past") == meant


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Type a date"),
        ("soon", "not a date"),
        ("13/5/84", "month first: did you mean 5/13/1984"),
        ("2/30/2027", "February 2027 has no day 30"),
        ("2/29/2027", "February 2027 has no day 29"),
        ("mar 1984", "lacks the day"),
        ("1984-03", "lacks the day"),
        ("Tue 5 Mar 2027", "is a Friday, not a Tuesday"),
        ("3/5/984", "two or four digits"),
        ("3/5/0984", "cannot be right"),
        ("99/99", "There is no month 99"),
        ("+9999y", "too far"),
        ("5", "not a date"),
        ("٣/٥/١٩٨٤", ""),
        ("3/5/1984; drop table", "not a date"),
    ],
)
def test_what_is_no_date_is_refused_with_a_sentence(typed, says):
    if not says:  # digits of another script are digits
        assert read_date(typed, today=TODAY) == date(1984, 3, 5)
        return
    with pytest.raises(InvalidInput, match=says):
        read_date(typed, today=TODAY)


def test_a_span_without_direction_is_refused_when_looking_back():
    with pytest.raises(InvalidInput, match="which way"):
        read_date("3 weeks", today=TODAY, prefer="past")


def test_months_are_added_without_overflowing_the_month():
    assert read_date("+1m", today=date(2027, 1, 31)) == date(2027, 2, 28)


@given(days, st.sampled_from(["past", "future"]), st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)))
def test_what_we_show_can_be_typed_back(day, prefer, today):
    assert read_date(spell_date(day), today=today, prefer=prefer) == day
    for form in (f"{day:%m/%d/%Y}", f"{day:%m%d%Y}", day.isoformat(), f"{day:%d %b %Y}", f"{day:%B %d, %Y}"):
        assert read_date(form, today=today, prefer=prefer) == day


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_politely(text):
    for read in (
        lambda: read_date(text, today=TODAY),
        lambda: read_birth_date(text, today=TODAY),
        lambda: read_time(text),
    ):
        try:
            read()
        except InvalidInput as refusal:
            assert refusal.message.endswith((".", "?"))
    assert dob_forms(text, today=TODAY) is not None


@given(st.from_regex(r"[+\-]?[0-9a-z/. ]{1,12}", fullmatch=True), st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_date_like_text_never_breaks_the_reader(text, today):
    for prefer in ("past", "future"):
        with contextlib.suppress(InvalidInput):
            assert isinstance(read_date(text, today=today, prefer=prefer), date)
    assert all(day <= today for day in dob_forms(text, today=today))


@given(st.dates(min_value=TODAY - timedelta(days=99 * 365), max_value=TODAY))
def test_two_digit_birth_years_fall_in_the_past(born):
    assert read_birth_date(f"{born:%m/%d/%y}", today=TODAY) == born
    assert born in dob_forms(f"{born:%m/%d/%y}", today=TODAY)
    assert born in dob_forms(f"{born:%d/%m/%Y}", today=TODAY)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("5/13/2027", "in the future"),
        ("3/5/1880", "130 years"),
        ("3/5", "year of birth"),
        ("mar 5", "year of birth"),
        ("tom", "in the future"),
    ],
)
def test_a_date_of_birth_needs_its_year_and_lies_behind_us(typed, says):
    with pytest.raises(InvalidInput, match=says):
        read_birth_date(typed, today=TODAY)


def test_a_searched_birth_date_keeps_every_reading():
    assert dob_forms("3/5/24", today=TODAY) == {date(2024, 3, 5), date(2024, 5, 3), date(1924, 3, 5), date(1924, 5, 3)}
    assert dob_forms("03051984", today=TODAY) == {date(1984, 3, 5), date(1984, 5, 3)}
    assert dob_forms("5 mar 84", today=TODAY) == {date(1984, 3, 5)}
    assert dob_forms("smith", today=TODAY) == frozenset()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("230p", time(14, 30)),
        ("2:30 pm", time(14, 30)),
        ("2:30 P.M.", time(14, 30)),
        ("14:30", time(14, 30)),
        ("1430", time(14, 30)),
        ("9", time(9)),
        ("1", time(13)),
        ("9a", time(9)),
        ("930", time(9, 30)),
        ("0230", time(2, 30)),
        ("2:30", time(14, 30)),
        ("9.15", time(9, 15)),
        ("noon", time(12)),
        ("midnight", time(0)),
        ("12", time(12)),
        ("12a", time(0)),
        ("12:30am", time(0, 30)),
    ],
)
def test_times_are_read_as_people_type_them(typed, meant):
    assert read_time(typed) == meant


@pytest.mark.parametrize("typed", ["25", "9:75", "13p", "", "later", "0p"])
def test_what_is_no_time_is_refused(typed):
    with pytest.raises(InvalidInput):
        read_time(typed)


@given(st.times())
def test_a_shown_time_can_be_typed_back(moment):
    moment = moment.replace(second=0, microsecond=0)
    assert read_time(spell_time(moment)) == moment
    assert read_time(f"{moment:%H:%M}") == moment


def test_ages_are_spelled_as_clinicians_say_them():
    assert age_on(date(2009, 5, 13), TODAY) == 17
    assert age_on(date(2009, 5, 12), TODAY) == 18
    spelled = [spell_age(TODAY - timedelta(days=d), TODAY) for d in (1, 9, 60, 400, 12000)]
    assert spelled == ["1 day", "9 days", "8 weeks", "13 months", "32 years"]
    assert spell_birth_date(date(1984, 3, 5)) == "03/05/1984"
