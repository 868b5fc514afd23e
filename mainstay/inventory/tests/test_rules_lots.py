"""The moment and the day at which a lot may no longer be used. Pure, no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from mainstay.inventory.lifecycle import Funding
from mainstay.inventory.rules import LotFacts, judge_lot

NOON = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
LOT = LotFacts(
    item="Fluzone", lot_number="U1", expires_on=date(2027, 6, 30), funding=Funding.PRIVATE, unit="Fridge", doses_left=4,
    unopened=0, zone=ZoneInfo("America/New_York"), opened_at=NOON - timedelta(hours=6), beyond_use_at=NOON,
)  # fmt: skip


def codes(facts: LotFacts, now: datetime = NOON) -> list[str]:
    return [one.code for one in judge_lot(facts, now=now, funding=None)]


def test_an_open_vial_is_over_at_the_very_moment():
    assert codes(LOT, NOON - timedelta(seconds=1)) == []
    assert codes(LOT) == ["beyond_use"]
    assert codes(replace(LOT, unopened=1, doses_left=5)) == []


def test_a_lot_ends_with_its_last_day_by_the_clock_of_the_site():
    shut = replace(LOT, expires_on=date(2026, 11, 20), opened_at=None, beyond_use_at=None, unopened=4)
    before_midnight = datetime(2026, 11, 21, 4, 59, tzinfo=UTC)
    assert codes(shut, before_midnight) == []
    assert codes(shut, before_midnight + timedelta(minutes=1)) == ["expired"]
