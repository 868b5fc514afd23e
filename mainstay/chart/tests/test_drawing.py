"""Charts: whole SVG, readable without eyes and without color."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.chart.drawing import (
    ChartPoint,
    Series,
    Shape,
    growth_chart_svg,
    sparkline_svg,
    trend_svg,
    zones_for,
)
from mainstay.chart.drawing.svg import Plot, round_ticks, spread_apart
from mainstay.chart.growth import Measure, Sex, Standard, curves
from mainstay.chart.rules import PatientMeasures

SVG = "{http://www.w3.org/2000/svg}"
START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
ADULT = PatientMeasures(born=date(1970, 1, 1))


def tree(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def circles(svg: str) -> list[ElementTree.Element]:
    return list(tree(svg).iter(f"{SVG}circle"))


def over_time(*values: float, shape: Shape = Shape.DOT, label: str = "heart rate") -> Series:
    return Series(label, tuple((START + timedelta(days=30 * n), value) for n, value in enumerate(values)), shape)


@pytest.mark.parametrize("sex", list(Sex))
@pytest.mark.parametrize("measure", list(Measure))
@pytest.mark.parametrize("standard", list(Standard))
def test_every_chart_is_whole_and_names_itself(standard: Standard, measure: Measure, sex: Sex) -> None:
    root = tree(growth_chart_svg(standard, measure, sex, []))
    title, described = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert described is not None
    assert ("boys" if sex is Sex.MALE else "girls") in (title.text or "")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {described.get('id')}"
    assert len(list(root.iter(f"{SVG}polyline"))) == len(curves(standard, measure, sex))


def test_the_childs_points_are_drawn_and_told() -> None:
    points = [ChartPoint(365, 9.0, "3 May 2026"), ChartPoint(30, 4.2), ChartPoint(5000, 50)]
    svg = growth_chart_svg(Standard.WHO, Measure.WEIGHT, Sex.FEMALE, points)
    assert len(circles(svg)) == 2
    described = tree(svg).findtext(f"{SVG}desc") or ""
    assert described.startswith("2 measurements")
    assert re.search(r"12 months: 9 kg, percentile 5\d\.\d, z \+0\.\d\d", described)
    assert "3 May 2026: 9 kg" in svg


def test_lines_differ_without_color() -> None:
    lines = list(tree(growth_chart_svg(Standard.WHO, Measure.WEIGHT, Sex.MALE, [])).iter(f"{SVG}polyline"))
    looks = {(one.get("stroke-width"), one.get("stroke-dasharray")) for one in lines}
    assert len(looks) == 4


def test_a_chart_loads_nothing_and_uses_the_pages_colors() -> None:
    for svg in (
        growth_chart_svg(Standard.CDC, Measure.BMI, Sex.MALE, [ChartPoint(3000, 20)]),
        trend_svg(
            [over_time(70, 80)], title="Heart rate", unit="/min", zones=zones_for("heart_rate", ADULT, START.date())
        ),
    ):
        assert not re.search(r"@font-face|@import|url\(|href|<script|#[0-9a-f]{3,6}\b", svg)
        colors = set(re.findall(r'(?:fill|stroke)="([^"]*)"', svg))
        assert colors <= {"none"} | {one for one in colors if one.startswith("var(--")}


def test_points_lie_where_their_values_are() -> None:
    plot = Plot(0, 0, 100, 100, 0, 10, 0, 50)
    assert plot.place([(0, 0), (10, 50), (5, 25)]) == [(0, 100), (100, 0), (50, 50)]


def test_the_ages_drawn_can_be_chosen() -> None:
    svg = growth_chart_svg(Standard.CDC, Measure.WEIGHT, Sex.MALE, [], from_days=0, until_days=1000)
    assert "Age, months" in svg
    assert "Age, years" in growth_chart_svg(Standard.CDC, Measure.WEIGHT, Sex.MALE, [])


def test_words_from_outside_are_escaped() -> None:
    svg = trend_svg([over_time(1, 2, label="<b>&")], title='"><script>', unit="<i>", name="x")
    assert "<script" not in svg
    assert "<b>" not in svg
    assert tree(svg).findtext(f"{SVG}title") == '"><script>'
    point = ChartPoint(100, 6, "<script>alert(1)</script>")
    assert "<script" not in growth_chart_svg(Standard.WHO, Measure.WEIGHT, Sex.MALE, [point])


def test_a_trend_tells_latest_range_and_direction() -> None:
    said = tree(trend_svg([over_time(72, 90, 80)], title="Heart rate", unit="/min")).findtext(f"{SVG}desc")
    assert said == "heart rate: latest 80 /min on 6 Mar 2026, up 8 since 5 Jan 2026, lowest 72, highest 90, 3 values."


def test_two_pressures_of_one_time_are_joined_and_have_different_marks() -> None:
    svg = trend_svg(
        [over_time(140, 130, label="systolic"), over_time(90, 85, shape=Shape.SQUARE, label="diastolic")],
        title="Blood pressure",
        unit="mmHg",
    )
    root = tree(svg)
    joined = [one for one in root.iter(f"{SVG}line") if one.get("stroke-width") == "1.5"]
    assert len(joined) == 2
    assert len(circles(svg)) == 2
    assert len([one for one in root.iter(f"{SVG}rect") if one.get("width") == "7"]) == 2


def test_nothing_measured_says_so() -> None:
    assert "Nothing measured yet" in trend_svg([], title="Weight", unit="kg")
    assert sparkline_svg([], label="Weight") == ""


@pytest.mark.parametrize(
    ("key", "patient", "count"),
    [
        ("heart_rate", ADULT, 4),
        ("oxygen_saturation", ADULT, 2),
        ("blood_pressure", ADULT, 1),
        ("weight", ADULT, 0),
        ("heart_rate", PatientMeasures(born=date(2024, 1, 1)), 4),
        ("temperature", PatientMeasures(born=date(2024, 1, 1)), 4),
    ],
)
def test_bands_come_from_the_limits_values_are_judged_by(key: str, patient: PatientMeasures, count: int) -> None:
    zones = zones_for(key, patient, START.date())
    assert len(zones) == count
    assert all(zone.low is None or zone.high is None or zone.low < zone.high for zone in zones)


@given(st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=20))
def test_any_values_make_a_whole_picture(values: list[float]) -> None:
    for svg in (trend_svg([over_time(*values)], title="x", unit="y"), sparkline_svg(values, label="x")):
        assert not re.search(r"\b(nan|inf)\b", svg)
        tree(svg)


@given(st.floats(-1000, 1000), st.floats(0.01, 1000), st.integers(1, 12))
def test_ticks_are_round_inside_and_few(low: float, size: float, about: int) -> None:
    ticks = round_ticks(low, low + size, about)
    assert len(ticks) <= about + 2
    assert all(low - size * 1e-6 <= tick <= low + size * (1 + 1e-6) for tick in ticks)


@given(st.lists(st.floats(0, 500), min_size=1, max_size=12), st.floats(1, 30))
def test_labels_never_overlap(places: list[float], least: float) -> None:
    moved = spread_apart(sorted(places, reverse=True), least)
    assert all(a - b >= least - 1e-6 for a, b in zip(moved, moved[1:], strict=False))
