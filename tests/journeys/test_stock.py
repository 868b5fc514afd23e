"""The vaccine refrigerator at 11 °C on Monday morning; a lot called back that forty people had."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from mainstay.foundation.errors import StopFound
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.inventory.actions import draw_dose
from mainstay.inventory.models import Excursion, Hold, Recall, Stock
from mainstay.inventory.tests.factories import an_item, stocked
from mainstay.visits.tests.factories import a_patient, a_person
from mainstay.work.models import WorkItem

MONDAY = timedelta(days=3)


def test_the_refrigerator_is_at_eleven_degrees_on_monday(at_a_screen, monkeypatch):
    given = stocked(doses=20)
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT + MONDAY)
    ma = at_a_screen(a_person("maria", "clinical_ma")).opens("/stock/").reads("Reading due")
    ma.follows("Vaccine fridge")
    ma.types("Lowest since last time", "4").types("Highest since last time", "11").types("Now", "11")
    ma.page.locator("form[action$='/daily/']").get_by_label("°C").check()
    ma.types("Your initials", "mt").presses("Log it").reads("11 °C is outside 2 to 8 °C")
    assert Excursion.objects.count() == 0
    ma.page.locator("[name='reason:out_of_range']").last.fill("Door was ajar. Shut it, labelled it, called the lead.")
    ma.presses("Log it").reads("DO NOT USE")
    hold, owed = Hold.objects.get(), WorkItem.objects.get(kind="excursion")
    assert (hold.stock, hold.doses) == (given, 20)
    lead = at_a_screen(a_person("lee", "lead_ma")).opens(owed.url).reads("discard nothing")
    lead.page.locator("summary", has_text="Verdict").click()
    lead.page.get_by_label("Verdict", exact=True).select_option("usable")
    lead.types("Said by: company or program, and name", "Maker's line, Ann").presses("Write down the verdict")
    lead.reads("Every lot has its verdict")
    owed.refresh_from_db()
    assert (Excursion.objects.get().state, owed.state) == ("decided", "done")
    assert "DO NOT USE" not in lead.opens("/stock/").page.locator("body").inner_text()


def test_the_loggers_file_shows_a_warm_night_and_each_lot_gets_its_verdict(at_a_screen, now):
    good, bad = stocked(doses=20), stocked(an_item("Adacel"), number="CD456", doses=8)
    warm = [(now() - timedelta(minutes=30 * n), "11.0" if n in (3, 4) else "4.5") for n in range(12)]
    lines = "\n".join(f"{at.isoformat(timespec='seconds')},{degrees}" for at, degrees in reversed(warm))
    ma = at_a_screen(a_person("maria", "clinical_ma")).opens("/stock/").follows("Vaccine fridge")
    file = {"name": "night.csv", "mimeType": "text/csv", "buffer": f"Time,Temperature (°C)\n{lines}\n".encode()}
    ma.page.get_by_label("File of the data logger (CSV or text)").set_input_files(file)
    ma.presses("Take in").reads("12 new readings.").reads("The file shows temperatures out of range")
    about = {"actor": an_actor(site_id=good.unit.site_id), "patient": a_patient(), "used_for": uuid4()}
    with pytest.raises(StopFound, match="DO NOT USE"):
        draw_dose(lot=good.lot, **about)
    lead = at_a_screen(a_person("lee", "lead_ma")).opens(WorkItem.objects.get(kind="excursion").url)
    for stock, verdict in ((good, "usable"), (bad, "discard")):
        hold = Hold.objects.get(stock=stock)
        held = lead.page.locator(f"li:has(form[action$='/holds/{hold.pk}/'])")
        held.locator("summary", has_text="Verdict").click()
        held.get_by_label("Verdict", exact=True).select_option(verdict)
        held.get_by_label("Said by: company or program, and name").fill("Maker's line, Ann")
        with lead.page.expect_navigation():
            held.get_by_role("button", name="Write down the verdict").click()
    lead.reads("Every lot has its verdict")
    assert draw_dose(lot=good.lot, **about).doses == 1
    assert Stock.objects.get(pk=bad.pk).on_hand == 0
    lead.opens("/stock/reports/waste/").reads("CD456")


def test_a_lot_that_forty_people_had_is_called_back(at_a_screen):
    stock = stocked(an_item(), doses=60)
    actor = an_actor(site_id=stock.unit.site_id)
    for n in range(40):
        patient = a_patient(f"4{n:05}", given_name=f"Person {n}")
        draw_dose(actor=actor, lot=stock.lot, patient=patient, used_for=uuid4())
    lead = at_a_screen(a_person("lee", "lead_ma")).opens("/stock/").follows("Recalls")
    lead.page.get_by_label("Item").select_option(label="Boostrix")
    lead.types("Lot number", "AB123").types("Called back by", "The maker")
    lead.types("Why, as the letter says it", "It may be too weak.")
    lead.types("What a patient should do, as the letter says it", "Call us for another dose.")
    lead.presses("Recall this lot").reads("40 people had it").reads("40 are still to be told")
    assert Hold.objects.get().doses == Stock.objects.get().on_hand == 20
    assert WorkItem.objects.filter(kind="recalled_dose").count() == 40
    letters = lead.page.request.get(f"{lead.base}/stock/recalls/{Recall.objects.get().public_id}/letters.pdf")
    assert letters.status == 200 and letters.body().startswith(b"%PDF")
    lead.presses("Told").reads("39 are still to be told")
    lead.opens("/stock/").reads("is recalled: It may be too weak.")
