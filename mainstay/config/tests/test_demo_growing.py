"""The people of the demo clinic grow, and never shrink."""

from datetime import date, timedelta
from random import Random

import pytest

from mainstay.config.demo.growing import Build, size_at
from mainstay.config.demo.patients import measurements
from mainstay.people.models import Patient

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("build", [Build("male", 190, 118), Build("male", 158, 41), Build("female", 148, 41)])
def test_who_grows_is_never_smaller_or_lighter_than_before_and_ends_as_the_adult(build):
    months = [size_at(build, month / 12) for month in range(25 * 12)]
    assert all(now[0] >= before[0] and now[1] >= before[1] for before, now in zip(months, months[1:], strict=False))
    assert months[-1] == pytest.approx((build.height, build.weight))
    height, weight = months[0]
    assert 40 < height < 60 and 2 < weight < 6


@pytest.mark.parametrize("days", [60, 800, 10 * 365, 17 * 365 + 200, 18 * 365 + 60, 20 * 365])
def test_the_heights_in_a_demo_chart_only_rise(days):
    for seed in range(40):
        sex = "male" if seed % 2 else "female"
        patient = Patient(birth_date=TODAY - timedelta(days=days), sex=sex)
        seen = list(measurements(Random(seed), patient, TODAY, days / 365.25, []))
        heights = [o.value for o in sorted(seen, key=lambda o: o.effective_at) if o.key in ("length", "height")]
        assert heights == sorted(heights), (seed, heights)
