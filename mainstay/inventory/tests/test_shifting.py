"""Stock moved, lent, counted and put right: pools never mix, counters see nothing, the books agree."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from mainstay.foundation.errors import IllegalMove, InvalidInput, NeedsConfirmation, NotPermitted, StopFound
from mainstay.foundation.findings import Confirmations
from mainstay.foundation.testing import A_MOMENT
from mainstay.inventory.actions import (
    adjust_stock,
    begin_count,
    borrow_doses,
    drop_count,
    expire_stock,
    owe_removal_of_expired,
    replace_borrowed,
    settle_count,
    transfer_stock,
    waste_dose,
    write_first_count,
    write_second_count,
)
from mainstay.inventory.errors import NothingLeft
from mainstay.inventory.models import Movement, Stock
from mainstay.inventory.queries import lines_to_count, lost_doses, reconciliation, stock_at, usage
from mainstay.inventory.tests.factories import SYSTEM, a_multi_dose_item, a_unit, an_item, drawn, stocked
from mainstay.inventory.tests.test_drawing import ledger_agrees, left
from mainstay.visits.tests.factories import a_patient, a_person, a_site, acting_as
from mainstay.work.models import WorkItem

pytestmark = pytest.mark.django_db
TODAY = A_MOMENT.date()


def test_a_transfer_moves_both_sides_in_one_act():
    stock, other = stocked(), a_unit("Second fridge", site="Elsewhere")
    there = transfer_stock(actor=SYSTEM, stock=stock, to=other, doses=4)
    assert (left(stock), left(there)) == (6, 4)
    out, into = Movement.objects.filter(kind__startswith="moved").order_by("doses")
    assert (out.doses, into.doses, out.act) == (-4, 4, into.act)
    assert ledger_agrees()


def test_what_may_not_be_used_or_does_not_fit_is_not_moved():
    stock = stocked()
    with pytest.raises(StopFound, match="belongs in a refrigerator"):
        transfer_stock(actor=SYSTEM, stock=stock, to=a_unit("Freezer", kind="freezer"), doses=1)
    with pytest.raises(InvalidInput):
        transfer_stock(actor=SYSTEM, stock=stock, to=stock.unit, doses=1)
    with pytest.raises(NothingLeft):
        transfer_stock(actor=SYSTEM, stock=stock, to=a_unit("Second"), doses=11)
    after = SYSTEM.at(A_MOMENT + timedelta(days=600))
    with pytest.raises(StopFound, match="expired"):
        transfer_stock(actor=after, stock=stock, to=a_unit("Second"), doses=1)


def test_an_open_vial_stays_in_its_unit():
    stock = stocked(a_multi_dose_item(doses=5), doses=10)
    drawn(stock)
    with pytest.raises(NothingLeft, match="An open vial stays"):
        transfer_stock(actor=SYSTEM, stock=stock, to=a_unit("Second"), doses=6)
    transfer_stock(actor=SYSTEM, stock=stock, to=a_unit("Second"), doses=5)
    assert left(stock) == 4


def test_a_borrowing_makes_the_doses_the_other_funds_and_is_replaced_from_its_own():
    vfc, patient = stocked(funding="vfc"), a_patient()
    lent = borrow_doses(actor=SYSTEM, stock=vfc, to_fund="private", doses=2, cause="private_late", patient=patient)
    borrowed = Stock.objects.get(lot=lent.borrowed_as)
    assert (left(vfc), left(borrowed), lent.borrowed_as.funding) == (8, 2, "private")
    drawn(borrowed, funding="private", patient=patient)
    with pytest.raises(InvalidInput, match="Replace it with private stock"):
        replace_borrowed(actor=SYSTEM, borrowing=lent, stock=vfc)
    fresh = stocked(number="NEW9", funding="private")
    replaced = replace_borrowed(actor=SYSTEM, borrowing=lent, stock=fresh)
    assert (replaced.replaced_with.funding, replaced.replaced_with.lot_number) == ("vfc", "NEW9")
    assert (left(fresh), left(Stock.objects.get(lot=replaced.replaced_with))) == (8, 2)
    with pytest.raises(IllegalMove):
        replace_borrowed(actor=SYSTEM, borrowing=lent, stock=fresh)
    assert ledger_agrees()


def test_borrowing_needs_another_fund_a_cause_and_a_lead():
    vfc = stocked(funding="vfc")
    about = {"stock": vfc, "doses": 1}
    with pytest.raises(InvalidInput, match="VFC stock already"):
        borrow_doses(actor=SYSTEM, to_fund="vfc", cause="private_late", **about)
    with pytest.raises(InvalidInput, match="Choose why"):
        borrow_doses(actor=SYSTEM, to_fund="private", cause="because", **about)
    with pytest.raises(InvalidInput, match="Say why"):
        borrow_doses(actor=SYSTEM, to_fund="private", cause="other", **about)
    with pytest.raises(NotPermitted):
        ma = acting_as(a_person("maria", "clinical_ma"))
        borrow_doses(actor=ma, to_fund="private", cause="private_late", **about)
    assert left(vfc) == 10


def test_a_figure_is_put_right_with_a_reason_by_a_lead():
    stock = stocked()
    lead, ma = acting_as(a_person("lee", "lead_ma")), acting_as(a_person("maria", "clinical_ma"))
    with pytest.raises(NotPermitted):
        adjust_stock(actor=ma, stock=stock, doses=-1, reason="record_wrong")
    with pytest.raises(InvalidInput, match="Choose why"):
        adjust_stock(actor=lead, stock=stock, doses=-1, reason="")
    with pytest.raises(NothingLeft):
        adjust_stock(actor=lead, stock=stock, doses=-11, reason="record_wrong")
    adjust_stock(actor=lead, stock=stock, doses=-3, reason="record_wrong", note="Given on paper")
    assert left(stock) == 7
    assert Movement.objects.latest("pk").reason == "A use was not recorded, or recorded twice: Given on paper"


def test_an_expired_lot_is_taken_out_and_one_that_is_not_stays():
    stock = stocked(expires_on=TODAY)
    with pytest.raises(IllegalMove, match="may be used until 11/20/2026"):
        expire_stock(actor=SYSTEM, stock=stock)
    expire_stock(actor=SYSTEM.at(A_MOMENT + timedelta(days=1)), stock=stock)
    assert left(stock) == 0
    assert Movement.objects.latest("pk").kind == "expired"


def test_expired_stock_left_in_a_unit_becomes_one_work_item_a_unit():
    stocked(expires_on=TODAY)
    stocked(number="TWO", expires_on=TODAY)
    tomorrow = SYSTEM.at(A_MOMENT + timedelta(days=1))
    assert owe_removal_of_expired(actor=SYSTEM) == 0
    assert [owe_removal_of_expired(actor=tomorrow) for _ in range(2)] == [1, 1]
    item = WorkItem.objects.get(kind="expired_stock")
    assert item.title == "Take expired stock out of Vaccine fridge" and "lot TWO: 10." in item.detail


def test_a_count_that_agrees_is_closed_without_a_second():
    stock, ma = stocked(), acting_as(a_person("maria", "clinical_ma"))
    count = begin_count(actor=ma, unit=stock.unit)
    with pytest.raises(IllegalMove, match="under way"):
        begin_count(actor=ma, unit=stock.unit)
    with pytest.raises(InvalidInput, match="Count every lot"):
        write_first_count(actor=ma, count=count, found={})
    assert write_first_count(actor=ma, count=count, found={stock.pk: 10}).state == "closed"


def test_a_difference_is_counted_again_by_somebody_else_and_settled_with_a_reason():
    right, wrong = stocked(), stocked(number="WRONG")
    maria, ben = acting_as(a_person("maria", "clinical_ma")), acting_as(a_person("ben", "clinical_ma"))
    lead = acting_as(a_person("lee", "lead_ma"))
    count = write_first_count(
        actor=maria, count=begin_count(actor=maria, unit=right.unit), found={right.pk: 10, wrong.pk: 8}
    )
    assert count.state == "recounting"
    assert [line.stock_id for line in lines_to_count(count)] == [wrong.pk]
    with pytest.raises(NeedsConfirmation, match="worth most from somebody else"):
        write_second_count(actor=maria, count=count, found={wrong.pk: 9})
    count = write_second_count(actor=ben, count=count, found={wrong.pk: 9})
    assert count.state == "to_settle"
    assert left(wrong) == 10
    drawn(wrong)
    with pytest.raises(NotPermitted):
        settle_count(actor=ben, count=count, why={wrong.pk: "Lost"})
    with pytest.raises(InvalidInput, match="WRONG differs"):
        settle_count(actor=lead, count=count, why={})
    assert settle_count(actor=lead, count=count, why={wrong.pk: "Broken, not written down"}).state == "closed"
    assert (left(wrong), left(right)) == (8, 10)
    assert ledger_agrees()


def test_one_person_alone_counts_twice_with_a_reason_and_may_drop_a_count():
    stock, ma = stocked(), acting_as(a_person("maria", "clinical_ma"))
    count = write_first_count(actor=ma, count=begin_count(actor=ma, unit=stock.unit), found={stock.pk: 9})
    said = Confirmations({"same_counter": "Alone here today"})
    assert write_second_count(actor=ma, count=count, found={stock.pk: 10}, confirmed=said).state == "closed"
    other = begin_count(actor=ma, unit=stock.unit)
    assert drop_count(actor=ma, count=other, reason="Fire drill").state == "dropped"
    assert left(stock) == 10


def test_what_is_expired_or_known_with_another_expiry_is_not_received():
    stocked()
    with pytest.raises(StopFound, match="known to expire on 08/31/2027"):
        stocked(expires_on=date(2028, 1, 1))
    with pytest.raises(StopFound, match="has expired"):
        stocked(number="OLD", expires_on=date(2026, 11, 19))
    with pytest.raises(StopFound, match="belongs in a refrigerator"):
        stocked(number="X", unit=a_unit("Freezer", kind="freezer"))


def test_the_reconciliation_adds_up_to_what_is_there(django_assert_max_num_queries):
    month_ago = SYSTEM.at(A_MOMENT - timedelta(days=40))
    stock = stocked(funding="vfc", actor=month_ago)
    drawn(stock, actor=month_ago)
    drawn(stock)
    waste_dose(actor=SYSTEM, lot=stock.lot, reason="broken", witness=a_person("lee", "clinical_ma"), doses=2)
    borrow_doses(actor=SYSTEM, stock=stock, to_fund="private", doses=1, cause="private_late")
    drawn(stock, actor=SYSTEM.at(A_MOMENT + timedelta(days=9)))
    stocked(number="PRIV")
    with django_assert_max_num_queries(5):
        rows = reconciliation(site=a_site(), first=date(2026, 11, 1), last=TODAY)
    assert [(r.lot.lot_number, r.opening, r.closing, r.adds_up) for r in rows] == [("AB123", 9, 5, True)]
    assert {name: doses for name, doses in rows[0].sums.items() if doses} == {"given": -1, "wasted": -2, "borrowed": -1}
    lost = lost_doses(site=a_site(), first=date(2026, 11, 1), last=TODAY)
    assert [(row.movement.doses, row.waste.witness.shown_name) for row in lost] == [(-2, "Lee")]
    used = usage(site=a_site(), first=date(2026, 11, 1), last=TODAY)
    assert [(u.item.name, u.funding.label, u.given, u.wasted, u.waste_percent) for u in used] == [
        ("Boostrix", "VFC", 1, 2, "66.7")
    ]


def test_the_shelf_shows_what_may_be_used_by_fund():
    item = an_item()
    stocked(item, number="A"), stocked(item, number="B", funding="vfc", doses=3)
    stocked(item, number="C", expires_on=TODAY, doses=2)
    tomorrow = A_MOMENT + timedelta(days=1)
    row = stock_at(site_id=a_site().pk, on=tomorrow)[0]
    assert (row.usable, row.held, row.by_fund) == (13, 2, [("private", 10), ("VFC", 3)])
