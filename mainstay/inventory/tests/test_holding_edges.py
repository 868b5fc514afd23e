"""What a hold reaches, and what it leaves alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mainstay.foundation.errors import StopFound
from mainstay.foundation.testing import A_MOMENT
from mainstay.inventory.actions import adjust_stock, recall_lot, transfer_stock
from mainstay.inventory.actions.holding import hold_newcomers
from mainstay.inventory.models import Excursion, Hold, Lot
from mainstay.inventory.tests.factories import SYSTEM, a_unit, stocked
from mainstay.inventory.tests.test_holding import HOUR, RECALL, warm

pytestmark = pytest.mark.django_db


def test_an_excursion_that_began_earlier_than_thought_holds_what_was_moved_on_before():
    stock, other = stocked(), a_unit("Second fridge")
    moved = transfer_stock(actor=SYSTEM.at(A_MOMENT - 6 * HOUR), stock=stock, to=other, doses=4)
    warm(stock.unit, began=A_MOMENT - 5 * HOUR)
    assert not Hold.objects.filter(stock=moved).exists()
    warm(stock.unit, began=A_MOMENT - 7 * HOUR)
    assert Excursion.objects.get().began_at == A_MOMENT - 7 * HOUR
    assert Hold.objects.filter(stock=moved, lifted_at=None).exists()


def test_stock_that_was_warm_and_is_recalled_is_held_for_both():
    stock = stocked()
    warm(stock.unit)
    recall_lot(actor=SYSTEM, item=stock.lot.item, lot_number=stock.lot.lot_number, **RECALL)
    causes = Hold.objects.filter(stock=stock, lifted_at=None).values_list("excursion", "recall")
    assert sorted((excursion is None, recall is None) for excursion, recall in causes) == [(False, True), (True, False)]


def test_a_recall_reaches_a_lot_however_its_number_is_written_and_no_other():
    stock, other = stocked(), stocked(number="OTHER")
    Lot.objects.filter(pk=stock.lot_id).update(lot_number="ab12c")
    recall_lot(actor=SYSTEM, item=stock.lot.item, lot_number="AB12c", **RECALL)
    hold_newcomers(SYSTEM, stock.unit)
    assert list(Hold.objects.values_list("stock", flat=True)) == [stock.pk]
    assert not other.holds.exists()


def test_held_stock_stays_where_it_is():
    stock, other = stocked(), a_unit("Second fridge")
    warm(stock.unit)
    with pytest.raises(StopFound, match="DO NOT USE"):
        transfer_stock(actor=SYSTEM.at(A_MOMENT + timedelta(minutes=1)), stock=stock, to=other, doses=4)


def test_nothing_is_moved_into_a_unit_out_of_range_and_what_is_booked_there_is_held():
    stock, cold = stocked(doses=2), a_unit("Second fridge")
    there = transfer_stock(actor=SYSTEM.at(A_MOMENT - 6 * HOUR), stock=stock, to=cold, doses=2)
    warm(stock.unit)
    with pytest.raises(StopFound, match="marked DO NOT USE"):
        transfer_stock(actor=SYSTEM, stock=there, to=stock.unit, doses=1)
    assert not Hold.objects.exists()
    adjust_stock(actor=SYSTEM, stock=stock, doses=1, reason="other", note="Found behind the tray")
    assert Hold.objects.get(lifted_at=None).stock_id == stock.pk
