"""Which pressure is measured next, and which one counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from mainstay.chart.rules import (
    PatientMeasures,
    Pressure,
    Symptom,
    arm_difference,
    cuff_for,
    next_pressure_steps,
    pressure_to_use,
)

D = Decimal
START = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
ADULT = PatientMeasures(born=date(1980, 5, 5))


def taken(systolic: int, diastolic: int, minute: int = 0, arm: str = "right", method: str = "device") -> Pressure:
    return Pressure(D(systolic), D(diastolic), START + timedelta(minutes=minute), arm=arm, method=method)


def steps(*pressures: Pressure, patient: PatientMeasures = ADULT, first_visit: bool = False) -> list[str]:
    found = next_pressure_steps(pressures, patient, is_first_visit=first_visit, now=START)
    return [one.code for one in found]


@pytest.mark.parametrize(
    ("reading", "expected"),
    [((129, 79), []), ((130, 70), ["repeat"]), ((120, 80), ["repeat"])],
)
def test_a_raised_first_reading_is_repeated_after_a_minute(reading: tuple[int, int], expected: list[str]) -> None:
    found = next_pressure_steps([taken(*reading)], ADULT, is_first_visit=False, now=START)
    assert [one.code for one in found] == expected
    assert all(one.earliest == START + timedelta(minutes=1) for one in found)


def test_a_second_reading_ends_the_repeats() -> None:
    assert steps(taken(140, 90), taken(138, 88, 2)) == []


def test_a_severe_pressure_in_pregnancy_is_repeated_after_a_quarter_of_an_hour() -> None:
    pregnant = PatientMeasures(born=date(1995, 5, 5), is_pregnant=True)
    (step,) = next_pressure_steps([taken(162, 100)], pregnant, is_first_visit=False, now=START)
    assert step.earliest == START + timedelta(minutes=15)


def test_a_first_visit_wants_both_arms_unless_one_must_be_spared() -> None:
    assert steps(taken(118, 70), first_visit=True) == ["other-arm"]
    assert steps(taken(118, 70), taken(120, 72, 1, arm="left"), first_visit=True) == []
    spared = PatientMeasures(born=date(1980, 5, 5), arm_to_avoid={"left": "mastectomy side"})
    assert steps(taken(118, 70), patient=spared, first_visit=True) == []


def test_an_irregular_pulse_wants_three_readings_by_hand() -> None:
    patient = PatientMeasures(born=date(1950, 5, 5), symptoms=frozenset({Symptom.IRREGULAR_PULSE}))
    by_hand = [taken(120, 70, minute, method="auscultation") for minute in range(3)]
    assert steps(taken(120, 70), patient=patient) == ["by-hand"]
    assert steps(*by_hand[:2], patient=patient) == ["by-hand"]
    assert steps(*by_hand, patient=patient) == []


def test_a_childs_raised_pressure_is_measured_twice_more() -> None:
    girl = PatientMeasures(born=date(2018, 5, 5), sex="f", height=D(128))
    high = [taken(116, 70, minute) for minute in range(3)]
    assert [steps(*high[:count], patient=girl) for count in (1, 2, 3)] == [["repeat"], ["repeat"], []]
    assert steps(taken(95, 55), patient=girl) == []


def test_the_last_two_readings_of_the_higher_arm_are_averaged() -> None:
    assert pressure_to_use([]) is None
    assert pressure_to_use([taken(150, 90)]) == (150, 90)
    assert pressure_to_use([taken(160, 96), taken(150, 90, 1), taken(140, 86, 2)]) == (145, 88)
    assert pressure_to_use([taken(120, 70, arm="left"), taken(136, 80, 1), taken(132, 78, 2)]) == (134, 79)


def test_arms_ten_apart_are_told() -> None:
    assert arm_difference([taken(120, 70), taken(129, 75, 1, arm="left")]) == []
    (found,) = arm_difference([taken(120, 70), taken(130, 75, 1, arm="left")])
    assert found.code == "tell.arms-differ"
    assert "Use the left arm" in found.message


@pytest.mark.parametrize(
    ("arm", "cuff"),
    [
        ("21", None),
        ("22", "small adult"),
        ("26.4", "small adult"),
        ("27", "adult"),
        ("35", "large adult"),
        ("53", None),
    ],
)
def test_the_cuff_follows_the_arm(arm: str, cuff: str | None) -> None:
    assert cuff_for(D(arm)) == cuff
