"""Children's blood pressure against the AAP 2017 tables as another team typed them, and Baylor's calculator."""

from __future__ import annotations

import csv
import os
from decimal import Decimal
from pathlib import Path

import pytest

from mainstay.chart.rules import ChildPressure, childs_category
from mainstay.chart.rules.limits import child_pressure_2017
from mainstay.chart.rules.pressure_of_children import HEIGHT_COLUMNS

PEDBP = Path(os.environ.get("MAINSTAY_TEST_DATA", Path(__file__).parents[3] / "shared" / "data")) / "growth" / "pedbp"

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(not PEDBP.is_dir(), reason="MAINSTAY_TEST_DATA/growth/pedbp is not here: its cases skipped"),
]


@pytest.mark.parametrize(("sex", "name"), [("m", "boys"), ("f", "girls")])
def test_every_published_percentile_is_ours(sex: str, name: str) -> None:
    lines = (PEDBP / "data-raw" / f"flynn2017_bp_{name}.dat").read_text(encoding="utf-8").splitlines()[1:]
    compared = 0
    for line in filter(str.strip, lines):
        age, percentile, *values = map(int, line.split())
        for place, column in enumerate(HEIGHT_COLUMNS):
            assert child_pressure_2017()[sex, age, percentile, column] == (values[place], values[place + 7])
            compared += 1
    assert compared == 17 * 3 * 7


def test_categories_agree_with_the_baylor_calculator_away_from_its_cut_offs() -> None:
    """Baylor prints percentiles; within three of a cut-off rounding to the nearest height column may differ."""
    compared = 0
    with (PEDBP / "Baylor" / "baylor_comparison_cases_results.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            years = int(row["mdate"][:4]) - int(row["dob"][:4])
            highest = max(float(row["sbp_percentile"]), float(row["dbp_percentile"]))
            if years >= 13 or abs(highest - 90) <= 1 or abs(highest - 95) <= 3:
                continue
            category = childs_category(
                Decimal(row["sbp"]).quantize(Decimal(1)),
                Decimal(row["dbp"]).quantize(Decimal(1)),
                sex="f" if row["sex"] == "Female" else "m",
                age_years=years,
                age_days=round(years * 365.25),
                height_cm=Decimal(row["height"]),
            )
            assert category is (ChildPressure.NORMAL if highest < 90 else ChildPressure.ELEVATED), row
            compared += 1
    assert compared >= 16
