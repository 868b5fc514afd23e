"""Multi-dose vials: which is used first, how many doses each has, and what is lost of which."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mainstay.foundation.testing import A_MOMENT
from mainstay.inventory.actions import return_draw, waste_dose
from mainstay.inventory.errors import NothingLeft
from mainstay.inventory.models import Draw, OpenVial, Stock
from mainstay.inventory.tests.factories import SYSTEM, a_multi_dose_item, drawn, stocked
from mainstay.visits.tests.factories import a_person

pytestmark = pytest.mark.django_db


def two_open(doses=2, *, on_hand=6):
    """The first vial empty, the second begun; then a wrong entry goes back into the first."""
    stock = stocked(a_multi_dose_item(doses=doses, hours=6), doses=on_hand)
    early = [drawn(stock) for _ in range(doses)]
    second = drawn(stock, actor=SYSTEM.at(A_MOMENT + timedelta(hours=1)))
    return_draw(actor=SYSTEM, draw=early[0], reason="Wrong patient")
    return stock, OpenVial.objects.get(pk=early[0].vial_id), OpenVial.objects.get(pk=second.vial_id)


def holds(vial):
    return OpenVial.objects.get(pk=vial.pk).doses_left


def test_of_two_open_vials_the_one_opened_first_is_used_first():
    stock, first, second = two_open()
    assert (first.doses_left, second.doses_left) == (1, 1)
    assert drawn(stock, actor=SYSTEM.at(A_MOMENT + timedelta(hours=2))).vial == first
    assert drawn(stock, actor=SYSTEM.at(A_MOMENT + timedelta(hours=2))).vial == second


def test_at_the_very_end_of_its_hours_a_vial_is_not_used_any_more():
    stock = stocked(a_multi_dose_item(doses=2, hours=6), doses=4)
    first = drawn(stock).vial
    assert drawn(stock, actor=SYSTEM.at(A_MOMENT + timedelta(hours=6))).vial != first
    assert holds(first) == 1


def test_doses_drawn_at_once_out_of_two_vials_leave_the_second_what_it_has():
    stock = stocked(a_multi_dose_item(doses=2), doses=5)
    taken = drawn(stock, doses=2)
    assert holds(taken.vial) == 1 and OpenVial.objects.exclude(pk=taken.vial_id).get().doses_left == 0


def test_a_dose_past_its_hours_is_never_drawn_as_if_there_were_another_vial():
    stock = stocked(a_multi_dose_item(doses=2, hours=6), doses=4)
    over = drawn(stock).vial
    with pytest.raises(NothingLeft):
        drawn(stock, actor=SYSTEM.at(A_MOMENT + timedelta(hours=7)), doses=3)
    assert Draw.objects.count() == 1 and OpenVial.objects.get() == over


def test_one_dose_lost_is_lost_of_the_open_vial_and_no_more():
    stock = stocked(a_multi_dose_item(doses=5, hours=6), doses=10)
    vial = drawn(stock).vial
    waste_dose(actor=SYSTEM, lot=stock.lot, reason="drawn_not_given", witness=a_person("lee", "nurse"))
    assert holds(vial) == 3 and Stock.objects.get(pk=stock.pk).on_hand == 8


def test_doses_lost_out_of_two_open_vials_are_counted_once():
    stock, first, second = two_open(3, on_hand=9)
    waste_dose(actor=SYSTEM, lot=stock.lot, reason="drawn_not_given", witness=a_person("lee", "nurse"), doses=2)
    assert (holds(first), holds(second)) == (0, 1) and Stock.objects.get(pk=stock.pk).on_hand == 4
