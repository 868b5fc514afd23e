"""The vaccine refrigerator at 11 °C on Monday morning; a lot called back that forty people had."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

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
