"""Orders of stock: several lines, received in parts, the rest promised or given up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mainstay.foundation.errors import IllegalMove, InvalidInput, NeedsConfirmation, StopFound
from mainstay.foundation.testing import A_MOMENT, tell_everyone
from mainstay.inventory.actions import (
    Wanted,
    back_order,
    close_line_short,
    close_order_short,
    order_stock,
    owe_late_orders,
    receive_stock,
    set_par_level,
)
from mainstay.inventory.lifecycle import Funding
from mainstay.inventory.models import Borrowing, ParLevel, Stock, StockOrder
from mainstay.inventory.queries import lines_to_come, lines_wanted
from mainstay.inventory.tests.factories import LATER, SYSTEM, a_unit, an_item, drawn, key, stocked, text_of
from mainstay.practice.actions import set_up_practice
from mainstay.visits.tests.factories import a_site
from mainstay.work.models import WorkItem

pytestmark = pytest.mark.django_db
TODAY = A_MOMENT.date()


def ordered(*wanted: Wanted, **more) -> StockOrder:
    lines = wanted or (Wanted(an_item(), 10), Wanted(an_item("Adacel"), 20, Funding.VFC))
    return order_stock(actor=SYSTEM, site=a_site(), vendor="Maker", wanted=lines, **more)


def came(line, doses, number="A1", **more):
    about = {"item": line.item, "funding": line.funding, "order_line": line, "expires_on": LATER, **more}
    return receive_stock(actor=SYSTEM, unit=a_unit(), lot_number=number, doses=doses, **about)


def rows(*lines):
    """A form of so many lines: item, how many, fund."""
    typed = {"line-TOTAL_FORMS": str(len(lines)), "line-INITIAL_FORMS": "0"}
    for n, (item, doses, fund) in enumerate(lines):
        typed |= {f"line-{n}-item": item, f"line-{n}-doses": doses, f"line-{n}-funding": fund}
    return typed


def test_an_order_is_received_in_parts_and_more_than_ordered_needs_a_reason():
    order = ordered(Wanted(an_item(), 10))
    line = order.lines.get()
    came(line, 4)
    order.refresh_from_db()
    assert order.state == "partly_received"
    with pytest.raises(NeedsConfirmation, match="6 are still to come on this order, not 7"):
        came(line, 7, "A2")
    with pytest.raises(StopFound, match="something else"):
        came(line, 1, "A2", funding="vfc")
    came(line, 6, "A2")
    order.refresh_from_db()
    assert (order.state, sum(Stock.objects.values_list("on_hand", flat=True))) == ("received", 10)
    assert [r.movement.stock.lot.lot_number for r in line.receipts.order_by("pk")] == ["A1", "A2"]
    with pytest.raises(IllegalMove):
        close_order_short(actor=SYSTEM, order=order, reason="Late")


def test_the_rest_is_promised_and_asked_for_again_once_that_day_has_passed():
    order = ordered()
    first, second = order.lines.order_by("pk")
    came(first, 10)
    with pytest.raises(InvalidInput, match="a day that is to come"):
        back_order(actor=SYSTEM, order=order, expected_on=TODAY - timedelta(days=1), words="Ann")
    assert back_order(actor=SYSTEM, order=order, expected_on=TODAY, words="Ann").state == "back_ordered"
    assert owe_late_orders(actor=SYSTEM) == 0
    tomorrow = SYSTEM.at(A_MOMENT + timedelta(days=1))
    assert [owe_late_orders(actor=tomorrow), owe_late_orders(actor=tomorrow)] == [1, 1]
    item = WorkItem.objects.get(kind="late_order")
    assert "Maker" in item.title and "Adacel: 20." in item.detail
    back_order(actor=tomorrow, order=order, expected_on=TODAY + timedelta(days=9), words="Ann again")
    item.refresh_from_db()
    assert item.state == "done"
    came(second, 5)
    order.refresh_from_db()
    assert order.state == "partly_received"
    came(second, 15, "A2")
    order.refresh_from_db()
    assert order.state == "received"


def test_a_line_that_will_not_come_is_closed_short_and_the_order_with_its_last():
    order = ordered()
    first, second = order.lines.order_by("pk")
    came(first, 4)
    with pytest.raises(InvalidInput, match="Say why"):
        close_line_short(actor=SYSTEM, line=second, reason=" ")
    close_line_short(actor=SYSTEM, line=second, reason="Out of print")
    assert [line.item.name for line in lines_to_come(site_id=a_site().pk)] == ["Boostrix"]
    second.refresh_from_db()
    with pytest.raises(StopFound, match="Nothing is to come"):
        came(second, 1, "B1")
    with pytest.raises(IllegalMove, match="Nothing more is to come"):
        close_line_short(actor=SYSTEM, line=second, reason="Again")
    came(first, 6, "A2")
    order.refresh_from_db()
    assert order.state == "closed_short"


def test_an_order_of_which_nothing_came_is_cancelled_and_one_of_which_some_did_closed_short():
    nothing, some = ordered(), ordered(Wanted(an_item(), 3))
    came(some.lines.get(), 1)
    assert close_order_short(actor=SYSTEM, order=nothing, reason="Twice").state == "cancelled"
    assert close_order_short(actor=SYSTEM, order=some, reason="They have none").state == "closed_short"
    assert some.lines.get().short_because == "They have none"
    assert not lines_to_come(site_id=a_site().pk)


def test_ordering_settles_what_was_owed_and_what_is_on_order_is_not_wanted_again():
    item, site = an_item(), a_site()
    set_par_level(actor=SYSTEM, site=site, item=item, at_least=10, order_up_to=30)
    drawn(stocked(item, doses=10))
    tell_everyone()
    owed = WorkItem.objects.get(kind="below_par")
    assert lines_wanted(site_id=site.pk, on=A_MOMENT) == [(item, 21, "")]
    ordered(Wanted(item, 15))
    owed.refresh_from_db()
    assert (owed.state, lines_wanted(site_id=site.pk, on=A_MOMENT)) == ("done", [(item, 6, "")])
    with pytest.raises(InvalidInput, match="two lines"):
        ordered(Wanted(item, 1), Wanted(item, 2))


def test_lines_are_added_and_taken_out_without_a_script_and_nothing_typed_is_lost(at_work):
    lead, item = at_work("lead_ma"), an_item()
    page = "/stock/orders/write/"
    assert text_of(lead.get(page)).count('-doses"') >= 3
    typed = {"vendor": "Maker", "number": "PO-7", **rows((item.pk, "5", "vfc"), ("", "", "private"))}
    shown = text_of(lead.post(page, key(**typed, lines="add")))
    assert 'name="line-2-doses"' in shown and 'value="PO-7"' in shown and 'value="5"' in shown
    assert not StockOrder.objects.exists()
    shown = text_of(lead.post(page, key(**typed, lines="take-1")))
    assert 'name="line-1-doses"' not in shown and 'value="5"' in shown
    assert 'name="line-0-doses"' in text_of(lead.post(page, key(lines="take-9")))


def test_an_order_of_several_lines_is_written_down_and_received_from_its_page(at_work):
    lead, one, other = at_work("lead_ma"), an_item(), an_item("Adacel")
    a_unit()
    typed = {"vendor": "Maker", "number": "PO-7", "expected_on": "11/30/2026"}
    refused = lead.post("/stock/orders/write/", key(**typed, **rows((one.pk, "", "vfc"), ("", "", "private"))))
    assert refused.status_code == 422 and not StockOrder.objects.exists()
    refused = lead.post("/stock/orders/write/", key(**typed, **rows(("", "", "private"))))
    assert refused.status_code == 422 and "Order at least one thing" in refused.content.decode()
    lines = rows((one.pk, "5", "vfc"), ("", "", "private"), (other.pk, "7", "private"))
    made = lead.post("/stock/orders/write/", key(**typed, **lines))
    order = StockOrder.objects.get()
    assert made["Location"] == f"/stock/orders/{order.public_id}/"
    first, second = order.lines.order_by("pk")
    assert [(line.item, line.doses, line.funding) for line in (first, second)] == [
        (one, 5, "vfc"),
        (other, 7, "private"),
    ]
    form = text_of(lead.get("/stock/receive/", {"line": first.pk}))
    assert f'<option value="{first.pk}" selected' in form and 'value="5"' in form
    label = {"item": one.pk, "unit": a_unit().pk, "lot_number": "B1", "expires_on": "12/31/2027", "doses": "2"}
    answer = lead.post("/stock/receive/", key(**label, funding="vfc", order_line=first.pk))
    assert answer["Location"] == made["Location"]
    shown = text_of(lead.get(made["Location"]))
    assert "Part came" in shown and "B1" in shown and "VFC" in shown
    later = {"later-expected_on": "12/04/2026", "later-words": "Ann: next week"}
    assert lead.post(f"{made['Location']}later/", key(**later)).status_code == 303
    refused = lead.post(f"{made['Location']}later/", key(**{**later, "later-expected_on": "11/01/2026"}))
    assert refused.status_code == 422 and "Ann: next week" in refused.content.decode()
    closing = {f"line-{second.pk}-reason": "Out of print"}
    assert lead.post(f"{made['Location']}lines/{second.pk}/close/", key(**closing)).status_code == 303
    assert lead.post(f"{made['Location']}close/", key(**{"end-reason": "Enough"})).status_code == 303
    assert "Closed short" in text_of(lead.get("/stock/orders/"))


def test_an_order_begins_with_what_is_below_its_level(at_work):
    lead, item = at_work("lead_ma"), an_item()
    assert "Nothing is below its level" in text_of(lead.get("/stock/orders/write/?below=1"))
    set_par_level(actor=SYSTEM, site=a_site(), item=item, at_least=10, order_up_to=30)
    shown = text_of(lead.get("/stock/orders/write/?below=1"))
    assert f'<option value="{item.pk}" selected' in shown and 'value="30"' in shown
    assert at_work("clinical_ma", username="ana").get("/stock/orders/write/").status_code == 403


def test_the_list_of_orders_stays_quick(at_work, django_assert_max_num_queries):
    for _ in range(12):
        came(ordered().lines.order_by("pk").first(), 1, "A1")
    ma = at_work("clinical_ma")
    with django_assert_max_num_queries(16):
        assert text_of(ma.get("/stock/orders/")).count("Part came") == 12


def test_stock_is_bought_with_the_funds_the_practice_said_and_with_what_was_ordered(at_work):
    item, unit = an_item(), a_unit()
    set_up_practice(actor=SYSTEM, name="Hill Clinic", governing_state="OH", vaccine_programs=("VFC", "private"))
    lead = at_work("lead_ma", "clinic_manager")
    ordering, receiving = (text_of(lead.get(page)) for page in ("/stock/orders/write/", "/stock/receive/"))
    for page in (ordering, receiving):
        assert 'value="private"' in page and 'value="vfc"' in page
        assert 'value="317"' not in page and 'value="state"' not in page
    label = {"item": item.pk, "lot_number": "A1", "expires_on": "12/31/2027", "doses": 5, "unit": unit.pk}
    assert lead.post("/stock/receive/", key(**label, funding="317")).status_code == 422
    assert not Stock.objects.filter(on_hand__gt=0).exists()
    ordered(Wanted(item, 10, Funding.STATE))
    assert 'value="state"' in text_of(lead.get("/stock/receive/"))


def test_levels_and_loans_are_of_the_funds_the_practice_said_and_of_those_that_stand_there(at_work):
    item = an_item()
    set_up_practice(actor=SYSTEM, name="Hill Clinic", governing_state="OH", vaccine_programs=("VFC", "private"))
    lead = at_work("lead_ma", "clinic_manager")
    level, loans = f"/stock/items/{item.public_id}/", "/stock/borrowings/"
    for page in (level, loans):
        shown = text_of(lead.get(page))
        assert 'value="private"' in shown and 'value="vfc"' in shown
        assert 'value="317"' not in shown and 'value="state"' not in shown
    wanted = {"site": a_site().pk, "at_least": "5", "order_up_to": "9"}
    assert lead.post(level, key(**wanted, funding="317")).status_code == 422
    lent = {"stock": stocked(item, funding="vfc").pk, "doses": "1", "cause": "private_late"}
    assert lead.post(loans, key(**lent, to_fund="state")).status_code == 422
    assert not ParLevel.objects.exists() and not Borrowing.objects.exists()
    set_par_level(actor=SYSTEM, site=a_site(), item=item, at_least=2, order_up_to=4, funding="317")
    assert 'value="317"' in text_of(lead.get(level)) and 'value="state"' not in text_of(lead.get(level))
    assert lead.post(level, key(**wanted, funding="317")).status_code == 303
    stocked(an_item("Vaxelis", cvx="146"), number="S1", funding="state")
    assert 'value="state"' in text_of(lead.get(loans)) and 'value="317"' not in text_of(lead.get(loans))
