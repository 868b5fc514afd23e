"""The judgement of vital signs: what stops, what needs a reason, who is told and how soon."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.chart.rules import (
    Condition,
    PastValue,
    PatientMeasures,
    Reading,
    Symptom,
    Urgency,
    body_mass_index,
    how_urgent,
    judge_vitals,
    last_period_findings,
    limits_with,
    mean_pressure,
    quantity_as_typed,
    vital_limits,
)
from mainstay.chart.tests.vitals import (
    ADULT,
    NOW,
    TODAY,
    UNITS,
    D,
    child,
    codes,
    judged,
    readings,
    with_symptoms,
)
from mainstay.foundation.findings import Confirmations, Severity


def test_usual_values_say_nothing() -> None:
    usual = {
        "systolic": "118",
        "diastolic": "76",
        "heart_rate": "72",
        "respiratory_rate": "16",
        "temperature": "98.6 F",
        "oxygen_saturation": "98",
        "weight": "65 kg",
        "height": "165",
        "pain": "0",
    }
    assert codes(**usual) == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"systolic": "39", "diastolic": "25"}, "systolic-impossible"),
        ({"systolic": "301", "diastolic": "80"}, "systolic-impossible"),
        ({"systolic": "80", "diastolic": "120"}, "pressures-swapped"),
        ({"systolic": "120", "diastolic": "111"}, "pressures-too-close"),
        ({"systolic": "120", "diastolic": "120"}, "pressures-too-close"),
        ({"heart_rate": "19"}, "heart_rate-impossible"),
        ({"respiratory_rate": "101"}, "respiratory_rate-impossible"),
        ({"temperature": "24.9"}, "temperature-impossible"),
        ({"temperature": "98.6"}, "temperature-unit"),
        ({"temperature": "37.2 F"}, "temperature-unit"),
        ({"oxygen_saturation": "101"}, "oxygen_saturation-impossible"),
        ({"oxygen_concentration": "20"}, "oxygen_concentration-impossible"),
        ({"oxygen_flow": "61"}, "oxygen_flow-impossible"),
        ({"height": "5.8"}, "height-impossible"),
        ({"weight": "1500"}, "weight-impossible"),
        ({"head_circumference": "66"}, "head_circumference-impossible"),
        ({"pain": "11"}, "pain-impossible"),
        ({"pain": "3.5"}, "pain-not-whole"),
        ({"weight": "65 kg", "height": "65"}, "bmi-impossible"),
    ],
)
def test_what_cannot_be_true_cannot_be_saved(typed: dict[str, str], code: str) -> None:
    found = judged(**typed)
    assert [one.code for one in found] == [code]
    assert found[0].severity is Severity.STOP


def test_pressures_ten_apart_are_asked_about_and_not_stopped() -> None:
    assert [one.severity for one in judged(systolic="120", diastolic="110")][:1] == [Severity.CONFIRM]


def test_a_slip_of_unit_names_the_unit_meant() -> None:
    assert "Did you mean 98.6 °F" in judged(temperature="98.6")[0].message


def test_a_stop_tells_the_range_in_the_unit_typed() -> None:
    assert "between 0.7 and 881.8 lb" in judged(weight="2000 lb")[0].message


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"systolic": "221", "diastolic": "130"}, "systolic-unlikely"),
        ({"systolic": "79", "diastolic": "50"}, "systolic-unlikely"),
        ({"systolic": "150", "diastolic": "131"}, "diastolic-unlikely"),
        ({"systolic": "110", "diastolic": "91"}, "pulse-pressure-unlikely"),
        ({"systolic": "160", "diastolic": "59"}, "pulse-pressure-unlikely"),
        ({"heart_rate": "39"}, "heart_rate-unlikely"),
        ({"heart_rate": "161"}, "heart_rate-unlikely"),
        ({"respiratory_rate": "41"}, "respiratory_rate-unlikely"),
        ({"temperature": "41.1"}, "temperature-unlikely"),
        ({"oxygen_saturation": "84"}, "oxygen_saturation-unlikely"),
    ],
)
def test_what_is_unlikely_needs_a_reason(typed: dict[str, str], code: str) -> None:
    found = judged(**typed)
    assert code in [one.code for one in found if one.severity is Severity.CONFIRM]
    reasons = {one.code: "measured twice" for one in found}
    assert all(one.severity is Severity.ALERT for one in Confirmations(reasons).answer(found))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"systolic": "89", "diastolic": "60"}, "now.pressure-low"),
        ({"systolic": "92", "diastolic": "60"}, "tell.pressure-low"),
        ({"systolic": "160", "diastolic": "80"}, "tell.pressure-high"),
        ({"systolic": "150", "diastolic": "100"}, "tell.pressure-high"),
        ({"systolic": "180", "diastolic": "100"}, "tell.pressure-severe-high"),
        ({"systolic": "170", "diastolic": "120"}, "tell.pressure-severe-high"),
        ({"heart_rate": "45"}, "tell.heart-rate-low"),
        ({"heart_rate": "111"}, "tell.heart-rate-high"),
        ({"heart_rate": "131"}, "now.heart-rate-high"),
        ({"respiratory_rate": "22"}, "tell.respiratory-rate-high"),
        ({"respiratory_rate": "25"}, "now.respiratory-rate-high"),
        ({"respiratory_rate": "10"}, "tell.respiratory-rate-low"),
        ({"respiratory_rate": "8"}, "now.respiratory-rate-low"),
        ({"temperature": "100.4 F"}, "tell.temperature-high"),
        ({"temperature": "103.1 F"}, "now.temperature-high"),
        ({"temperature": "95.5 F"}, "tell.temperature-low"),
        ({"temperature": "34.9"}, "now.temperature-low"),
        ({"oxygen_saturation": "94"}, "tell.oxygen-low"),
        ({"oxygen_saturation": "91"}, "now.oxygen-low"),
        ({"pain": "7"}, "tell.pain"),
        ({"weight": "50 kg"}, "note.bmi-low"),
        ({"weight": "90 kg"}, "note.bmi-high"),
    ],
)
def test_an_abnormal_value_is_told_as_soon_as_it_must(typed: dict[str, str], code: str) -> None:
    assert codes(**typed) == [code]


def test_a_hundred_point_three_fahrenheit_is_no_fever() -> None:
    assert codes(temperature="100.3 F") == []


@pytest.mark.parametrize(
    "symptom",
    [
        Symptom.CHEST_PAIN,
        Symptom.SHORT_OF_BREATH,
        Symptom.NEUROLOGICAL,
        Symptom.VISION_CHANGE,
        Symptom.BACK_PAIN,
    ],
)
def test_a_severe_pressure_with_a_symptom_fetches_the_provider(symptom: Symptom) -> None:
    assert codes(with_symptoms(symptom), systolic="182", diastolic="96") == ["now.pressure-severe"]
    assert codes(with_symptoms(symptom), systolic="150", diastolic="96") == []


@pytest.mark.parametrize("symptom", [Symptom.FAINTING, Symptom.CHEST_PAIN])
def test_a_flagged_pulse_with_fainting_or_chest_pain_fetches_the_provider(symptom: Symptom) -> None:
    assert codes(with_symptoms(symptom), heart_rate="112") == ["now.heart-rate-high"]
    assert codes(with_symptoms(symptom), heart_rate="80") == []


def test_a_new_irregular_pulse_is_told() -> None:
    assert codes(with_symptoms(Symptom.IRREGULAR_PULSE), heart_rate="80") == ["tell.irregular-pulse"]


def test_new_pain_is_told_even_when_small() -> None:
    assert codes(with_symptoms(Symptom.NEW_PAIN), pain="2") == ["tell.pain"]


def test_an_arm_that_must_be_spared_needs_a_reason() -> None:
    patient = replace(ADULT, arm_to_avoid={"left": "dialysis fistula"})
    taken = readings(systolic="120", diastolic="80")
    left = taken | {"systolic": replace(taken["systolic"], arm="left")}
    right = taken | {"systolic": replace(taken["systolic"], arm="right")}
    (found,) = judge_vitals(left, patient, now=NOW)
    assert found.code == "arm-to-avoid"
    assert "fistula" in found.message
    assert judge_vitals(right, patient, now=NOW) == []


def test_a_cuff_too_small_is_said_to_read_high() -> None:
    taken = readings(systolic="120", diastolic="80")
    small = taken | {"systolic": replace(taken["systolic"], cuff="adult")}
    (found,) = judge_vitals(small, replace(ADULT, arm_circumference=D(38)), now=NOW)
    assert found.code == "cuff-size"
    assert "reads too high" in found.message


def test_a_date_of_birth_after_today_stops_everything() -> None:
    assert [one.code for one in judged(child(-1), heart_rate="80")] == ["born-in-future"]


def test_a_last_period_after_today_cannot_be_saved() -> None:
    assert last_period_findings(TODAY, TODAY) == []
    assert [one.code for one in last_period_findings(TODAY + timedelta(days=1), TODAY)] == ["last-period-in-future"]


def test_findings_come_most_urgent_first() -> None:
    found = judged(
        with_symptoms(Symptom.CHEST_PAIN), systolic="60", diastolic="70", heart_rate="170", weight="90 kg", pain="8"
    )
    order = [(one.severity, how_urgent(one)) for one in found]
    assert order == [
        (Severity.STOP, None),
        (Severity.CONFIRM, None),
        (Severity.ALERT, Urgency.NOW),
        (Severity.ALERT, Urgency.BEFORE_VISIT),
        (Severity.ALERT, Urgency.HANDOFF),
    ]


def test_a_value_that_cannot_be_saved_raises_no_alert() -> None:
    assert all(one.severity is Severity.STOP for one in judged(heart_rate="400", systolic="80", diastolic="120"))


def test_every_alert_says_what_to_do_and_names_no_disease() -> None:
    diagnoses = ("hypertens", "tachycard", "sepsis", "obes", "stroke", "hypox", "pneumon")
    found = judged(with_symptoms(*Symptom), systolic="210", diastolic="118", heart_rate="150", oxygen_saturation="88")
    assert found
    for one in found:
        assert not any(word in one.message.lower() for word in diagnoses), one.message
        if one.severity is Severity.ALERT:
            assert one.message.endswith(("Tell the provider now.", "Tell the provider before the visit.", "hand-off."))


def test_a_clinics_own_limits_are_used() -> None:
    found = judge_vitals(
        readings(heart_rate="115"), ADULT, now=NOW, limits=limits_with({"adult.heart_rate.tell_from": D(120)})
    )
    assert found == []


def test_calculated_values() -> None:
    assert mean_pressure(D(120), D(80)) == 93
    assert body_mass_index(readings(weight="65 kg"), ADULT) == D("23.9")
    assert body_mass_index({}, ADULT) is None


@given(
    st.integers(0, 40_000),
    st.dictionaries(
        st.sampled_from(sorted(vital_limits().measures)), st.decimals(-10, 5000, places=1, allow_nan=False), max_size=8
    ),
    st.sets(st.sampled_from(list(Symptom)), max_size=3),
    st.sets(st.sampled_from(list(Condition)), max_size=3),
    st.sampled_from(["m", "f", ""]),
)
def test_no_set_of_readings_breaks_the_judgement(
    days: int, values: dict[str, Decimal], symptoms: set[Symptom], conditions: set[Condition], sex: str
) -> None:
    patient = PatientMeasures(
        born=TODAY - timedelta(days=days),
        sex=sex,
        symptoms=frozenset(symptoms),
        conditions=frozenset(conditions),
        last={key: PastValue(abs(value) + 1, TODAY - timedelta(days=30)) for key, value in values.items()},
    )
    taken = {key: Reading(value, vital_limits().measures[key].unit) for key, value in values.items()}
    found = judge_vitals(taken, patient, now=NOW)
    assert len({(one.code, one.field) for one in found}) == len(found)
    for key, value in values.items():
        low, high = vital_limits().measures[key].hard
        stopped = any(one.severity is Severity.STOP and one.field == key for one in found)
        assert stopped or low <= value <= high


@given(st.integers(45, 400), st.integers(45, 400))
def test_a_worse_oxygen_saturation_is_never_less_urgent(one: int, other: int) -> None:
    low, high = sorted((D(one) / 4, D(other) / 4))
    urgency = {None: 0, Urgency.HANDOFF: 1, Urgency.BEFORE_VISIT: 2, Urgency.NOW: 3}

    def worst(value: Decimal) -> int:
        taken = {"oxygen_saturation": Reading(value, "%")}
        found = [x for x in judge_vitals(taken, ADULT, now=NOW) if x.severity is not Severity.CONFIRM]
        stops = any(x.severity is Severity.STOP for x in found)
        return 4 if stops else max((urgency[how_urgent(x)] for x in found), default=0)

    if high <= 100:
        assert worst(low) >= worst(high)


def test_quantities_and_limits_speak_the_same_units() -> None:
    for key, units in UNITS.items():
        assert quantity_as_typed("1", units).canonical[1] == vital_limits().measures[key].unit
