"""The shape of codes, and check digits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.terminology.codes import (
    icd10cm_from_typing,
    icd10cm_is_well_formed,
    loinc_is_valid,
    mod10_check_digit,
)
from mainstay.terminology.wording import everyday, plain, singular, telling_words


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("E11.9", "E11.9"),
        ("e119", "E11.9"),
        (" e11 ", "E11"),
        ("s93409a", "S93.409A"),
        ("S93 409A", "S93.409A"),
        ("C7A", "C7A"),
        ("z00.00", "Z00.00"),
    ],
)
def test_a_code_is_known_however_it_is_typed(typed: str, code: str):
    assert icd10cm_from_typing(typed) == code
    assert icd10cm_is_well_formed(code)


@pytest.mark.parametrize("typed", ["flu", "E1", "", "E11.90000", "1E1", "covid19", "e11.9 diabetes"])
def test_words_are_not_taken_for_codes(typed: str):
    assert icd10cm_from_typing(typed) is None


@given(st.text(max_size=20))
def test_no_text_breaks_the_reading_of_a_code(text: str):
    found = icd10cm_from_typing(text)
    assert found is None or icd10cm_is_well_formed(found)


@pytest.mark.parametrize("code", ["2345-7", "8480-6", "3150-0", "44249-1", "94500-6", "718-7"])
def test_a_right_check_digit_is_accepted(code: str):
    assert loinc_is_valid(code)


@pytest.mark.parametrize("code", ["2345-8", "8480-5", "3150-6", "2345", "2345-", "-7", "2345-77", "", "٢345-7"])
def test_a_wrong_check_digit_is_not(code: str):
    assert not loinc_is_valid(code)


@given(st.integers(min_value=1, max_value=9_999_999), st.integers(min_value=1, max_value=9))
def test_changing_one_digit_is_always_noticed(number: int, by: int):
    digits = str(number)
    changed = digits[:-1] + str((int(digits[-1]) + by) % 10)
    assert mod10_check_digit(digits) != mod10_check_digit(changed)


def test_wording_is_compared_without_case_accents_plurals_and_fillers():
    assert plain("Crohn's  Disease (ileum)") == "crohns disease ileum"
    assert telling_words("I have pain in my knees") == ("pain", "knee")
    assert telling_words("dolor de oídos") == ("dolor", "oido")
    assert telling_words("c/o cough") == ("cough",)
    assert telling_words("hepatitis A") == ("hepatitis", "a")
    assert singular("virus") == "virus"
    assert everyday("aches") == "pain"


@given(st.text(max_size=60))
def test_any_wording_can_be_taken_apart(text: str):
    words = telling_words(text)
    assert len(words) == len(set(words))
