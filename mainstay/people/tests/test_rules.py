from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.findings import Severity
from mainstay.foundation.phones import read_phone, spell_phone
from mainstay.people.rules import (
    Demographics,
    adulthood,
    authority_ends,
    authority_holds,
    judge_authority,
    judge_change,
    judge_demographics,
    judge_merge,
    judge_reason,
)

TODAY = date(2026, 11, 20)
CHILD = date(2009, 11, 20)
WHO = Demographics(given_name="Ana", family_name="Ruiz", birth_date=date(1990, 1, 2))


def holds(authority, day, since=None, until=None, born=CHILD):
    return authority_holds(authority, since, until, birth_date=born, day=day)


def test_a_parents_authority_ends_on_the_day_the_child_turns_18():
    assert holds("parent", date(2027, 11, 19))
    refused = holds("parent", date(2027, 11, 20))
    assert not refused
    assert "turned 18 on Sat 20 Nov 2027" in refused.reason


def test_a_child_born_on_29_february_is_an_adult_on_1_march():
    assert adulthood(date(2008, 2, 29)) == date(2026, 3, 1)
    assert holds("parent", date(2026, 2, 28), born=date(2008, 2, 29))
    assert not holds("parent", date(2026, 3, 1), born=date(2008, 2, 29))


def test_a_guardianship_goes_on_after_18_until_its_own_end():
    assert holds("guardian", date(2030, 1, 1))
    assert holds("guardian", date(2030, 1, 1), until=date(2030, 1, 1))
    assert "ended on Tue 1 Jan 2030" in holds("guardian", date(2030, 1, 2), until=date(2030, 1, 1)).reason


def test_authority_does_not_hold_before_it_begins_nor_without_being_one():
    assert "begins on" in holds("power_of_attorney", TODAY, since=TODAY + timedelta(days=1)).reason
    assert "contact only" in holds("none", TODAY).reason
    assert "withdrawn" in authority_holds("parent", None, None, birth_date=CHILD, day=TODAY, is_withdrawn=True).reason


@given(st.dates(date(1950, 1, 1), date(2026, 1, 1)), st.none() | st.dates(date(1950, 1, 1), date(2060, 1, 1)))
def test_no_parent_decides_for_an_adult(born, until):
    ends = authority_ends("parent", until, born)
    assert ends is not None and ends <= adulthood(born)
    assert not holds("parent", adulthood(born), until=until, born=born)


def test_a_parent_of_an_adult_is_no_proxy_and_a_guardian_brings_a_document():
    stops = judge_authority("parent", None, None, "", birth_date=date(1990, 1, 1), today=TODAY)
    assert [f.code for f in stops] == ["is-adult"] and stops[0].severity is Severity.STOP
    asks = judge_authority("guardian", None, None, "", birth_date=CHILD, today=TODAY)
    assert [(f.code, f.severity) for f in asks] == [("no-document", Severity.CONFIRM)]
    assert judge_authority("guardian", None, None, "Court order 417", birth_date=CHILD, today=TODAY) == []
    assert judge_authority("parent", TODAY, TODAY - timedelta(days=1), "", birth_date=CHILD, today=TODAY)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"given_name": " - "}, "given_name-missing"),
        ({"birth_date": TODAY + timedelta(days=1)}, "born-later"),
        ({"birth_date": date(1880, 1, 1)}, "too-old"),
        ({"birth_date": date(1914, 1, 1)}, "very-old"),
        ({"ssn_last4": "123"}, "ssn-last4"),
        ({"deceased_on": date(1980, 1, 1)}, "death"),
    ],
)
def test_what_cannot_be_or_is_unlikely_is_found(change, code):
    assert [f.code for f in judge_demographics(replace(WHO, **change), today=TODAY)] == [code]
    assert judge_demographics(WHO, today=TODAY) == []


def test_a_change_of_name_and_birth_date_together_is_asked_about():
    assert judge_change(WHO, replace(WHO, family_name="Delgado")) == []
    other = replace(WHO, given_name="Rosa", family_name="Delgado", birth_date=date(1991, 1, 2))
    assert [f.code for f in judge_change(WHO, other)] == ["another-person"]


@pytest.mark.parametrize("reason", ["", "   ", "x", "..........", "aaaaaaaaaaaaaa"])
def test_a_reason_says_something(reason):
    assert judge_reason(reason)
    assert judge_reason("Patient collapsed in the waiting room") == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("(512) 555-0134", "+15125550134"),
        ("512.555.0134", "+15125550134"),
        ("1 512 555 0134", "+15125550134"),
        ("+1 (512) 555 0134 ext 7", "+15125550134"),
        ("+44 20 7946 0000", "+442079460000"),
    ],
)
def test_phone_numbers_are_kept_in_one_form(typed, kept):
    assert read_phone(typed) == kept


@pytest.mark.parametrize(
    ("typed", "says"),
    [("555-0134", "area code"), ("12", "ten digits"), ("112 555 0134", "start with 2"), ("+44 1", "whole")],
)
def test_what_cannot_be_dialed_is_refused(typed, says):
    with pytest.raises(InvalidInput, match=says):
        read_phone(typed)


def test_phone_numbers_are_shown_the_american_way():
    assert spell_phone("+15125550134") == "(512) 555-0134"
    assert spell_phone("+442079460000") == "+442079460000"


@pytest.mark.parametrize(
    ("other", "unlike"),
    [
        (WHO, ""),
        (replace(WHO, given_name="ANA "), ""),
        (replace(WHO, family_name="Ruiz Soto"), ""),
        (replace(WHO, birth_date=date(1990, 2, 1)), ""),
        (replace(WHO, given_name="Luis", sex="male"), ""),
        (replace(WHO, given_name="Luis", birth_date=date(1990, 2, 1)), "legal name, date of birth."),
        (replace(WHO, suffix="Jr", birth_date=date(2015, 1, 2)), "legal name, date of birth."),
    ],
)
def test_two_charts_look_like_two_people_when_two_facts_tell_them_apart(other, unlike):
    assert [unlike in f.message for f in judge_merge(WHO, other)] == [True] * bool(unlike)


def test_a_sex_that_is_known_on_both_charts_tells_two_people_apart():
    one, other = replace(WHO, sex="female"), replace(WHO, sex="male", birth_date=date(1990, 2, 1))
    (found,) = judge_merge(one, other)
    assert (found.severity, found.code) == (Severity.CONFIRM, "unlike-people")
    assert "date of birth, sex" in found.message
