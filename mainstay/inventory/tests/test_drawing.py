"""Doses come out of stock once, point at lot and patient, and are never more than there are."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Sum

from mainstay.foundation.errors import InvalidInput, NotPermitted, StopFound
from mainstay.foundation.findings import Confirmations
from mainstay.foundation.models import OutboxEvent
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.inventory.actions import (
    discard_open_vial,
    draw_dose,
    return_draw,
    set_par_level,
    waste_dose,
)
from mainstay.inventory.errors import AlreadyBack, AlreadyDrawn, LotNotHere, NothingLeft
from mainstay.inventory.models import Draw, Movement, OpenVial, Stock, Waste
from mainstay.inventory.queries import lot_by_scan, lots_to_give
from mainstay.inventory.tests.factories import SYSTEM, a_multi_dose_item, a_unit, an_item, drawn, stocked
from mainstay.visits.tests.factories import a_patient, a_person, a_site, acting_as

pytestmark = pytest.mark.django_db
DESKS = 50


def ledger_agrees() -> bool:
    """Whether every stock is the sum of its movements."""
    sums = dict(Movement.objects.values_list("stock").annotate(all=Sum("doses")))
    return all(stock.on_hand == sums.get(stock.pk, 0) for stock in Stock.objects.all())


def left(stock: Stock) -> int:
    return Stock.objects.get(pk=stock.pk).on_hand


def test_a_dose_drawn_points_at_its_lot_and_its_patient_and_leaves_the_stock():
    stock, patient, dose = stocked(doses=3), a_patient(), uuid4()
    drawn_dose = drawn(stock, patient=patient, used_for=dose)
    assert (drawn_dose.lot, drawn_dose.patient, drawn_dose.used_for) == (stock.lot, patient, dose)
    assert left(stock) == 2
    assert ledger_agrees()


def test_the_last_dose_goes_out_and_then_there_is_nothing_left():
    stock = stocked(doses=1)
    drawn(stock)
    with pytest.raises(NothingLeft, match="No dose of Boostrix lot AB123 is left in Vaccine fridge"):
        drawn(stock)
    assert left(stock) == 0


def test_the_same_lot_is_not_drawn_twice_for_the_same_record():
    stock, dose = stocked(), uuid4()
    drawn(stock, used_for=dose)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        drawn(stock, used_for=dose)
    assert "one_draw_per_use_and_stock" in str(refused.value)
    from mainstay.foundation.constraint_names import meaning_of

    assert isinstance(meaning_of(refused.value), AlreadyDrawn)
    assert left(stock) == 9


def test_an_expired_lot_is_not_drawn_and_a_lot_is_good_through_its_last_day():
    last_day = A_MOMENT.date()
    item = an_item()
    with pytest.raises(StopFound, match="expired on 11/19/2026"):
        stock = stocked(
            item, number="OLD", expires_on=last_day - timedelta(days=1), actor=SYSTEM.at(A_MOMENT - timedelta(days=9))
        )
        drawn(stock)
    drawn(stocked(item, number="TODAY", expires_on=last_day))


def test_private_stock_is_not_given_to_a_vfc_child_nor_the_other_way():
    private, vfc = stocked(), stocked(number="AB123", funding="vfc")
    assert private.lot != vfc.lot
    for stock, needed in ((private, "vfc"), (vfc, "private")):
        with pytest.raises(StopFound, match="record a borrowing first"):
            drawn(stock, funding=needed)
    drawn(vfc, funding="vfc")
    assert (left(private), left(vfc)) == (10, 9)


def test_a_reason_does_not_open_what_is_stopped():
    stock = stocked(doses=2, funding="vfc")
    with pytest.raises(StopFound):
        drawn(stock, funding="private", confirmed=Confirmations({"wrong_funding": "please"}))


def test_a_wrong_entry_goes_back_once():
    stock = stocked(doses=2)
    mistake = drawn(stock)
    return_draw(actor=SYSTEM, draw=mistake, reason="Entered for the wrong patient")
    assert left(stock) == 2
    with pytest.raises(AlreadyBack):
        return_draw(actor=SYSTEM, draw=mistake, reason="Again")
    with pytest.raises(InvalidInput):
        return_draw(actor=SYSTEM, draw=drawn(stock), reason=" ")
    assert ledger_agrees()
    again = drawn(stock, used_for=mistake.used_for)
    assert again.pk != mistake.pk


def test_a_multi_dose_vial_is_opened_by_the_first_dose_and_used_up_before_the_next():
    stock = stocked(a_multi_dose_item(doses=3, hours=24), doses=6)
    first = [drawn(stock).vial for _ in range(3)]
    assert len({vial.pk for vial in first}) == 1
    vial = OpenVial.objects.get(pk=first[0].pk)
    assert (vial.doses_left, vial.closed_because) == (0, "empty")
    assert drawn(stock).vial != vial
    assert ledger_agrees()


@pytest.mark.parametrize(("doses", "in_each"), [(13, [3, 10]), (20, [10, 10]), (10, [10]), (4, [4]), (1, [1])])
def test_a_part_used_vial_is_opened_first_with_the_doses_it_has(doses, in_each):
    stock = stocked(a_multi_dose_item(doses=10), doses=doses)
    vials = Counter(drawn(stock).vial.pk for _ in range(doses))
    assert [vials[vial] for vial in sorted(vials)] == in_each
    assert not OpenVial.objects.filter(closed_at=None).exists() and left(stock) == 0


def test_a_vial_just_opened_holds_what_was_in_it_less_the_dose_drawn():
    for doses, remain in ((13, 2), (20, 9), (1, 0)):
        stock = stocked(a_multi_dose_item(f"Vials of {doses}", doses=10), doses=doses, number=f"LOT{doses}")
        assert OpenVial.objects.get(pk=drawn(stock).vial.pk).doses_left == remain


def test_a_vial_past_its_hours_is_passed_over_and_when_it_is_the_last_one_it_stops():
    stock = stocked(a_multi_dose_item(doses=2, hours=6), doses=4)
    drawn(stock)
    later = SYSTEM.at(A_MOMENT + timedelta(hours=7))
    second = drawn(stock, actor=later)
    assert second.vial.opened_at == later.now
    drawn(stock, actor=later)
    with pytest.raises(StopFound, match="past its hours of use. Discard it") as stop:
        drawn(stock, actor=later)
    assert [f.code for f in stop.value.findings] == ["beyond_use"]
    wasted = discard_open_vial(actor=later, vial=OpenVial.objects.get(doses_left=1))
    assert (wasted.doses, left(stock)) == (1, 0)
    assert ledger_agrees()


def test_a_wrong_entry_from_a_vial_discarded_meanwhile_is_lost_with_it():
    stock = stocked(a_multi_dose_item(doses=2, hours=6), doses=2)
    mistake = drawn(stock)
    later = SYSTEM.at(A_MOMENT + timedelta(hours=7))
    discard_open_vial(actor=later, vial=mistake.vial)
    return_draw(actor=later, draw=mistake, reason="Wrong patient")
    assert left(stock) == 0
    assert ledger_agrees()
    assert sorted(Waste.objects.values_list("doses", flat=True)) == [1, 1]


def test_waste_needs_a_known_reason_and_a_witness_who_is_somebody_else():
    stock, ma, other = stocked(), a_person("maria", "clinical_ma"), a_person("lee", "clinical_ma")
    actor = acting_as(ma)
    with pytest.raises(InvalidInput, match="Choose why"):
        waste_dose(actor=actor, lot=stock.lot, reason="felt like it", witness=other)
    with pytest.raises(InvalidInput, match="Somebody else has to see"):
        waste_dose(actor=actor, lot=stock.lot, reason="broken")
    with pytest.raises(InvalidInput, match="your own waste"):
        waste_dose(actor=actor, lot=stock.lot, reason="broken", witness=ma)
    waste = waste_dose(actor=actor, lot=stock.lot, reason="broken", witness=other)
    assert (waste.doses, waste.witness, left(stock)) == (1, other, 9)
    with pytest.raises(NothingLeft):
        waste_dose(actor=actor, lot=stock.lot, reason="broken", witness=other, doses=10)


def test_expired_stock_can_still_be_thrown_away():
    stock = stocked(expires_on=date(2026, 11, 20))
    tomorrow = SYSTEM.at(A_MOMENT + timedelta(days=2))
    waste_dose(actor=tomorrow, lot=stock.lot, reason="broken", witness=a_person("lee", "clinical_ma"))
    assert left(stock) == 9


def test_somebody_without_the_role_draws_nothing():
    stock = stocked()
    with pytest.raises(NotPermitted):
        drawn(stock, actor=an_actor(permissions=("inventory.see",)))
    assert left(stock) == 10


def test_a_lot_of_another_site_is_not_here():
    stock = stocked(unit=a_unit(site="Elsewhere"))
    ma = acting_as(a_person("maria", "clinical_ma"))
    with pytest.raises(LotNotHere):
        draw_dose(actor=ma, lot=stock.lot, patient=a_patient(), used_for=uuid4())


def test_the_database_lets_nobody_write_the_stock_past_the_ledger():
    stock = stocked()
    for change in ({"on_hand": 99}, {"on_hand": 0}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Stock.objects.filter(pk=stock.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Movement.objects.create(stock=stock, kind="drawn", doses=-11)
    with pytest.raises(DatabaseError), transaction.atomic():
        Movement.objects.filter(stock=stock).update(doses=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        Movement.objects.filter(stock=stock).delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Movement.objects.create(stock=stock, kind="received", doses=-1)
    assert left(stock) == 10


def test_lots_to_give_come_with_the_one_to_use_first_in_front_and_what_speaks_against_the_rest(
    django_assert_max_num_queries,
):
    item, here = an_item(), a_site()
    late, soon = stocked(item, number="LATE"), stocked(item, number="SOON", expires_on=date(2026, 12, 24))
    vfc, gone = (
        stocked(item, number="VFC1", funding="vfc", expires_on=date(2026, 12, 1)),
        stocked(item, number="GONE", doses=1),
    )
    drawn(gone)
    stocked(an_item("Gardasil 9", cvx="165"), number="HPV1")
    with django_assert_max_num_queries(4):
        found = lots_to_give(site_id=here.pk, cvx_codes=["115"], on=A_MOMENT, funding="private")
    assert [lot.lot.lot_number for lot in found] == ["SOON", "LATE", "VFC1"]
    assert [lot.is_usable for lot in found] == [True, True, False]
    assert found[2].findings[0].code == "wrong_funding"
    assert {late.pk, soon.pk, vfc.pk} == {lot.stock.pk for lot in found}


def test_a_scan_finds_the_lot_by_package_number_and_tells_what_is_not_here():
    from mainstay.inventory.actions import know_package
    from mainstay.inventory.gs1 import UnreadableBarcode

    item, here = an_item(), a_site()
    know_package(actor=SYSTEM, item=item, gtin="00349281421501")
    stocked(item, number="U1234AA", expires_on=date(2027, 12, 31))
    found = lot_by_scan(site_id=here.pk, scan="]d2010034928142150117271231" + "10U1234AA", on=A_MOMENT)
    assert [lot.lot.lot_number for lot in found.lots] == ["U1234AA"]
    assert found.lots[0].is_usable
    other_label = lot_by_scan(site_id=here.pk, scan="(01)00349281421501(17)271130(10)U1234AA", on=A_MOMENT)
    assert other_label.lots[0].findings[0].code == "label_differs"
    absent = lot_by_scan(site_id=here.pk, scan="(01)00349281421501(17)271130(10)NOPE", on=A_MOMENT)
    assert absent.reason == "Boostrix lot NOPE is not in stock at this site. Receive it first, or take another."
    typed = lot_by_scan(site_id=here.pk, scan="u1234aa", on=A_MOMENT)
    assert typed.lots[0].lot.lot_number == "U1234AA"
    with pytest.raises(UnreadableBarcode):
        lot_by_scan(site_id=here.pk, scan="hello", on=A_MOMENT)


def test_falling_below_par_is_told_once_as_it_falls():
    stock = stocked(doses=6)
    set_par_level(actor=SYSTEM, site=stock.unit.site, item=stock.lot.item, at_least=5, order_up_to=20)
    drawn(stock)
    assert OutboxEvent.objects.filter(kind="StockBelowPar").count() == 0
    drawn(stock)
    drawn(stock)
    assert OutboxEvent.objects.filter(kind="StockBelowPar").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_fifty_at_once_for_the_last_dose_exactly_one_gets_it():
    stock, patient = stocked(doses=1), a_patient()
    begin = Barrier(DESKS)

    def one_desk(_: int) -> str:
        begin.wait()
        try:
            drawn(stock, patient=patient)
            return "drawn"
        except NothingLeft:
            return "nothing left"
        finally:
            connection.close()

    with ThreadPoolExecutor(DESKS) as desks:
        ended = Counter(desks.map(one_desk, range(DESKS)))
    assert ended == {"drawn": 1, "nothing left": DESKS - 1}
    assert left(stock) == 0
    assert Draw.objects.filter(lot=stock.lot).count() == 1
    assert ledger_agrees()
