"""A lot that stands in a unit and in no book: counted blind like the others, and stock once a lead says why."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.findings import Confirmations
from mainstay.foundation.testing import A_MOMENT
from mainstay.inventory.actions import (
    begin_count,
    count_found_lot,
    recall_lot,
    report_excursion,
    settle_count,
    write_first_count,
    write_second_count,
)
from mainstay.inventory.models import Count, CountLine, Hold, Lot, Movement, Stock
from mainstay.inventory.queries import lines_to_count
from mainstay.inventory.tests.factories import LATER, SYSTEM, a_unit, an_item, key, stocked, text_of
from mainstay.inventory.tests.test_drawing import ledger_agrees, left
from mainstay.work.models import WorkItem

pytestmark = pytest.mark.django_db


def found(count: Count, **more) -> CountLine:
    label = {"item": an_item(), "lot_number": "zz9", "expires_on": LATER, "funding": "vfc", **more}
    return count_found_lot(actor=SYSTEM, count=count, **label)


def test_a_lot_in_no_book_is_counted_twice_and_becomes_stock_with_a_reason():
    stock = stocked()
    count = begin_count(actor=SYSTEM, unit=stock.unit)
    line = found(count)
    with pytest.raises(InvalidInput, match="stands in the list already"):
        found(count)
    count = write_first_count(actor=SYSTEM, count=count, found={stock.pk: 10, line.stock_id: 4})
    assert (count.state, left(line.stock)) == ("recounting", 0)
    count = write_second_count(actor=SYSTEM, count=count, found={line.stock_id: 4})
    with pytest.raises(InvalidInput, match="ZZ9 differs"):
        settle_count(actor=SYSTEM, count=count, why={})
    settle_count(actor=SYSTEM, count=count, why={line.stock_id: "A delivery was not taken in"})
    movement = Movement.objects.get(kind="counted")
    assert (movement.doses, movement.reason) == (4, "A delivery was not taken in")
    assert (line.stock.lot.lot_number, line.stock.lot.funding, left(line.stock)) == ("ZZ9", "vfc", 4)
    assert ledger_agrees()


def test_a_lot_found_in_the_second_count_stands_beside_what_differed():
    stock, agreed = stocked(), stocked(number="AGREED")
    count = begin_count(actor=SYSTEM, unit=stock.unit)
    count = write_first_count(actor=SYSTEM, count=count, found={stock.pk: 9, agreed.pk: 10})
    line = found(count)
    with pytest.raises(InvalidInput, match="was counted, and agreed"):
        found(count, lot_number="agreed", funding="private")
    assert [one.stock_id for one in lines_to_count(count)] == [stock.pk, line.stock_id]
    with pytest.raises(InvalidInput, match="Count every lot"):
        write_second_count(actor=SYSTEM, count=count, found={stock.pk: 10})
    count = write_second_count(actor=SYSTEM, count=count, found={stock.pk: 10, line.stock_id: 3})
    assert (count.state, CountLine.objects.get(pk=line.pk).counted) == ("to_settle", None)
    with pytest.raises(IllegalMove, match="counted twice"):
        found(count, lot_number="YY8")
    settle_count(actor=SYSTEM, count=count, why={line.stock_id: "A delivery was not taken in"})
    assert left(line.stock) == 3 and left(stock) == 10 and ledger_agrees()


def test_a_recalled_lot_found_in_a_count_is_held_and_somebody_takes_it_out():
    unit, item = a_unit(), an_item()
    about = {"issued_by": "Maker", "reason": "Too weak.", "what_to_do": "Call us."}
    sure = Confirmations({"never_here": "The notice says so"})
    recall = recall_lot(actor=SYSTEM, item=item, lot_number="ZZ9", confirmed=sure, **about)
    count = begin_count(actor=SYSTEM, unit=unit)
    line = found(count)
    count = write_first_count(actor=SYSTEM, count=count, found={line.stock_id: 4})
    count = write_second_count(actor=SYSTEM, count=count, found={line.stock_id: 4})
    settle_count(actor=SYSTEM, count=count, why={line.stock_id: "A delivery was not taken in"})
    assert [(hold.stock_id, hold.doses) for hold in recall.holds.all()] == [(line.stock_id, 4)]
    assert WorkItem.objects.get(kind="recalled_stock").title.startswith("Recall: take 4 doses of Boostrix lot ZZ9")


def test_what_the_second_counter_does_not_find_stays_out_of_the_books():
    count = begin_count(actor=SYSTEM, unit=a_unit())
    line = found(count)
    count = write_first_count(actor=SYSTEM, count=count, found={line.stock_id: 4})
    assert write_second_count(actor=SYSTEM, count=count, found={line.stock_id: 0}).state == "closed"
    assert left(line.stock) == 0 and not Movement.objects.exists()


def test_a_label_that_differs_from_the_record_is_read_again():
    stock = stocked(number="ZZ9")
    with pytest.raises(InvalidInput, match="known to expire on 08/31/2027"):
        found(begin_count(actor=SYSTEM, unit=stock.unit), expires_on=date(2028, 1, 31))
    assert Lot.objects.count() == 1


def test_what_is_found_in_a_unit_out_of_range_is_held_with_the_rest():
    unit = a_unit()
    count = begin_count(actor=SYSTEM, unit=unit)
    line = found(count)
    began = A_MOMENT - timedelta(hours=3)
    report_excursion(actor=SYSTEM, unit=unit, began_at=began, lowest=Decimal(4), highest=Decimal(11))
    count = write_first_count(actor=SYSTEM, count=count, found={line.stock_id: 4})
    count = write_second_count(actor=SYSTEM, count=count, found={line.stock_id: 4})
    assert not Hold.objects.exists()
    settle_count(actor=SYSTEM, count=count, why={line.stock_id: "Moved and not written down"})
    assert (Hold.objects.get().stock, Hold.objects.get().doses) == (line.stock, 4)


def test_a_found_lot_is_typed_on_the_page_and_the_figures_beside_it_stay(at_work):
    ma, stock = at_work("clinical_ma"), stocked()
    ma.post(f"/stock/units/{stock.unit.public_id}/count/", key())
    page = f"/stock/counts/{Count.objects.get().public_id}/"
    typed = {f"found-{stock.pk}": "9", "new-item": stock.lot.item.pk, "new-lot_number": "zz9", "new-doses": "4"}
    refused = ma.post(page, key(**typed, add="1"))
    assert refused.status_code == 422 and "Read it off the label" in refused.content.decode()
    assert 'value="9"' in refused.content.decode() and 'value="zz9"' in refused.content.decode()
    whole = {**typed, "new-expires_on": "12/31/2027", "new-funding": "private"}
    shown = text_of(ma.post(page, key(**whole, add="1")))
    line = CountLine.objects.get(is_found=True)
    assert "Found here" in shown and 'value="9"' in shown and f'name="found-{line.stock_id}" value="4"' in shown
    assert 'value="zz9"' not in shown
    assert ma.post(page, key(**{f"found-{stock.pk}": "10", f"found-{line.stock_id}": "4"})).status_code == 303
    assert ma.post(page, key(**{f"found-{line.stock_id}": "5", "reason:same_counter": "Alone"})).status_code == 303
    lead = at_work("lead_ma", username="lee")
    assert "A delivery was not taken in" in text_of(lead.get(page))
    assert lead.post(page, key(**{f"why-{line.stock_id}": ""})).status_code == 422
    assert lead.post(page, key(**{f"why-{line.stock_id}": "A delivery was not taken in"})).status_code == 303
    assert Stock.objects.get(lot__lot_number="ZZ9").on_hand == 5


def test_a_found_lot_typed_and_not_put_into_the_list_is_counted_all_the_same(at_work):
    ma, item = at_work("clinical_ma"), an_item()
    count = begin_count(actor=SYSTEM, unit=a_unit())
    page = f"/stock/counts/{count.public_id}/"
    label = {"new-item": item.pk, "new-lot_number": "zz9", "new-expires_on": "12/31/2027", "new-funding": "vfc"}
    assert ma.post(page, key(**label, **{"new-doses": "4"})).status_code == 303
    assert (CountLine.objects.get().counted, Count.objects.get().state) == (4, "recounting")
