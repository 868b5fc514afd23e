"""Stock as people open it."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mainstay.foundation.testing import A_MOMENT
from mainstay.inventory.actions import (
    begin_count,
    borrow_doses,
    know_package,
    order_stock,
    report_excursion,
    set_par_level,
)
from mainstay.inventory.models import Borrowing, Count, DailyReading, Excursion, Hold, Lot, ParLevel, Recall, Stock
from mainstay.inventory.tests.factories import (
    GTIN,
    SYSTEM,
    a_multi_dose_item,
    a_unit,
    an_item,
    drawn,
    key,
    stocked,
    text_of,
)
from mainstay.inventory.tests.test_drawing import left
from mainstay.inventory.tests.test_holding import RECALL, week
from mainstay.visits.tests.factories import a_patient, a_person, a_site

pytestmark = pytest.mark.django_db


def label(item, unit, number, expires, **more):
    return {"item": item.pk, "unit": unit.pk, "lot_number": number, "expires_on": expires, "doses": "10", **more}


def test_the_shelf_shows_what_needs_eyes_first_with_few_queries(at_work, django_assert_max_num_queries):
    ma = at_work("clinical_ma")
    item = an_item()
    stock = stocked(item, doses=4)
    stocked(item, number="SOON", expires_on=A_MOMENT.date() + timedelta(days=9))
    stocked(
        item,
        number="OLD",
        actor=SYSTEM.at(A_MOMENT - timedelta(days=9)),
        expires_on=A_MOMENT.date() - timedelta(days=1),
    )
    for n in range(12):
        stocked(an_item(f"Vaccine {n}"), number=f"N{n}")
    set_par_level(actor=SYSTEM, site=a_site(), item=item, at_least=50, order_up_to=60)
    with django_assert_max_num_queries(26):
        shown = text_of(ma.get("/stock/"))
    order = [shown.index(words) for words in ("Expired on 11/19/2026", "at least 50 wanted", "expire in 9 days")]
    assert order == sorted(order)
    assert "Reading due" in shown and "Stock &amp; Logs" in shown
    assert f"/stock/lots/{stock.lot.public_id}/" in shown or "SOON" in shown


def test_an_empty_site_is_told_what_to_do(at_work):
    assert "Nothing in stock here" in text_of(at_work("clinical_ma").get("/stock/"))


def test_a_scan_fills_the_form_and_a_new_package_is_learnt(at_work):
    ma, item, unit = at_work("clinical_ma"), an_item(), a_unit()
    scan = f"]d201{GTIN}17271231" + "10U1234AA"
    shown = text_of(ma.get("/stock/receive/", {"scan": scan}))
    assert "new here: choose the item" in shown and "U1234AA" in shown and "12/31/2027" in shown
    typed = label(item, unit, "U1234AA", "12/31/2027", funding="vfc", gtin=GTIN)
    answer = ma.post("/stock/receive/", key(**typed))
    assert answer.status_code == 303, answer.content.decode()
    stock = Stock.objects.get()
    assert (stock.on_hand, stock.lot.funding, item.package_codes.get().gtin) == (10, "vfc", GTIN)
    again = text_of(ma.get("/stock/receive/", {"scan": scan}))
    assert "Compare lot and expiry with the label" in again
    assert "does not add up" in text_of(ma.get("/stock/receive/", {"scan": "(01)00349281421502(10)A"}))


def test_whose_money_bought_a_delivery_is_never_guessed(at_work):
    ma, item, unit = at_work("clinical_ma"), an_item(), a_unit()
    assert '<option value="" selected>Choose</option>' in ma.get("/stock/receive/").content.decode()
    answer = ma.post("/stock/receive/", key(**label(item, unit, "A1", "11/01/2027")))
    assert answer.status_code == 422 and "Bought with" in answer.content.decode() and not Lot.objects.exists()


def test_a_form_that_is_wrong_says_so_and_changes_nothing(at_work):
    ma, item, unit = at_work("clinical_ma"), an_item(), a_unit()
    typed = label(item, unit, "OLD", "11/01/2026", funding="vfc")
    answer = ma.post("/stock/receive/", key(**typed))
    assert answer.status_code == 422 and "This lot has expired. Send it back." in answer.content.decode()
    assert not Lot.objects.exists()


def test_more_than_was_ordered_is_saved_with_a_reason(at_work):
    from mainstay.inventory.actions import Wanted

    ma, item, unit = at_work("clinical_ma"), an_item(), a_unit()
    line = order_stock(actor=SYSTEM, site=a_site(), vendor="Maker", wanted=[Wanted(item, 5)]).lines.get()
    typed = label(item, unit, "A1", "11/01/2027", funding="private", order_line=line.pk)
    answer = ma.post("/stock/receive/", key(**typed))
    assert answer.status_code == 422 and 'name="reason:more_than_ordered"' in answer.content.decode()
    answer = ma.post("/stock/receive/", key(**typed, **{"reason:more_than_ordered": "They sent a free box"}))
    assert answer.status_code == 303
    assert "All came" in text_of(ma.get("/stock/orders/"))


def test_a_lot_shows_its_lineage_and_doses_are_wasted_with_a_witness(at_work):
    ma = at_work("clinical_ma")
    stock, witness = stocked(), a_person("ben", "nurse")
    drawn(stock, patient=a_patient(given_name="Ana", family_name="Ruiz"))
    page = f"/stock/lots/{stock.lot.public_id}/"
    assert "Ana Ruiz" in text_of(ma.get(page))
    place, prefix = f"/stock/places/{stock.public_id}", f"waste-{stock.pk}-"
    answer = ma.post(f"{place}/waste/", key(**{f"{prefix}doses": "1", f"{prefix}reason": "broken"}))
    assert answer.status_code == 422 and "Somebody else has to see this" in answer.content.decode()
    good = {f"{prefix}doses": "1", f"{prefix}reason": "broken", f"{prefix}witness": witness.pk}
    assert ma.post(f"{place}/waste/", key(**good)).status_code == 303
    other, prefix = a_unit("Second"), f"move-{stock.pk}-"
    assert ma.post(f"{place}/move/", key(**{f"{prefix}to": other.pk, f"{prefix}doses": "3"})).status_code == 303
    prefix = f"adjust-{stock.pk}-"
    refused = ma.post(f"{place}/adjust/", key(**{f"{prefix}doses": "-1", f"{prefix}reason": "record_wrong"}))
    assert (refused.status_code, left(stock)) == (403, 5)
    shown = text_of(ma.get(page))
    assert "moved out" in shown and "Broken vial or syringe" in shown


def test_an_open_vial_past_its_hours_is_discarded_from_its_page(at_work, monkeypatch):
    ma, stock = at_work("clinical_ma"), stocked(a_multi_dose_item(hours=6), doses=10)
    drawn(stock, actor=SYSTEM.at(A_MOMENT - timedelta(hours=7)))
    assert "Discard the open vial" in text_of(ma.get(f"/stock/lots/{stock.lot.public_id}/"))
    assert ma.post(f"/stock/places/{stock.public_id}/discard-vials/", key()).status_code == 303
    assert left(stock) == 0


def test_who_counts_sees_no_figure(at_work):
    ma, stock = at_work("clinical_ma"), stocked(doses=17031)
    begun = ma.post(f"/stock/units/{stock.unit.public_id}/count/", key())
    page = f"/stock/counts/{Count.objects.get().public_id}/"
    assert begun["Location"] == page
    assert "17031" not in text_of(ma.get(page))
    answer = ma.post(page, key())
    assert answer.status_code == 422 and "Count every lot" in answer.content.decode()
    found = {f"found-{stock.pk}": "17030"}
    assert ma.post(page, key(**found)).status_code == 303
    assert "These differed" in text_of(ma.get(page))
    assert ma.post(page, key(**found)).status_code == 422
    assert ma.post(page, key(**found, **{"reason:same_counter": "Alone"})).status_code == 303
    lead = at_work("lead_ma", username="lee")
    assert "These differed twice" in text_of(lead.get(page))
    assert lead.post(page, key(**{f"why-{stock.pk}": "Broken"})).status_code == 303
    assert left(stock) == 17030
    assert "Broken" in text_of(lead.get(page)) and "Closed" in text_of(lead.get("/stock/counts/"))


def test_a_count_is_dropped_with_a_reason(at_work):
    ma, stock = at_work("clinical_ma"), stocked()
    count = begin_count(actor=SYSTEM, unit=stock.unit)
    assert ma.post(f"/stock/counts/{count.public_id}/drop/", key(reason="Fire drill")).status_code == 303
    assert Count.objects.get().state == "dropped"


def test_the_units_page_draws_the_week_and_takes_a_reading(at_work, django_assert_max_num_queries):
    ma, stock = at_work("clinical_ma"), stocked()
    page = f"/stock/units/{stock.unit.public_id}/"
    upload = SimpleUploadedFile("log.csv", week(warm_hours=0).encode())
    answer = ma.post(f"{page}file/", key(**{"file-file": upload}))
    assert "96 new readings." in text_of(answer)
    with django_assert_max_num_queries(27):
        shown = text_of(ma.get(page))
    assert "<svg" in shown and "All are within" in shown
    typed = {"lowest": "39", "highest": "44", "present": "41", "scale": "F", "initials": "mt"}
    assert ma.post(f"{page}daily/", key(**typed)).status_code == 303
    assert DailyReading.objects.get().present == Decimal("5.00")
    assert "This half-day has its reading" in text_of(ma.get(page))
    assert text_of(ma.get(page, {"until": "nonsense"}))


def test_a_file_without_scale_asks_for_it_and_a_warm_one_marks_the_unit(at_work):
    ma, stock = at_work("clinical_ma"), stocked()
    page = f"/stock/units/{stock.unit.public_id}/"
    bare = SimpleUploadedFile("log.csv", b"time,temp\n2026-11-20 08:00,52\n")
    answer = ma.post(f"{page}file/", key(**{"file-file": bare}))
    assert answer.status_code == 422 and "°C or °F. Choose it" in answer.content.decode()
    bare = SimpleUploadedFile("log.csv", b"time,temp\n2026-11-20 08:00,52\n")
    answer = ma.post(f"{page}file/", key(**{"file-file": bare, "file-scale": "F"}))
    assert "What is inside is held" in text_of(answer)
    assert Excursion.objects.get().highest == Decimal("11.11")
    assert "DO NOT USE" in text_of(ma.get("/stock/"))


def test_a_warm_reading_asks_what_was_done(at_work):
    ma, unit = at_work("clinical_ma"), a_unit()
    page = f"/stock/units/{unit.public_id}/"
    typed = {"lowest": "4", "highest": "11", "present": "11", "scale": "C", "initials": "mt"}
    answer = ma.post(f"{page}daily/", key(**typed))
    assert answer.status_code == 422 and 'name="reason:out_of_range"' in answer.content.decode()
    assert ma.post(f"{page}daily/", key(**typed, **{"reason:out_of_range": "Labelled it"})).status_code == 303
    typed = {"warm-temperature": "52", "warm-scale": "F", "warm-immediate_action": "Labelled it"}
    answer = ma.post(f"{page}warm/", key(**typed))
    assert answer["Location"] == f"/stock/excursions/{Excursion.objects.get().public_id}/"


def test_a_lead_writes_each_lots_verdict(at_work):
    stock, patient = stocked(), a_patient(given_name="Ana", family_name="Ruiz")
    drawn(stock, patient=patient, actor=SYSTEM.at(A_MOMENT - timedelta(hours=1)))
    began = A_MOMENT - timedelta(hours=4)
    found = report_excursion(actor=SYSTEM, unit=stock.unit, began_at=began, lowest=Decimal(4), highest=Decimal(11))
    page, hold = f"/stock/excursions/{found.public_id}/", Hold.objects.get()
    lead = at_work("lead_ma")
    shown = text_of(lead.get(page))
    assert "Ana Ruiz" in shown and "not back in range yet" in shown
    about = {f"hold-{hold.pk}-verdict": "usable"}
    assert lead.post(f"{page}holds/{hold.pk}/", key(**about)).status_code == 422
    about[f"hold-{hold.pk}-said_by"] = "Maker, Ann"
    assert lead.post(f"{page}holds/{hold.pk}/", key(**about)).status_code == 303
    assert "Every lot has its verdict" in text_of(lead.get(page))
    empty = a_unit("Empty")
    other = report_excursion(actor=SYSTEM, unit=empty, began_at=began, lowest=Decimal(4), highest=Decimal(11))
    page = f"/stock/excursions/{other.public_id}/"
    assert lead.post(f"{page}close/", key(**{"close-note": "Nothing inside"})).status_code == 303
    third = report_excursion(actor=SYSTEM, unit=empty, began_at=began, lowest=Decimal(4), highest=Decimal(11))
    answer = lead.post(f"/stock/excursions/{third.public_id}/dismiss/", key(**{"dismiss-reason": "Probe out"}))
    assert answer.status_code == 303


def test_a_verdict_is_written_for_every_lot_of_the_maker_at_once(at_work):
    mine = [stocked(number="A1"), stocked(number="A2", funding="vfc")]
    stocked(an_item("Adacel", mvx="PMC"), number="B1")
    excursion = report_excursion(
        actor=SYSTEM, unit=mine[0].unit, began_at=A_MOMENT - timedelta(hours=1), lowest=Decimal(4), highest=Decimal(11)
    )
    lead, page = at_work("lead_ma"), f"/stock/excursions/{excursion.public_id}/"
    shown = text_of(lead.get(page))
    assert "Boostrix A2 (VFC)" in shown and "Adacel B1 (private)" not in shown and "by a reading" in shown
    first, second, other = excursion.holds.order_by("pk")
    prefix = f"hold-{first.pk}"
    typed = {f"{prefix}-verdict": "usable", f"{prefix}-said_by": "GSK, Ann"}
    refused = lead.post(f"{page}holds/{first.pk}/", key(**typed, **{f"{prefix}-also": other.pk}))
    assert refused.status_code == 422 and not Hold.objects.exclude(lifted_at=None).exists()
    assert lead.post(f"{page}holds/{first.pk}/", key(**typed, **{f"{prefix}-also": second.pk})).status_code == 303
    assert set(Hold.objects.exclude(lifted_at=None)) == {first, second}


def test_a_recall_from_the_page_lists_people_and_prints_their_letters(at_work, django_assert_max_num_queries):
    stock = stocked(doses=60)
    for n in range(12):
        drawn(stock, patient=a_patient(f"3{n:05}", given_name=f"P{n}"))
    lead = at_work("lead_ma")
    typed = {"item": stock.lot.item.pk, "lot_number": "AB123", **RECALL}
    made = lead.post("/stock/recalls/", key(**typed))
    assert made.status_code == 303, made.content.decode()[:3000]
    page = made["Location"]
    with django_assert_max_num_queries(24):
        shown = text_of(lead.get(page))
    assert "12 people had it" in shown and "12 are still to be told" in shown
    pdf = lead.get(f"{page}letters.pdf")
    assert pdf["Content-Type"] == "application/pdf" and pdf.content.startswith(b"%PDF")
    notice, hold = Recall.objects.get().notices.first(), Hold.objects.get()
    assert lead.get(f"{page}notices/{notice.pk}/letter.pdf").content.startswith(b"%PDF")
    assert lead.post(f"{page}notices/{notice.pk}/told/", key(how="phone")).status_code == 303
    about = {f"hold-{hold.pk}-verdict": "send_back", f"hold-{hold.pk}-said_by": "Maker"}
    assert lead.post(f"{page}holds/{hold.pk}/", key(**about)).status_code == 303
    answer = lead.post(f"{page}close/", key(**{"close-reason": "Done"}))
    assert answer.status_code == 422 and "11 patients have not been told yet" in answer.content.decode()
    assert "12 people, 11 to be told" in text_of(lead.get("/stock/recalls/"))


def test_doses_are_borrowed_printed_and_replaced(at_work):
    vfc, patient = stocked(funding="vfc"), a_patient(given_name="Ana", family_name="Ruiz")
    lead = at_work("lead_ma")
    typed = {"stock": vfc.pk, "to_fund": "private", "doses": "1", "cause": "private_late", "mrn": "999"}
    answer = lead.post("/stock/borrowings/", key(**typed))
    assert answer.status_code == 422 and "No patient has this number" in answer.content.decode()
    made = lead.post("/stock/borrowings/", key(**{**typed, "mrn": patient.mrn}))
    assert made.status_code == 303
    paper = text_of(lead.get(f"{made['Location']}form/"))
    assert "Ana Ruiz" in paper and "Private order had not come" in paper
    fresh = stocked(number="NEW", funding="private")
    assert lead.post(made["Location"], key(stock=fresh.pk)).status_code == 303
    assert Borrowing.objects.get().replaced_with.funding == "vfc"
    assert "Replaced" in text_of(lead.get(made["Location"])) and "Replaced" in text_of(lead.get("/stock/borrowings/"))


def test_par_levels_are_the_leads(at_work):
    item = an_item()
    ma = at_work("clinical_ma")
    page = f"/stock/items/{item.public_id}/"
    assert "Your role does not include this. Could: " in text_of(ma.get(page))
    level = {"site": a_site().pk, "at_least": "5", "order_up_to": "9"}
    assert ma.post(page, key(**level)).status_code == 403
    lead = at_work("lead_ma", username="lee")
    assert lead.post(page, key(**level)).status_code == 303
    assert ParLevel.objects.get().at_least == 5


def test_the_reports_are_printed(at_work):
    vfc = stocked(funding="vfc")
    drawn(vfc)
    know_package(actor=SYSTEM, item=vfc.lot.item, gtin=GTIN)
    borrow_doses(actor=SYSTEM, stock=vfc, to_fund="private", doses=1, cause="private_late")
    ma = at_work("clinical_ma")
    days = {"first": "11/01/2026", "last": "11/20/2026"}
    assert "VFC reconciliation" in text_of(ma.get("/stock/reports/vfc/", days))
    assert "private reconciliation" in text_of(ma.get("/stock/reports/vfc/", {**days, "fund": "private"}))
    assert "Nothing was lost" in text_of(ma.get("/stock/reports/waste/", {"first": "x"}))
    assert "Boostrix" in text_of(ma.get("/stock/reports/use/", days))
    assert "AB123" in text_of(ma.get("/stock/reports/on-hand/"))
    assert "Reconciliation" in text_of(ma.get("/stock/reports/"))


def test_an_expired_lot_is_taken_out_from_its_page(at_work):
    stock = stocked(actor=SYSTEM.at(A_MOMENT - timedelta(days=9)), expires_on=A_MOMENT.date() - timedelta(days=1))
    ma = at_work("clinical_ma")
    assert "Take out: expired" in text_of(ma.get(f"/stock/lots/{stock.lot.public_id}/"))
    assert ma.post(f"/stock/places/{stock.public_id}/expire/", key(note="Form 12")).status_code == 303
    assert left(stock) == 0


@pytest.mark.parametrize("where", ["items", "lots", "units", "orders", "excursions", "recalls", "borrowings", "counts"])
def test_what_is_not_there_is_said_to_be_not_there(at_work, where):
    assert at_work("lead_ma").get(f"/stock/{where}/{uuid.uuid4()}/").status_code == 404


def test_a_biller_sees_no_stock(at_work):
    assert at_work("biller").get("/stock/").status_code == 403
