"""Reminders about technique, and habits over many values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.chart.rules import (
    Consciousness,
    PatientMeasures,
    Reading,
    end_digit_preference,
    news2_from,
    technique_hints,
)

D = Decimal
ADULT = PatientMeasures(born=date(1980, 5, 5))
TODAY = date(2026, 11, 21)


def pressure(systolic: int, diastolic: int, method: str) -> dict[str, Reading]:
    return {
        "systolic": Reading(D(systolic), "mm[Hg]", method=method),
        "diastolic": Reading(D(diastolic), "mm[Hg]", method=method),
    }


@pytest.mark.parametrize(
    ("systolic", "diastolic", "method", "hint"),
    [
        (121, 80, "auscultation", "steps of 2"),
        (120, 80, "auscultation", "Both end in 0"),
        (122, 80, "auscultation", ""),
        (121, 80, "device", ""),
        (120, 80, "device", ""),
    ],
)
def test_a_gauge_is_read_to_the_nearest_mark(systolic: int, diastolic: int, method: str, hint: str) -> None:
    assert hint in technique_hints(pressure(systolic, diastolic, method), ADULT).get("systolic", "")
    assert bool(hint) == ("systolic" in technique_hints(pressure(systolic, diastolic, method), ADULT))


def test_a_doubled_count_is_even() -> None:
    rate = Reading(D(17), "/min", method="counted_30_s")
    assert "even" in technique_hints({"respiratory_rate": rate}, ADULT)["respiratory_rate"]
    assert technique_hints({"respiratory_rate": replace(rate, value=D(18))}, ADULT) == {}


def test_the_same_rate_four_patients_in_a_row_is_noticed() -> None:
    rate = {"respiratory_rate": Reading(D(16), "/min")}
    assert "again" in technique_hints(rate, ADULT, earlier_rates=[D(18), D(16), D(16), D(16)])["respiratory_rate"]
    assert technique_hints(rate, ADULT, earlier_rates=[D(16), D(16)]) == {}
    assert technique_hints(rate, ADULT, earlier_rates=[D(16), D(17), D(16)]) == {}


def test_a_known_arm_wants_the_cuff_named() -> None:
    patient = replace(ADULT, arm_circumference=D(38))
    assert "cuff" in technique_hints(pressure(122, 78, "device"), patient)["systolic"]


def test_rounding_to_ten_shows_over_many_values() -> None:
    assert end_digit_preference([D(120)] * 12, steps_of_two=True).is_unlikely
    assert not end_digit_preference([D(n) for n in range(110, 150, 2)], steps_of_two=True).is_unlikely


@given(st.lists(st.integers(80, 200), max_size=40), st.booleans())
def test_a_chance_is_a_probability(values: list[int], steps_of_two: bool) -> None:
    found = end_digit_preference([D(value) for value in values], steps_of_two=steps_of_two)
    assert 0 <= found.chance <= 1
    assert found.values == len(values)


def test_the_early_warning_score_waits_for_every_sign() -> None:
    readings = {
        "respiratory_rate": Reading(D(22), "/min"),
        "oxygen_saturation": Reading(D(94), "%", is_on_oxygen=True),
        "systolic": Reading(D(105), "mm[Hg]"),
        "heart_rate": Reading(D(95), "/min"),
    }
    assert news2_from(readings, ADULT, Consciousness.ALERT, today=TODAY) is None
    whole = readings | {"temperature": Reading(D("38.4"), "Cel")}
    score = news2_from(whole, ADULT, Consciousness.ALERT, today=TODAY)
    assert score is not None
    assert score.total == 2 + 1 + 2 + 1 + 1 + 1
    assert news2_from(whole, replace(ADULT, is_pregnant=True), Consciousness.ALERT, today=TODAY) is None
    assert news2_from(whole, replace(ADULT, born=date(2015, 1, 1)), Consciousness.ALERT, today=TODAY) is None
