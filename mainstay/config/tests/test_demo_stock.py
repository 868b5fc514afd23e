"""The demo clinic's refrigerators are alive: lots, a week of readings, one warm night, something owed."""

from __future__ import annotations

import pytest

from mainstay.config.demo.stocking import fill_refrigerators
from mainstay.foundation.testing import an_actor
from mainstay.inventory.models import Borrowing, DailyReading, Excursion, Hold, Reading, Stock, StockOrder, Waste
from mainstay.inventory.queries import needing_attention, stock_at
from mainstay.visits.tests.factories import a_person, a_site

pytestmark = pytest.mark.django_db


def test_both_sites_have_stock_readings_and_a_past(django_assert_max_num_queries):
    system, sites = an_actor(), [a_site(), a_site("Harbor")]
    with django_assert_max_num_queries(4500):
        fill_refrigerators(system, sites, a_person("lead", "lead_ma"))
    for site in sites:
        rows = stock_at(site_id=site.pk, on=system.now)
        labels = {one.label for one in needing_attention(rows, on=system.now)}
        assert len(rows) == 27 and {"Expired", "Expires soon"} <= labels
        assert {lot.funding for row in rows for lot in row.lots} >= {"private", "vfc", "317"}
        assert Reading.objects.filter(unit__site=site).count() > 600
        assert Stock.objects.filter(unit__site=site, on_hand__gt=0).count() > 45
    assert Excursion.objects.get().state == "decided"
    assert not Hold.objects.filter(lifted_at=None).exists()
    assert 2 * 2 * 5 <= DailyReading.objects.count() < 2 * 2 * 14
    assert (Borrowing.objects.count(), Waste.objects.count(), StockOrder.objects.count()) == (1, 1, 2)
