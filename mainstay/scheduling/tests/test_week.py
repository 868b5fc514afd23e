"""One provider's week on paper and screen: each day in its own column, whatever days lie between."""

from datetime import date, timedelta

import pytest

from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.scheduling import queries
from mainstay.scheduling.tests.factories import a_patient, a_provider, a_site, a_week, booked, local

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)


def blocks_of(lane):
    return [block for block in lane.blocks if block.url]


def test_a_sunday_after_a_saturday_off_is_drawn_at_its_own_hour():
    doc = a_provider()
    a_week(doc, days=(0, 6))
    booked(doc, local(MONDAY, 9), patient=a_patient("1"))
    booked(doc, local(MONDAY + timedelta(days=6), 9), patient=a_patient("2"))
    week = queries.week_view(an_actor(), doc, a_site(), MONDAY)
    monday, sunday = week.grid.lanes[0], week.grid.lanes[-1]
    assert sunday.label.startswith("Sun") and len(week.grid.lanes) == 6
    (first,), (last,) = blocks_of(monday), blocks_of(sunday)
    assert (first.at, first.span) == (last.at, last.span)


def test_a_week_draws_no_line_of_now_through_days_that_are_not_today():
    doc = a_provider()
    a_week(doc)
    assert queries.week_view(an_actor(), doc, a_site(), A_MOMENT.date()).grid.now_at == 0
