"""Charts: true to their numbers, readable without seeing them."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.foundation.components.charts import Chart, Curve, Point, Series, chart, ticks

POINTS = (Point(0, 120, "Mon 1 Mar", "120"), Point(1, 150, "Tue 2 Mar", "150", "confirm"))


def drawn(points=POINTS, **more) -> str:
    return str(chart(Chart("Systolic", "mm Hg", (Series("Systolic", points),), ((0, "1 Mar"), (1, "2 Mar")), **more)))


@given(st.floats(-1e6, 1e6), st.floats(0.001, 1e6))
def test_ticks_enclose_what_they_measure_in_round_steps(low, span):
    found = ticks(low, low + span)
    slack = (found[1] - found[0]) * 1e-6
    assert found[0] <= low + slack
    assert found[-1] >= low + span - slack
    assert 2 <= len(found) <= 9


def test_one_value_alone_can_be_drawn():
    assert "chart-dot" in drawn(POINTS[:1])


def test_no_points_draw_nothing():
    assert drawn(()) == ""


def test_a_point_outside_its_limits_has_another_shape():
    shapes = re.findall(r'class="(chart-dot[^"]*)" d="([^"]+)"', drawn())
    assert [name for name, _ in shapes] == ["chart-dot", "chart-dot chart-confirm"]
    assert "a3.5" in shapes[0][1] and "l6 11" in shapes[1][1]


def test_the_numbers_are_there_for_those_who_do_not_see_the_picture():
    html = drawn(band=(90, 139))
    assert 'role="img"' in html and 'aria-label="Systolic, mm Hg. Systolic: 150, Tue 2 Mar"' in html
    assert html.count("<tr>") == 3 and "Tue 2 Mar" in html


def test_higher_values_stand_higher_and_bands_lie_between_their_limits():
    html = drawn(band=(Decimal("90"), Decimal("139")))
    line = re.search(r'class="chart-line" d="M([\d.]+) ([\d.]+) L([\d.]+) ([\d.]+)"', html)
    assert float(line[3]) > float(line[1]) and float(line[4]) < float(line[2])
    band = re.search(r'chart-band" x="[^"]+" y="([^"]+)" width="[^"]+" height="([^"]+)"', html)
    assert float(line[4]) < float(band[1]) < float(line[2]) < float(band[1]) + float(band[2])


@pytest.mark.parametrize("nasty", ["<script>x</script>"])
def test_labels_are_escaped(nasty):
    points = (Point(0, 1, nasty, nasty),)
    html = chart(Chart(nasty, nasty, (Series(nasty, points),), ((0, nasty),), None, (Curve(nasty, ((0, 1), (1, 2))),)))
    assert "<script" not in html
