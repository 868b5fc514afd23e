"""Warm refrigerators, verdicts, recalls: what must not be used is not used, and everybody concerned is known."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from mainstay.foundation.errors import IllegalMove, InvalidInput, NeedsConfirmation, NotPermitted, StopFound
from mainstay.foundation.findings import Confirmations
from mainstay.foundation.testing import A_MOMENT
from mainstay.inventory.actions import (
    close_recall,
    decide_excursion,
    decide_hold,
    decide_holds,
    dismiss_excursion,
    load_readings,
    log_daily_reading,
    mark_told,
    recall_lot,
    receive_stock,
    report_excursion,
    report_warm_unit,
    return_draw,
    transfer_stock,
)
from mainstay.inventory.errors import AlreadyLogged
from mainstay.inventory.models import DailyReading, Excursion, Hold, Reading, RecallNotice
from mainstay.inventory.queries import doses_given_meanwhile, letter_words, log_of, recall_named
from mainstay.inventory.tests.factories import LATER, SYSTEM, a_unit, an_item, drawn, stocked
from mainstay.inventory.tests.test_drawing import ledger_agrees, left
from mainstay.visits.tests.factories import a_patient, a_person, acting_as
from mainstay.work.models import WorkItem

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
WARM = {"lowest": Decimal("4"), "highest": Decimal("11"), "scale": "C", "initials": "mr"}
RECALL = {"issued_by": "Maker", "reason": "Too weak.", "what_to_do": "Call us for another dose."}


def warm(unit, *, began=A_MOMENT - 5 * HOUR):
    return report_excursion(actor=SYSTEM, unit=unit, began_at=began, lowest=Decimal("4"), highest=Decimal("11"))


def test_an_excursion_holds_what_is_inside_and_somebody_must_call_the_manufacturer():
    stock, empty = stocked(), stocked(number="EMPTY", doses=1)
    drawn(empty)
    found = warm(stock.unit)
    assert list(found.holds.values_list("stock", "doses")) == [(stock.pk, 10)]
    with pytest.raises(StopFound, match="Vaccine fridge was between 4.0 and 11.0 °C. DO NOT USE"):
        drawn(stock)
    with pytest.raises(StopFound, match="marked DO NOT USE"):
        stocked(number="NEW")
    item = WorkItem.objects.get(kind="excursion")
    assert (item.title, item.due_at - item.received_at) == (
        "Vaccine fridge is out of range: mark it DO NOT USE and call the manufacturers",
        HOUR,
    )


def test_stock_moved_on_since_is_held_where_it_is_now():
    stock, other = stocked(), a_unit("Second fridge")
    there = transfer_stock(actor=SYSTEM, stock=stock, to=other, doses=4)
    warm(stock.unit)
    assert set(Hold.objects.values_list("stock", flat=True)) == {stock.pk, there.pk}


def test_each_lot_has_its_own_verdict_and_the_last_one_decides_the_excursion():
    good, bad = stocked(), stocked(number="BAD", doses=3)
    found = warm(good.unit)
    holds = {hold.stock_id: hold for hold in found.holds.all()}
    with pytest.raises(InvalidInput, match="Say who"):
        decide_hold(actor=SYSTEM, hold=holds[good.pk], verdict="usable", said_by=" ")
    decide_hold(actor=SYSTEM, hold=holds[good.pk], verdict="usable", said_by="Maker, Ann", reference="77")
    drawn(good)
    found.refresh_from_db()
    assert found.state == "open"
    with pytest.raises(IllegalMove):
        decide_excursion(actor=SYSTEM, excursion=found, note="Done")
    decide_hold(actor=SYSTEM, hold=holds[bad.pk], verdict="discard", said_by="Maker, Ann")
    found.refresh_from_db()
    assert (found.state, left(bad), left(good)) == ("decided", 0, 9)
    assert WorkItem.objects.get(kind="excursion").state == "done"
    assert ledger_agrees()
    with pytest.raises(IllegalMove):
        decide_hold(actor=SYSTEM, hold=holds[bad.pk], verdict="usable", said_by="Maker")


def test_a_probe_on_the_counter_is_no_excursion_and_every_hold_is_lifted():
    stock = stocked()
    found = warm(stock.unit)
    dismiss_excursion(actor=SYSTEM, excursion=found, reason="Probe was on the counter")
    drawn(stock)
    assert WorkItem.objects.get(kind="excursion").state == "done"


def test_an_assistant_reports_and_a_lead_decides():
    stock, ma = stocked(), acting_as(a_person("maria", "clinical_ma"))
    found = report_warm_unit(
        actor=ma, unit=stock.unit, temperature=Decimal("52"), scale="F", immediate_action="Moved nothing, called lead"
    )
    assert found.highest == Decimal("11.11")
    with pytest.raises(NotPermitted):
        decide_hold(actor=ma, hold=found.holds.get(), verdict="usable", said_by="Maker")
    lead = acting_as(a_person("lee", "lead_ma"))
    decide_hold(actor=lead, hold=found.holds.get(), verdict="usable", said_by="Maker")
    with pytest.raises(InvalidInput, match="within 2 to 8 °C"):
        report_warm_unit(actor=ma, unit=stock.unit, temperature=Decimal("41"), scale="F", immediate_action="None")


def test_doses_given_meanwhile_are_listed():
    stock = stocked()
    early = drawn(stock, actor=SYSTEM.at(A_MOMENT - 9 * HOUR))
    meanwhile = drawn(stock, actor=SYSTEM.at(A_MOMENT - 2 * HOUR))
    mistake = drawn(stock, actor=SYSTEM.at(A_MOMENT - HOUR))
    return_draw(actor=SYSTEM, draw=mistake, reason="Wrong patient")
    found = doses_given_meanwhile(warm(stock.unit))
    assert found == [meanwhile]
    assert early not in found


def test_the_reading_of_a_half_day_is_written_once_and_never_afterwards():
    unit = a_unit()
    first = {"lowest": Decimal("38"), "highest": Decimal("42"), "present": Decimal("40"), "scale": "F"}
    morning = log_daily_reading(actor=SYSTEM, unit=unit, initials="mr", **first)
    assert (morning.slot, morning.initials, morning.present) == ("am", "MR", Decimal("4.44"))
    again = {"unit": unit, "lowest": Decimal(4), "highest": Decimal(6), "present": Decimal(5), "scale": "C"}
    with pytest.raises(AlreadyLogged):
        log_daily_reading(actor=SYSTEM, initials="mr", **again)
    log_daily_reading(actor=SYSTEM.at(A_MOMENT + 25 * HOUR), initials="mr", **again)
    days = log_of(unit, first=date(2026, 11, 20), days=2)
    assert [(d.am is None, d.pm is None) for d in days] == [(False, True), (False, True)]
    assert Excursion.objects.count() == 0


def test_a_reading_out_of_range_needs_what_was_done_and_holds_the_unit():
    stock = stocked()
    with pytest.raises(NeedsConfirmation, match="11 °C is outside 2 to 8 °C"):
        log_daily_reading(actor=SYSTEM, unit=stock.unit, present=Decimal("11"), **WARM)
    assert DailyReading.objects.count() == 0
    said = Confirmations({"out_of_range": "Closed the door, labelled it"})
    reading = log_daily_reading(actor=SYSTEM, unit=stock.unit, present=Decimal("11"), confirmed=said, **WARM)
    found = Excursion.objects.get()
    assert (reading.action_taken, found.immediate_action) == ("Closed the door, labelled it",) * 2
    assert (found.ended_at, found.highest, found.holds.count()) == (None, Decimal("11.00"), 1)
    later = SYSTEM.at(A_MOMENT + 5 * HOUR)
    cold = {"lowest": Decimal(3), "highest": Decimal(7), "present": Decimal(5), "scale": "C", "initials": "mr"}
    log_daily_reading(actor=later, unit=stock.unit, **cold)
    found.refresh_from_db()
    assert (found.ended_at, found.state) == (later.now, "open")


def test_the_display_is_read_again_when_now_is_not_between_lowest_and_highest():
    with pytest.raises(StopFound, match="Read the display again"):
        log_daily_reading(actor=SYSTEM, unit=a_unit(), present=Decimal("2"), **WARM)


@pytest.mark.parametrize(("fahrenheit", "is_excursion"), [("36", False), ("46", False), ("35.9", True), ("46.1", True)])
def test_a_fahrenheit_display_is_judged_by_the_limits_in_fahrenheit(fahrenheit, is_excursion):
    degrees = Decimal(fahrenheit)
    reading = {"lowest": degrees, "highest": degrees, "present": degrees, "scale": "F", "initials": "mr"}
    said = Confirmations({"out_of_range": "Called"})
    log_daily_reading(actor=SYSTEM, unit=a_unit(), confirmed=said, **reading)
    assert Excursion.objects.exists() is is_excursion


def week(*, warm_hours=0, serial=""):
    lines = [f"Serial Number: {serial}"] if serial else []
    lines.append("time,temp °C")
    for n in range(96):
        at = A_MOMENT - timedelta(minutes=30 * (96 - n))
        lines.append(f"{at.isoformat()},{'9.5' if 20 <= n < 20 + 2 * warm_hours else '4.9'}")
    return "\n".join(lines)


def test_a_loggers_file_is_taken_in_once_and_its_warm_stretch_is_an_excursion(django_assert_max_num_queries):
    stock = stocked()
    with django_assert_max_num_queries(40):
        loaded = load_readings(actor=SYSTEM, unit=stock.unit, content=week(warm_hours=3))
    assert (loaded.added, loaded.known, loaded.problems) == (96, 0, ())
    assert loaded.excursion.ended_at - loaded.excursion.began_at == 3 * HOUR
    assert Reading.objects.filter(celsius=Decimal("9.5")).count() == 6
    decide_hold(actor=SYSTEM, hold=loaded.excursion.holds.get(), verdict="usable", said_by="Maker")
    again = load_readings(actor=SYSTEM, unit=stock.unit, content=week(warm_hours=3))
    assert (again.added, again.known, again.excursion) == (0, 96, None)
    assert Excursion.objects.count() == 1


def test_a_file_of_another_units_logger_is_refused():
    from mainstay.inventory.actions import add_sensor

    add_sensor(actor=SYSTEM, unit=a_unit("Freezer", kind="freezer"), serial="18042291")
    with pytest.raises(InvalidInput, match="logger 18042291 in Freezer"):
        load_readings(actor=SYSTEM, unit=a_unit(), content=week(serial="18042291"))
    assert Reading.objects.count() == 0


def test_one_answer_of_a_manufacturer_decides_every_lot_it_makes():
    unit = a_unit()
    stocks = [stocked(number=number) for number in ("A1", "A2", "A3")]
    excursion = report_excursion(
        actor=SYSTEM, unit=unit, began_at=A_MOMENT - HOUR, lowest=Decimal(4), highest=Decimal("9.6")
    )
    holds = list(excursion.holds.all())
    decide_holds(actor=SYSTEM, holds=holds[:2], verdict="usable", said_by="GSK, Ann", reference="C-77")
    excursion.refresh_from_db()
    assert excursion.state == "open" and excursion.span_words == "4.0 to 9.6 °C (39.2 to 49.3 °F)"
    assert {hold.verdict_reference for hold in Hold.objects.exclude(lifted_at=None)} == {"C-77"}
    decide_holds(actor=SYSTEM, holds=holds[2:], verdict="discard", said_by="GSK, Ann")
    excursion.refresh_from_db()
    assert excursion.state == "decided" and [left(stock) for stock in stocks] == [10, 10, 0]


def test_a_recall_holds_every_fund_and_site_and_lists_everybody_once(django_assert_max_num_queries):
    item = an_item()
    here, vfc = stocked(item), stocked(item, funding="vfc")
    away = stocked(item, unit=a_unit(site="Elsewhere"))
    other = stocked(item, number="OTHER")
    people = [a_patient(f"2{n:05}", given_name=f"P{n}") for n in range(3)]
    for n, patient in enumerate(people):
        drawn((here, vfc, away)[n], patient=patient)
    drawn(here, patient=people[0])
    mistake = drawn(here, patient=a_patient("299999"))
    return_draw(actor=SYSTEM, draw=mistake, reason="Wrong patient")
    recall = recall_lot(actor=SYSTEM, item=item, lot_number="ab123", **RECALL)
    assert set(Hold.objects.values_list("stock", flat=True)) == {here.pk, vfc.pk, away.pk}
    assert sorted(recall.notices.values_list("patient__given_name", flat=True)) == ["P0", "P0", "P1", "P2"]
    owed = WorkItem.objects.filter(kind="recalled_dose")
    assert sorted(owed.values_list("patient__given_name", flat=True)) == ["P0", "P1", "P2"]
    assert WorkItem.objects.filter(kind="recalled_stock").count() == 2
    with pytest.raises(StopFound, match="is recalled: Too weak. Do not use it"):
        drawn(here)
    drawn(other)
    with pytest.raises(StopFound, match="This lot is recalled"):
        stocked(item, doses=1)
    with pytest.raises(IllegalMove, match="recalled already"):
        recall_lot(actor=SYSTEM, item=item, lot_number="AB123", **RECALL)


def test_a_recall_is_closed_when_everybody_was_told_and_nothing_is_left():
    stock, patient = stocked(), a_patient()
    drawn(stock, patient=patient)
    drawn(stock, patient=patient)
    recall = recall_lot(actor=SYSTEM, item=stock.lot.item, lot_number="AB123", **RECALL)
    with pytest.raises(IllegalMove, match="1 patient has not been told yet"):
        close_recall(actor=SYSTEM, recall=recall, reason="Done")
    mark_told(actor=SYSTEM, notice=recall.notices.first(), how="phone")
    assert RecallNotice.objects.filter(told_at=None).count() == 0
    assert WorkItem.objects.get(kind="recalled_dose").state == "done"
    with pytest.raises(IllegalMove, match="waits to be sent back"):
        close_recall(actor=SYSTEM, recall=recall, reason="Done")
    with pytest.raises(InvalidInput, match="does not become usable"):
        decide_hold(actor=SYSTEM, hold=recall.holds.get(), verdict="usable", said_by="Maker")
    decide_hold(actor=SYSTEM, hold=recall.holds.get(), verdict="send_back", said_by="Maker")
    assert close_recall(actor=SYSTEM, recall=recall, reason="All replaced").state == "closed"
    assert left(stock) == 0
    assert not WorkItem.objects.filter(state__in=["open", "taken"], kind__startswith="recalled").exists()
    with pytest.raises(StopFound):
        receive_stock(
            actor=SYSTEM, unit=stock.unit, item=stock.lot.item, lot_number="AB123", expires_on=LATER,
            funding="private", doses=1,
        )  # fmt: skip


def test_a_lot_that_never_stood_here_is_recalled_once_somebody_is_sure_and_refused_should_it_come():
    item = an_item()
    with pytest.raises(NeedsConfirmation, match="never in stock here: there is nothing to hold"):
        recall_lot(actor=SYSTEM, item=item, lot_number="nope", **RECALL)
    sure = Confirmations({"never_here": "Read off the notice twice"})
    recall = recall_lot(actor=SYSTEM, item=item, lot_number="nope", confirmed=sure, **RECALL)
    assert recall.lot_number == "NOPE" and not recall.holds.exists()
    assert recall.steps.get().reason == "Read off the notice twice"
    assert not WorkItem.objects.filter(kind="recalled_stock").exists()
    with pytest.raises(StopFound, match="This lot is recalled"):
        stocked(item, number="Nope")
    assert close_recall(actor=SYSTEM, recall=recall, reason="Nobody had it").state == "closed"


def test_an_assistant_recalls_nothing():
    item = an_item()
    stocked(item)
    with pytest.raises(NotPermitted):
        recall_lot(actor=acting_as(a_person("maria", "clinical_ma")), item=item, lot_number="AB123", **RECALL)


def test_the_letter_names_dose_reason_and_what_to_do():
    stock = stocked()
    drawn(stock, patient=a_patient(given_name="Ana", family_name="Ruiz"), used_for=uuid4())
    recall = recall_lot(actor=SYSTEM, item=stock.lot.item, lot_number="AB123", **RECALL)
    shown = recall_named(recall.public_id)
    letter = letter_words(SYSTEM, shown)["letters"][0]
    text = " ".join(letter["paragraphs"])
    assert letter["greeting"] == "Dear Ana Ruiz,"
    assert "November 20, 2026" in text and "Boostrix from lot AB123" in text
    assert "Too weak." in text and "Call us for another dose." in text
