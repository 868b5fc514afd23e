"""The judgement of vital signs: what stops, what needs a reason, who is told and how soon."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
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
    reading_as_typed,
    sites_to_avoid,
    vital_limits,
)
from mainstay.foundation.findings import Confirmations, Finding, Severity

D = Decimal
NOW = datetime(2026, 11, 21, 9, 30)  # noqa: DTZ001 - the rules read the site's own wall clock
TODAY = NOW.date()
ADULT = PatientMeasures(born=date(1980, 5, 5), sex="f", height=D(165))
UNITS = {
    "temperature": ("Cel", "[degF]"),
    "weight": ("kg", "[lb_av]", "[oz_av]"),
    "height": ("cm", "[in_i]"),
    "length": ("cm", "[in_i]"),
    "head_circumference": ("cm",),
}
MORE_UNITS = {"heart_rate": ("/min",), "respiratory_rate": ("/min",), "oxygen_saturation": ("%",), "pain": ("{score}",)}


def readings(**typed: str) -> dict[str, Reading]:
    made = {}
    for key, text in typed.items():
        units = (UNITS | MORE_UNITS).get(key, (vital_limits().measures[key].unit,))
        made[key] = reading_as_typed(text, units)
    if "temperature" in made:
        made["temperature"] = replace(made["temperature"], site="oral")
    return made


def judged(patient: PatientMeasures = ADULT, **typed: str) -> list[Finding]:
    return judge_vitals(readings(**typed), patient, now=NOW)


def codes(patient: PatientMeasures = ADULT, **typed: str) -> list[str]:
    return [one.code for one in judged(patient, **typed)]


def child(days: int, **more: object) -> PatientMeasures:
    return PatientMeasures(born=TODAY - timedelta(days=days), sex="m", **more)  # type: ignore[arg-type]


def with_symptoms(*symptoms: Symptom) -> PatientMeasures:
    return replace(ADULT, symptoms=frozenset(symptoms))


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
