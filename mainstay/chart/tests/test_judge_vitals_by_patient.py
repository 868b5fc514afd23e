"""Vital signs judged by who the patient is: pregnant, weak, chronically ill, a child, growing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mainstay.chart.rules import (
    Condition,
    PastValue,
    PatientMeasures,
    Symptom,
    judge_vitals,
    reading_as_typed,
    sites_to_avoid,
)
from mainstay.chart.tests.vitals import (
    ADULT,
    NOW,
    TODAY,
    D,
    child,
    codes,
    judged,
    readings,
)
from mainstay.foundation.findings import Severity


def test_a_pressure_far_below_the_patients_own_usual_is_told() -> None:
    patient = replace(ADULT, usual={"systolic": D(150)})
    assert codes(patient, systolic="130", diastolic="80") == ["tell.pressure-below-own-usual"]
    assert codes(patient, systolic="131", diastolic="80") == []


@pytest.mark.parametrize(
    ("pressure", "code"),
    [
        (("139", "89"), []),
        (("140", "80"), ["tell.pregnancy-pressure-high"]),
        (("130", "90"), ["tell.pregnancy-pressure-high"]),
        (("160", "100"), ["now.pregnancy-pressure-high"]),
        (("150", "110"), ["now.pregnancy-pressure-high"]),
        (("88", "60"), ["now.pressure-low"]),
    ],
)
def test_pregnancy_has_lower_limits(pressure: tuple[str, str], code: list[str]) -> None:
    pregnant = replace(ADULT, is_pregnant=True)
    assert codes(pregnant, systolic=pressure[0], diastolic=pressure[1]) == code
    delivered = replace(ADULT, gave_birth_on=TODAY - timedelta(weeks=6))
    assert codes(delivered, systolic=pressure[0], diastolic=pressure[1]) == code


def test_the_limits_of_pregnancy_end_six_weeks_after_birth() -> None:
    delivered = replace(ADULT, gave_birth_on=TODAY - timedelta(weeks=6, days=1))
    assert codes(delivered, systolic="150", diastolic="95") == []


@pytest.mark.parametrize("condition", [Condition.WEAK_IMMUNITY, Condition.CHEMOTHERAPY, Condition.NEUTROPENIA])
def test_fever_with_weak_immunity_cannot_wait(condition: Condition) -> None:
    patient = replace(ADULT, conditions=frozenset({condition}))
    assert codes(patient, temperature="38.0") == ["now.fever-weak-immunity"]


@pytest.mark.parametrize(
    ("days", "typed", "expected"),
    [
        (20, "38.0", ["now.infant-fever"]),
        (90, "100.4 F", ["now.infant-fever"]),
        (91, "38.0", ["tell.temperature-high"]),
        (20, "37.9", []),
        (20, "35.9", ["tell.infant-cool"]),
        (20, "34.9", ["now.temperature-low"]),
    ],
)
def test_fever_before_ninety_days_is_an_emergency(days: int, typed: str, expected: list[str]) -> None:
    taken = readings(temperature=typed)
    rectal = {"temperature": replace(taken["temperature"], site="rectal")}
    assert [one.code for one in judge_vitals(rectal, child(days), now=NOW)] == expected


@pytest.mark.parametrize(
    ("site", "days", "typed", "expected"),
    [
        ("axillary", 9000, "37.1", []),
        ("axillary", 9000, "37.2", ["note.temperature-screen"]),
        ("axillary", 9000, "37.5", ["tell.temperature-high"]),
        ("axillary", 60, "37.3", ["tell.infant-screen"]),
        ("axillary", 60, "37.5", ["now.infant-fever"]),
        ("tympanic", 100, "37.0", ["temperature-site"]),
        ("tympanic", 200, "37.0", []),
        ("", 9000, "37.0", ["temperature-site-missing"]),
    ],
)
def test_a_temperature_is_judged_at_its_site_and_never_converted(
    site: str, days: int, typed: str, expected: list[str]
) -> None:
    taken = replace(reading_as_typed(typed, ("Cel",)), site=site)
    found = judge_vitals({"temperature": taken}, child(days), now=NOW)
    assert [one.code for one in found] == expected


def test_no_rectal_temperature_with_a_low_white_count_or_in_a_newborn_who_may_bleed() -> None:
    assert "rectal" in sites_to_avoid(replace(ADULT, conditions=frozenset({Condition.NEUTROPENIA})), TODAY)
    assert "rectal" in sites_to_avoid(child(10, conditions=frozenset({Condition.BLEEDING_RISK})), TODAY)
    assert "rectal" not in sites_to_avoid(child(40, conditions=frozenset({Condition.BLEEDING_RISK})), TODAY)


@pytest.mark.parametrize(
    ("value", "on_oxygen", "expected"),
    [
        ("87", False, ["now.oxygen-below-target"]),
        ("88", False, []),
        ("91", False, []),
        ("95", False, []),
        ("95", True, ["tell.oxygen-above-target"]),
    ],
)
def test_a_patient_with_a_low_target_is_judged_by_it(value: str, on_oxygen: bool, expected: list[str]) -> None:
    patient = replace(ADULT, conditions=frozenset({Condition.LOW_SATURATION_TARGET}))
    taken = replace(readings(oxygen_saturation=value)["oxygen_saturation"], is_on_oxygen=on_oxygen)
    assert [one.code for one in judge_vitals({"oxygen_saturation": taken}, patient, now=NOW)] == expected


def test_oxygen_more_than_two_below_the_patients_usual_is_told() -> None:
    patient = replace(ADULT, usual={"oxygen_saturation": D(99)})
    assert codes(patient, oxygen_saturation="96") == ["tell.oxygen-below-own-usual"]
    assert codes(patient, oxygen_saturation="97") == []


def last(**values: str) -> PatientMeasures:
    return replace(ADULT, last={key: PastValue(D(value), TODAY - timedelta(days=60)) for key, value in values.items()})


@pytest.mark.parametrize(
    ("before", "typed", "expected"),
    [
        ("65", {"weight": "70 kg"}, []),
        ("65", {"weight": "70.1 kg"}, ["weight-jump"]),
        ("65", {"weight": "59 kg"}, ["weight-jump"]),
        ("52", {"weight": "57.3 kg"}, ["weight-jump"]),
        ("65", {"weight": "143 kg"}, ["weight-unit"]),
        ("65", {"weight": "65 lb"}, ["weight-unit"]),
    ],
)
def test_a_jump_of_weight_is_asked_about(before: str, typed: dict[str, str], expected: list[str]) -> None:
    found = [one.code for one in judged(last(weight=before), **typed) if one.severity is Severity.CONFIRM]
    assert found == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("172", []), ("172.1", ["height-jump"]), ("167.9", ["height-jump"]), ("67", ["height-unit"])],
)
def test_a_jump_of_height_is_asked_about(typed: str, expected: list[str]) -> None:
    assert [one.code for one in judged(last(height="170"), height=typed)] == expected


def test_a_growing_child_is_not_asked_about_gaining_weight_but_about_shrinking() -> None:
    boy = child(
        3000,
        last={
            "weight": PastValue(D(20), TODAY - timedelta(days=300)),
            "height": PastValue(D(125), TODAY - timedelta(days=300)),
        },
    )
    assert "weight-jump" not in codes(boy, weight="26 kg")
    assert "weight-jump" in codes(boy, weight="17.9 kg")
    assert "height-jump" in codes(boy, height="123.9")


@pytest.mark.parametrize(
    ("ago", "gained", "expected"),
    [(1, "0.9", True), (1, "0.8", False), (7, "2.3", True), (7, "2.2", False), (8, "3.0", False), (3, "1.0", False)],
)
def test_fast_gain_with_heart_failure_is_told(ago: int, gained: str, expected: bool) -> None:
    patient = replace(
        ADULT,
        conditions=frozenset({Condition.HEART_FAILURE}),
        earlier_weights=(PastValue(D(65), TODAY - timedelta(days=ago)),),
    )
    assert ("tell.heart-failure-gain" in codes(patient, weight=f"{D(65) + D(gained)} kg")) is expected


def test_unintended_loss_over_half_a_year_is_told() -> None:
    patient = replace(ADULT, earlier_weights=(PastValue(D(70), TODAY - timedelta(days=200)),))
    assert "tell.weight-loss" in codes(patient, weight="66.5 kg")
    assert "tell.weight-loss" not in codes(patient, weight="66.6 kg")
    meant = replace(patient, conditions=frozenset({Condition.INTENDED_WEIGHT_LOSS}))
    assert "tell.weight-loss" not in codes(meant, weight="60 kg")


@pytest.mark.parametrize(
    ("days", "typed", "expected"),
    [
        (10, {"heart_rate": "150"}, []),
        (10, {"heart_rate": "99"}, ["tell.heart-rate-low"]),
        (10, {"heart_rate": "79"}, ["now.heart-rate-low"]),
        (10, {"heart_rate": "247"}, ["now.heart-rate-high"]),
        (200, {"respiratory_rate": "54"}, ["tell.respiratory-rate-high"]),
        (200, {"respiratory_rate": "64"}, ["now.respiratory-rate-high"]),
        (10, {"systolic": "59"}, ["now.child-pressure-low"]),
        (200, {"systolic": "69"}, ["now.child-pressure-low"]),
        (1500, {"systolic": "77"}, ["now.child-pressure-low"]),
        (1500, {"systolic": "80"}, ["tell.child-pressure-low"]),
        (4200, {"systolic": "89"}, ["now.child-pressure-low"]),
        (1500, {"oxygen_saturation": "94"}, ["tell.oxygen-low"]),
        (1500, {"oxygen_saturation": "91"}, ["now.oxygen-low"]),
    ],
)
def test_children_are_judged_by_the_band_of_their_age(days: int, typed: dict[str, str], expected: list[str]) -> None:
    assert codes(child(days, height=D(100) if days == 1500 else None), **typed) == expected


@pytest.mark.parametrize("sign", [Symptom.LETHARGY, Symptom.GRUNTING, Symptom.CYANOSIS])
def test_a_childs_danger_signs_fetch_the_provider(sign: Symptom) -> None:
    assert codes(child(500, symptoms=frozenset({sign}))) == [f"now.child-{sign.name.lower()}"]


def test_a_child_without_height_is_screened_and_with_height_is_placed() -> None:
    assert codes(child(2200), systolic="105", diastolic="60") == ["tell.child-pressure-screen-high"]
    assert codes(child(2200, height=D(125)), systolic="105", diastolic="60") == []
    assert codes(child(2200, height=D(117)), systolic="108", diastolic="60") == ["note.child-pressure-elevated-high"]
    assert codes(child(2200, height=D(117)), systolic="112", diastolic="60") == ["tell.child-pressure-stage-1-high"]
    assert codes(child(2200, height=D(117)), systolic="124", diastolic="60") == ["tell.child-pressure-stage-2-high"]
    assert codes(child(2200, height=D(117)), systolic="145", diastolic="80") == ["now.child-pressure-very-high"]


def test_from_thirteen_adult_cut_offs_hold() -> None:
    teen = child(5000)
    assert codes(teen, systolic="119", diastolic="79") == []
    assert codes(teen, systolic="120", diastolic="79") == ["note.child-pressure-elevated-high"]
    assert codes(teen, systolic="120", diastolic="80") == ["tell.child-pressure-stage-1-high"]
    assert codes(teen, systolic="140", diastolic="80") == ["tell.child-pressure-stage-2-high"]


def test_growth_of_a_child_is_looked_at() -> None:
    girl = PatientMeasures(born=TODAY - timedelta(days=3650), sex="f")
    found = judged(girl, weight="60 kg", height="138")
    assert any("percentile" in one.message and one.code == "note.growth-bmi" for one in found)
    assert "class 2" in next(one.message for one in found if one.code == "note.growth-bmi")


def test_a_childs_weight_that_cannot_be_is_asked_about() -> None:
    assert "weight-for-age-unlikely" in codes(child(100), weight="30 kg")


def test_crossing_two_percentile_lines_is_noted() -> None:
    boy = child(400, last={"weight": PastValue(D("8.5"), TODAY - timedelta(days=200))})
    assert "note.growth-weightkg-crossed" in codes(boy, weight="8.6 kg")
    assert "note.growth-weightkg-crossed" not in codes(boy, weight="10.3 kg")


def test_a_preterm_infants_growth_is_judged_at_the_corrected_age() -> None:
    assert "note.growth-weightkg" in codes(child(120), weight="5 kg")
    assert "note.growth-weightkg" not in codes(child(120, gestation_weeks=30), weight="5 kg")
