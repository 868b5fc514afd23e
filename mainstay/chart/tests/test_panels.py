"""Panels: the declared tables, reading what was typed, and judging it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from mainstay.chart.panels import (
    Entry,
    ItemKind,
    Panel,
    items_asked,
    judge_panel,
    panel,
    panels,
    read_panel,
    techniques,
)
from mainstay.chart.rules import PatientMeasures, vital_limits
from mainstay.foundation.findings import Severity
from mainstay.terminology.units import unit

D = Decimal
NOW = datetime(2026, 11, 21, 9, 30)  # noqa: DTZ001 - the rules read the site's own wall clock
ADULT = PatientMeasures(born=date(1980, 5, 5), sex="f", height=D(165))
READING_COLUMNS = {"side", "body_site", "method", "cuff", "position"}
WANTED = {
    "vitals",
    "orthostatic",
    "bp_repeat",
    "growth",
    "visual_acuity",
    "urine_dipstick",
    "wound",
    "monofilament",
    "peak_flow",
    "pain",
}


def has_loinc_check_digit(code: str) -> bool:
    """LOINC's mod-10 check digit: every second digit from the right is doubled."""
    digits, _, check = code.partition("-")
    doubled = str(int(digits[::-1][::2][::-1]) * 2)
    rest = digits[::-1][1::2][::-1]
    total = sum(map(int, doubled + rest))
    return check == str(-total % 10)


def all_loinc() -> list[str]:
    return [
        code
        for one in panels().values()
        for code in (
            one.loinc,
            *(c for item in one.items for c in (item.loinc, *item.more_loinc, *item.components.values())),
        )
        if code
    ]


def codes(code: str, patient: PatientMeasures = ADULT, **typed: str) -> list[str]:
    one = panel(code)
    entered = read_panel(one, {key: Entry(text) for key, text in typed.items()})
    return [found.code for found in judge_panel(one, entered, patient, now=NOW)]


def test_the_panels_of_the_rooming_page_exist() -> None:
    assert set(panels()) >= WANTED


@pytest.mark.parametrize("code", all_loinc())
def test_every_loinc_code_passes_its_check_digit(code: str) -> None:
    assert has_loinc_check_digit(code)


@pytest.mark.parametrize("code", ["3150-6", "8480-5", "8462-6", "9843-5"])
def test_the_check_digit_finds_a_typing_error(code: str) -> None:
    assert not has_loinc_check_digit(code)


@pytest.mark.parametrize("one", panels().values(), ids=lambda one: one.code)
def test_a_panel_is_whole(one: Panel) -> None:
    assert one.source
    assert isinstance(one.effective, date)
    assert one.reviewed_by
    keys = [key for item in one.items for key in (item.key, *item.components)]
    assert len(keys) == len(set(keys))
    for item in one.items:
        assert item.label
        assert 1 <= item.width <= 12
        assert (item.kind is ItemKind.CHOICE) == bool(item.choices)
        assert (item.kind is ItemKind.PRESSURE) == (len(item.components) == 2)
        assert len({choice.code for choice in item.choices}) == len(item.choices)
        assert set(item.technique) <= READING_COLUMNS <= set(techniques())
        if item.kind is ItemKind.NUMBER:
            assert item.hard or item.measure in vital_limits().measures
            assert {unit(code).canonical for code in item.typed_units} == {item.unit}
            if item.measure in vital_limits().measures:
                assert vital_limits().measures[item.measure].unit == item.unit
        for other in (item.percent_of, item.compare_with):
            assert not other or one.item(other)


@pytest.mark.parametrize("one", panels().values(), ids=lambda one: one.code)
def test_rows_of_a_panel_fit_twelve_columns(one: Panel) -> None:
    for row in one.rows():
        assert sum(item.width for item in row) <= 12 or len(row) > 3


def test_vitals_are_read_and_judged_together() -> None:
    assert codes("vitals", blood_pressure="182/121", temperature="98.6", weight="143 lb") == [
        "temperature-site-missing",
        "tell.pressure-severe-high",
    ]


def test_technique_reaches_the_reading() -> None:
    one = panel("vitals")
    entry = Entry("120/80", technique={"side": "left", "cuff": "adult", "position": "sitting", "device": "Omron 1"})
    entered = read_panel(one, {"blood_pressure": entry})
    reading = entered.readings["systolic"]
    assert (reading.arm, reading.cuff, reading.position, reading.device) == ("left", "adult", "sitting", "Omron 1")
    spared = PatientMeasures(born=date(1960, 1, 1), arm_to_avoid={"left": "fistula"})
    (found,) = judge_panel(one, entered, spared, now=NOW)
    assert (found.code, found.field) == ("arm-to-avoid", "blood_pressure")


def test_what_cannot_be_read_stops_on_its_own_field() -> None:
    one = panel("vitals")
    entered = read_panel(one, {"blood_pressure": Entry("high"), "heart_rate": Entry("72")})
    (found,) = judge_panel(one, entered, ADULT, now=NOW)
    assert (found.severity, found.field) == (Severity.STOP, "blood_pressure")
    assert set(entered.readings) == {"heart_rate"}


def test_a_required_value_that_is_missing_is_named() -> None:
    assert codes("peak_flow") == ["peak_flow-missing"]


@pytest.mark.parametrize(
    ("blown", "expected"),
    [
        ("400", []),
        ("320", []),
        ("319", ["tell.peak-flow"]),
        ("199", ["now.peak-flow"]),
        ("1200", ["peak_flow-impossible"]),
    ],
)
def test_peak_flow_is_judged_by_the_personal_best(blown: str, expected: list[str]) -> None:
    assert codes("peak_flow", peak_flow=blown, personal_best="400") == expected


@pytest.mark.parametrize(
    ("right", "left", "expected"),
    [
        ("20/20", "20/20", []),
        ("20/40", "20/40", []),
        ("20/50", "20/50", ["tell.acuity-right", "tell.acuity-left"]),
        ("20/20", "20/30", []),
        ("20/40", "20/20", ["tell.acuity-right-differs"]),
        ("CF", "20/20", ["tell.acuity-right"]),
    ],
)
def test_worse_sight_or_eyes_apart_are_told(right: str, left: str, expected: list[str]) -> None:
    assert codes("visual_acuity", correction="without", acuity_right=right, acuity_left=left) == expected


def test_a_foot_that_does_not_feel_is_told_and_a_hot_foot_fetched_for() -> None:
    found = codes("monofilament", right_hallux="not_felt", left_hallux="felt", left_skin="hot")
    assert found == ["now.left-skin", "tell.right-hallux"]


def test_an_answer_that_is_not_offered_is_refused() -> None:
    assert codes("monofilament", right_hallux="maybe") == ["right_hallux-unreadable"]


def test_dipstick_answers_are_noted() -> None:
    assert codes("urine_dipstick", urine_nitrite="pos", urine_ketones="80", urine_protein="trace") == [
        "tell.urine-ketones",
        "note.urine-nitrite",
    ]


def test_a_standing_test_is_judged_across_its_readings() -> None:
    well = {"lying": "130/80", "standing_1": "125/80", "standing_3": "126/81"}
    assert codes("orthostatic", **well) == []
    assert codes("orthostatic", **(well | {"standing_1": "108/78"})) == ["tell.orthostatic-drop"]
    assert codes("orthostatic", **(well | {"standing_3": "80/120"})) == [
        "standing_3-pressures-swapped",
        "orthostatic-minutes",
    ]
    assert codes("orthostatic", **well, felt_faint="fainted") == ["now.felt-faint"]


def test_a_period_in_the_future_is_refused() -> None:
    one = panel("vitals")
    entered = read_panel(one, {"last_period": Entry(day=date(2026, 12, 1))})
    assert [found.code for found in judge_panel(one, entered, ADULT, now=NOW)] == ["last-period-in-future"]


@pytest.mark.parametrize(
    ("patient", "shown", "hidden"),
    [
        (PatientMeasures(born=date(2026, 1, 1), sex="f"), {"head_circumference"}, {"last_period", "oxygen_flow"}),
        (PatientMeasures(born=date(1990, 1, 1), sex="f"), {"last_period"}, {"head_circumference"}),
        (PatientMeasures(born=date(1990, 1, 1), sex="m"), {"pain"}, {"last_period", "head_circumference"}),
        (PatientMeasures(born=date(1950, 1, 1), sex="f"), {"pain"}, {"last_period"}),
    ],
)
def test_only_what_makes_sense_is_asked(patient: PatientMeasures, shown: set[str], hidden: set[str]) -> None:
    keys = {item.key for item in items_asked(panel("vitals"), patient, NOW.date())}
    assert shown <= keys
    assert not hidden & keys


def test_oxygen_flow_is_asked_on_oxygen() -> None:
    assert "oxygen_flow" in {item.key for item in items_asked(panel("vitals"), ADULT, NOW.date(), is_on_oxygen=True)}


def test_an_unknown_item_is_a_programming_error() -> None:
    with pytest.raises(KeyError):
        panel("vitals").item("mood")
