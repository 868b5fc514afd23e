"""The tables behind the judgement of vital signs: no gap, no overlap, codes and units that exist."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.chart.rules import child_band, limits_with, pressure_category, vital_limits
from mainstay.chart.rules.limits import Bands, Level, child_bands, child_pressure_2017, child_pressure_screen
from mainstay.chart.rules.pressure_of_children import HEIGHT_COLUMNS
from mainstay.foundation.tables import read_toml
from mainstay.terminology.units import unit

D = Decimal
PACKAGE = "mainstay.chart"
NAMES = ["limits", "temperature_sites", "children", "news2", "pews"]


@pytest.mark.parametrize("name", NAMES)
def test_every_table_says_where_it_comes_from(name: str) -> None:
    table = read_toml(PACKAGE, f"vitals/{name}.toml")
    assert len(table["source"]) > 20
    assert isinstance(table["effective"], date)
    assert table["reviewed_by"]


def test_every_measure_has_a_unit_that_exists_and_soft_limits_inside_hard_ones() -> None:
    for measure in vital_limits().measures.values():
        assert unit(measure.unit).canonical == measure.unit or measure.unit == "{score}"
        assert measure.hard[0] < measure.hard[1]
        if measure.soft:
            assert measure.hard[0] <= measure.soft[0] < measure.soft[1] <= measure.hard[1]


def test_limits_of_every_measure_rise_from_band_to_band() -> None:
    for group in (vital_limits().adult, vital_limits().any_child):
        for key, bands in group.items():
            assert bands.rising() == sorted(set(bands.rising())), key
            low, high = vital_limits().measures[key].hard
            assert all(low < limit < high for limit in bands.rising()), key


@given(st.sampled_from(sorted(vital_limits().adult)), st.integers(0, 3000), st.integers(0, 3000))
def test_a_value_lies_in_exactly_one_band_and_bands_follow_each_other(key: str, one: int, other: int) -> None:
    order = list(Level)
    low, high = sorted((D(one) / 10, D(other) / 10))
    bands = vital_limits().adult[key]
    assert order.index(bands.level(low)) <= order.index(bands.level(high))


@pytest.mark.parametrize(
    ("key", "value", "level"),
    [
        ("systolic", 89, Level.NOW_LOW),
        ("systolic", 90, Level.TELL_LOW),
        ("systolic", 94, Level.TELL_LOW),
        ("systolic", 95, Level.USUAL),
        ("systolic", 159, Level.USUAL),
        ("systolic", 160, Level.TELL_HIGH),
        ("diastolic", 99, Level.USUAL),
        ("diastolic", 100, Level.TELL_HIGH),
        ("heart_rate", 39, Level.NOW_LOW),
        ("heart_rate", 40, Level.TELL_LOW),
        ("heart_rate", 49, Level.TELL_LOW),
        ("heart_rate", 50, Level.USUAL),
        ("heart_rate", 110, Level.USUAL),
        ("heart_rate", 111, Level.TELL_HIGH),
        ("heart_rate", 130, Level.TELL_HIGH),
        ("heart_rate", 131, Level.NOW_HIGH),
        ("respiratory_rate", 8, Level.NOW_LOW),
        ("respiratory_rate", 9, Level.TELL_LOW),
        ("respiratory_rate", 12, Level.USUAL),
        ("respiratory_rate", 20, Level.USUAL),
        ("respiratory_rate", 21, Level.TELL_HIGH),
        ("respiratory_rate", 25, Level.NOW_HIGH),
        ("temperature", "34.9", Level.NOW_LOW),
        ("temperature", "35.0", Level.TELL_LOW),
        ("temperature", "35.5", Level.USUAL),
        ("temperature", "37.9", Level.USUAL),
        ("temperature", "38.0", Level.TELL_HIGH),
        ("temperature", "39.5", Level.NOW_HIGH),
        ("oxygen_saturation", 91, Level.NOW_LOW),
        ("oxygen_saturation", 92, Level.TELL_LOW),
        ("oxygen_saturation", 95, Level.USUAL),
        ("bmi", "18.4", Level.TELL_LOW),
        ("bmi", "18.5", Level.USUAL),
        ("bmi", "30.0", Level.TELL_HIGH),
    ],
)
def test_adult_limits_begin_where_the_sheet_says(key: str, value: object, level: Level) -> None:
    assert vital_limits().adult[key].level(D(str(value))) is level


@pytest.mark.parametrize(
    ("pressure", "name"),
    [
        ((119, 79), "normal"),
        ((120, 79), "elevated"),
        ((119, 80), "stage 1"),
        ((130, 70), "stage 1"),
        ((139, 90), "stage 2"),
        ((140, 70), "stage 2"),
        ((180, 120), "stage 2"),
        ((181, 80), "severe"),
        ((120, 121), "severe"),
    ],
)
def test_a_pressure_is_classed_by_its_higher_category(pressure: tuple[int, int], name: str) -> None:
    assert pressure_category(D(pressure[0]), D(pressure[1])) == name


def test_cuffs_follow_each_other_without_gap() -> None:
    cuffs = vital_limits().table["cuff"]
    for smaller, larger in zip(cuffs, cuffs[1:], strict=False):
        assert larger["from_cm"] == smaller["to_cm"] + 1


@pytest.mark.parametrize("sign", sorted(read_toml(PACKAGE, "vitals/news2.toml")["points"]))
def test_news2_rows_rise_and_end_open(sign: str) -> None:
    rows = read_toml(PACKAGE, "vitals/news2.toml")["points"][sign]
    limits = [row["upto"] for row in rows[:-1]]
    assert limits == sorted(set(limits))
    assert "upto" not in rows[-1]


def test_childrens_bands_begin_where_the_one_before_ends() -> None:
    bands = child_bands()
    starts = [band.from_days or band.from_years * 366 for band in bands]
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    for band in bands:
        for key in ("heart_rate", "respiratory_rate", "systolic"):
            low, high = band.range_of(key) or (D(0), D(0))
            assert low < high
        assert band.hypotension_below <= band.systolic[0]


@given(st.integers(0, 18 * 366))
def test_every_day_of_childhood_has_its_band(days: int) -> None:
    born = date(2008, 2, 29)
    today = born + timedelta(days=days)
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    band = child_band(born, today, years)
    assert (band is None) == (years >= 18)
    if band:
        assert band.from_years <= years


@pytest.mark.parametrize(
    ("born", "today", "label"),
    [
        (date(2026, 1, 1), date(2026, 1, 29), "0-28 days"),
        (date(2026, 1, 1), date(2026, 1, 30), "1-12 months"),
        (date(2025, 1, 2), date(2026, 1, 1), "1-12 months"),
        (date(2025, 1, 1), date(2026, 1, 1), "1-2 years"),
        (date(2023, 1, 2), date(2026, 1, 1), "1-2 years"),
        (date(2023, 1, 1), date(2026, 1, 1), "3-5 years"),
        (date(2008, 1, 2), date(2026, 1, 1), "12-17 years"),
    ],
)
def test_a_birthday_changes_the_band(born: date, today: date, label: str) -> None:
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    band = child_band(born, today, years)
    assert band is not None
    assert band.label == label


def test_from_the_18th_birthday_there_is_no_childs_band() -> None:
    assert child_band(date(2008, 1, 1), date(2025, 12, 31), 17) is not None
    assert child_band(date(2008, 1, 1), date(2026, 1, 1), 18) is None


def test_childrens_pressures_are_complete_and_rise_with_percentile_and_height() -> None:
    table = child_pressure_2017()
    assert len(table) == 2 * 17 * 3 * 7
    for sex in "mf":
        for age in range(1, 18):
            for column in HEIGHT_COLUMNS:
                p50, p90, p95 = (table[sex, age, percentile, column] for percentile in (50, 90, 95))
                assert p50[0] < p90[0] < p95[0]
                assert p50[1] < p90[1] < p95[1]
            for percentile in (50, 90, 95):
                rising = [table[sex, age, percentile, column][0] for column in HEIGHT_COLUMNS]
                assert rising == sorted(rising)


def test_the_screen_is_the_90th_percentile_of_the_shortest_children() -> None:
    for (sex, age), pair in child_pressure_screen().items():
        if age <= 12:
            theirs = child_pressure_2017()[sex, age, 90, 5]
            assert abs(pair[0] - theirs[0]) <= 1, (sex, age)
            assert abs(pair[1] - theirs[1]) <= 1, (sex, age)


def test_a_clinic_may_set_its_own_limit() -> None:
    limits = limits_with({"adult.heart_rate.tell_from": D(121), "oxygen.target_now_upto": D(85)})
    assert limits.adult["heart_rate"].level(D(115)) is Level.USUAL
    assert limits.number("oxygen", "target_now_upto") == 85
    assert vital_limits().adult["heart_rate"].level(D(115)) is Level.TELL_HIGH


@pytest.mark.parametrize("name", ["adult.heart_rate.tell", "heart_rate", "adult.nothing.tell_from", "measures"])
def test_a_limit_that_does_not_exist_cannot_be_set(name: str) -> None:
    with pytest.raises(ValueError, match="not the name of a limit"):
        limits_with({name: D(1)})


def test_limits_that_cross_are_refused() -> None:
    with pytest.raises(ValueError, match="must rise"):
        limits_with({"adult.heart_rate.tell_from": D(140)})


def test_missing_limits_mean_no_band() -> None:
    assert Bands().level(D(5)) is Level.USUAL
