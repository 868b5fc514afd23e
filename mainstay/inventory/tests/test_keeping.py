"""Items, package numbers, levels, storage units and loggers, kept from their pages by whoever orders."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.findings import Confirmations
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.inventory.actions import (
    add_sensor,
    add_storage_unit,
    change_item,
    change_sensor,
    change_storage_unit,
    know_package,
    load_readings,
    log_daily_reading,
    retire_item,
    retire_storage_unit,
    set_par_level,
)
from mainstay.inventory.models import Excursion, Item, PackageCode, ParLevel, Reading, Sensor, StorageUnit
from mainstay.inventory.queries import needing_attention, stock_at
from mainstay.inventory.queries.shelves import Attention, _gathered
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
from mainstay.terminology.actions import load_edition
from mainstay.terminology.codes import CodeSystem
from mainstay.terminology.editions import shipped_edition
from mainstay.visits.tests.factories import a_site

pytestmark = pytest.mark.django_db
ITEM = {
    "name": "Tdap Adacel", "kind": "vaccine", "cvx": "115", "mvx": "pmc", "ndc": "49281-0400-10",
    "presentation": "prefilled_syringe", "doses_per_vial": "1", "hours_after_opening": "", "storage": "refrigerator",
    "counted_in": "dose", "vendor": "CareDepot",
}  # fmt: skip
AS_IT_IS = {
    "kind": "vaccine", "cvx": "115", "mvx": "SKB", "ndc": "", "presentation": "single_dose_vial", "doses_per_vial": 1,
    "hours_after_opening": None, "storage": "refrigerator", "counted_in": "dose", "vendor": "",
}  # fmt: skip
TWO_PROBES = "Time,Probe 1 °C,Probe 2 °C\n05/11/2026 08:00,4.0,11.0\n05/11/2026 08:30,4.1,11.5\n"


def test_a_lead_adds_an_item_and_it_can_be_received(at_work):
    lead = at_work("lead_ma")
    assert "No item is known yet" in text_of(lead.get("/stock/items/"))
    refused = lead.post("/stock/items/add/", key(**{**ITEM, "cvx": ""}))
    assert refused.status_code == 422 and "needs its CVX code" in refused.content.decode()
    made = lead.post("/stock/items/add/", key(**ITEM))
    item = Item.objects.get()
    assert made["Location"] == f"/stock/items/{item.public_id}/"
    assert (item.mvx, item.ndc, item.presentation) == ("PMC", "49281040010", "prefilled_syringe")
    assert "Tdap Adacel" in text_of(lead.get("/stock/receive/"))
    again = lead.post("/stock/items/add/", key(**ITEM))
    assert again.status_code == 422 and "an item of this name" in again.content.decode()


def test_who_only_sees_stock_changes_no_list(at_work):
    ma, item, unit = at_work("clinical_ma"), an_item(), a_unit()
    shown = text_of(ma.get("/stock/items/"))
    assert "Boostrix" in shown and "/change/" not in shown
    assert "Vaccine fridge" in text_of(ma.get("/stock/units/"))
    for page in ("items/add", f"items/{item.public_id}/change", "units/add", f"units/{unit.public_id}/loggers/add"):
        assert ma.get(f"/stock/{page}/").status_code == 403
    assert ma.post(f"/stock/items/{item.public_id}/retire/", key()).status_code == 403
    assert Item.objects.get().is_stocked


def test_an_item_with_lots_stays_what_it_is(at_work):
    item = an_item()
    change_item(actor=SYSTEM, item=item, name="Boostrix syringe", **{**AS_IT_IS, "cvx": "113"})
    change_item(actor=SYSTEM, item=item, name="Boostrix syringe", **AS_IT_IS)
    stock = stocked(item)
    with pytest.raises(IllegalMove, match="what it is stays"):
        change_item(actor=SYSTEM, item=item, name="Boostrix", **{**AS_IT_IS, "cvx": "20"})
    lead = at_work("lead_ma")
    page = f"/stock/items/{item.public_id}/change/"
    assert "maker stay" in text_of(lead.get(page))
    assert lead.post(page, key(**{**ITEM, "mvx": "SKB", "storage": "freezer"})).status_code == 303
    found = needing_attention(stock_at(site_id=stock.unit.site_id, on=A_MOMENT), on=A_MOMENT)
    assert [(one.label, "belong in a freezer. Move them." in one.words) for one in found] == [("Wrong unit", True)]


def test_a_vial_in_use_keeps_its_size():
    item = a_multi_dose_item(doses=10)
    drawn(stocked(item))
    about = {**AS_IT_IS, "cvx": "141", "mvx": "PMC", "presentation": "multi_dose_vial"}
    with pytest.raises(IllegalMove, match="A vial of it is open"):
        change_item(actor=SYSTEM, item=item, name=item.name, **{**about, "doses_per_vial": 5})
    with pytest.raises(InvalidInput, match="Only a multi-dose vial"):
        change_item(actor=SYSTEM, item=an_item("Other"), name="Other", **{**AS_IT_IS, "doses_per_vial": 5})


def test_a_code_that_is_none_is_refused_once_the_tables_are_loaded():
    for system in (CodeSystem.CVX, CodeSystem.MVX):
        load_edition(actor=SYSTEM, edition=shipped_edition(system))
    assert an_item("Adacel", mvx="PMC").cvx == "115"
    with pytest.raises(InvalidInput, match="899 is no CVX code"):
        an_item("Nothing", cvx="899")
    with pytest.raises(InvalidInput, match="ZZZZ is no MVX code"):
        an_item("Nothing", mvx="ZZZZ")


def test_an_item_is_given_up_once_none_is_left_and_taken_up_again(at_work):
    item = an_item()
    set_par_level(actor=SYSTEM, site=a_site(), item=item, at_least=5, order_up_to=9)
    stock, lead = stocked(item, doses=1), at_work("lead_ma")
    refused = lead.post(f"/stock/items/{item.public_id}/retire/", key())
    assert refused.status_code == 422 and "still in stock" in refused.content.decode()
    drawn(stock)
    assert lead.post(f"/stock/items/{item.public_id}/retire/", key()).status_code == 303
    assert "Boostrix" not in text_of(lead.get("/stock/receive/"))
    assert not ParLevel.objects.filter(is_current=True).exists()
    assert "No longer stocked" in text_of(lead.get("/stock/items/"))
    assert lead.post(f"/stock/items/{item.public_id}/again/", key()).status_code == 303
    assert Item.objects.get().is_stocked


def test_package_numbers_and_levels_are_put_right(at_work):
    item, lead = an_item(), at_work("lead_ma")
    page = f"/stock/items/{item.public_id}/"
    refused = lead.post(f"{page}packages/", key(gtin="00349281421502", doses="10"))
    assert refused.status_code == 422 and "with its check digit" in refused.content.decode()
    assert "00349281421502" in refused.content.decode()
    assert lead.post(f"{page}packages/", key(gtin=GTIN, doses="10")).status_code == 303
    with pytest.raises(InvalidInput, match="belongs to Boostrix"):
        know_package(actor=SYSTEM, item=an_item("Other"), gtin=GTIN)
    code = PackageCode.objects.get()
    assert lead.post(f"{page}packages/{code.pk}/forget/", key()).status_code == 303
    assert know_package(actor=SYSTEM, item=an_item("Other"), gtin=GTIN).item.name == "Other"
    elsewhere = a_site("Elsewhere")
    level = {"site": elsewhere.pk, "at_least": "5", "order_up_to": "9", "funding": "vfc"}
    assert lead.post(page, key(**level)).status_code == 303
    par = ParLevel.objects.get()
    assert (par.site, par.funding) == (elsewhere, "vfc")
    assert lead.post(f"{page}levels/{par.pk}/end/", key()).status_code == 303
    assert not ParLevel.objects.filter(is_current=True).exists()


def test_a_unit_is_added_with_limits_of_its_own_and_judged_by_them(at_work):
    lead, site = at_work("lead_ma"), a_site()
    assert "No storage unit is known yet" in text_of(lead.get("/stock/units/"))
    typed = {"name": "Lab fridge", "site": site.pk, "kind": "refrigerator", "lowest": "3", "highest": "9", "scale": "C"}
    refused = lead.post("/stock/units/add/", key(**typed))
    assert refused.status_code == 422 and "only make it narrower: 2 to 8 °C" in refused.content.decode()
    made = lead.post("/stock/units/add/", key(**{**typed, "highest": "6"}))
    unit = StorageUnit.objects.get()
    assert made["Location"] == f"/stock/units/{unit.public_id}/loggers/add/"
    shown = text_of(lead.get("/stock/units/"))
    assert "3 to 6 °C (37.4 to 42.8 °F)" in shown and "read by hand" in shown
    said = {"lowest": Decimal(3), "highest": Decimal(7), "present": Decimal(5), "scale": "C", "initials": "mt"}
    log_daily_reading(actor=SYSTEM, unit=unit, confirmed=Confirmations({"out_of_range": "Shut the door"}), **said)
    assert Excursion.objects.get().highest == Decimal("7.00")
    with pytest.raises(IllegalMove, match="An excursion of this unit is open"):
        retire_storage_unit(actor=SYSTEM, unit=unit)


def test_a_unit_is_renamed_and_taken_out_of_use_when_it_is_empty(at_work):
    stock, lead = stocked(), at_work("lead_ma")
    unit, page = stock.unit, f"/stock/units/{stock.unit.public_id}"
    assert lead.post(f"{page}/change/", key(name="Fridge B", scale="C")).status_code == 303
    refused = lead.post(f"{page}/retire/", key())
    assert refused.status_code == 422 and "There is stock inside" in refused.content.decode()
    empty = a_unit("Old")
    with pytest.raises(InvalidInput, match="a unit of this name"):
        change_storage_unit(actor=SYSTEM, unit=empty, name="fridge b", lowest=None, highest=None)
    assert lead.post(f"/stock/units/{empty.public_id}/retire/", key()).status_code == 303
    assert "Out of use" in text_of(lead.get("/stock/units/")) and "Old" not in text_of(lead.get("/stock/receive/"))
    assert lead.post(f"/stock/units/{empty.public_id}/again/", key()).status_code == 303
    unit.refresh_from_db()
    assert (unit.name, StorageUnit.objects.filter(is_in_use=True).count()) == ("Fridge B", 2)


def test_a_logger_with_two_probes_is_read_by_its_own_column(at_work):
    lead, unit = at_work("lead_ma"), a_unit()
    typed = {
        "serial": "A1", "unit": unit.pk, "certificate_expires_on": "11/30/2027", "file_column": "probe 2",
        "file_days": "day_first",
    }  # fmt: skip
    assert lead.post(f"/stock/units/{unit.public_id}/loggers/add/", key(**typed)).status_code == 303
    sensor = Sensor.objects.get()
    assert load_readings(actor=SYSTEM, unit=unit, content=TWO_PROBES).added == 2
    first = Reading.objects.order_by("taken_at").first()
    assert (first.sensor, first.celsius, first.taken_at.month) == (sensor, Decimal("11.00"), 11)
    page = f"/stock/loggers/{sensor.public_id}/"
    assert lead.post(f"{page}change/", key(**{**typed, "file_column": "probe 9"})).status_code == 303
    with pytest.raises(InvalidInput, match="no column “probe 9”"):
        load_readings(actor=SYSTEM, unit=unit, content=TWO_PROBES)
    assert lead.post(f"{page}retire/", key()).status_code == 303
    assert not Sensor.objects.get().is_in_use
    assert lead.post(f"{page}again/", key()).status_code == 303


def test_a_file_of_a_unit_with_two_loggers_asks_which(at_work):
    lead, unit = at_work("lead_ma"), a_unit()
    one, two = (add_sensor(actor=SYSTEM, unit=unit, serial=serial) for serial in ("A1", "B2"))
    sent = {"file-file": SimpleUploadedFile("log.csv", b"time,temp C\n2026-11-20 08:00,5\n")}
    refused = lead.post(f"/stock/units/{unit.public_id}/file/", key(**sent))
    assert refused.status_code == 422 and "does not say which logger" in refused.content.decode()
    sent = {"file-file": SimpleUploadedFile("log.csv", b"time,temp (C)\n2026-11-20 08:00,5\n")}
    assert "1 new reading." in text_of(
        lead.post(f"/stock/units/{unit.public_id}/file/", key(**sent, **{"file-sensor": two.pk}))
    )
    assert Reading.objects.get().sensor == two
    with pytest.raises(InvalidInput, match="known already, in Vaccine fridge"):
        add_sensor(actor=SYSTEM, unit=unit, serial="A1")
    other = add_storage_unit(actor=SYSTEM, site=a_site(), name="Other", kind="freezer")
    about = {"serial": "A1", "model_name": "", "certificate_expires_on": None}
    moved = change_sensor(
        actor=SYSTEM, sensor=one, unit=other, file_column="", file_scale="F", file_days="", **about
    )  # fmt: skip
    assert (moved.unit, moved.file_scale) == (other, "F")


def test_an_item_nobody_can_use_up_is_not_given_up():
    with pytest.raises(IllegalMove, match="still in stock"):
        retire_item(actor=SYSTEM, item=stocked().lot.item)


def test_readings_keep_the_limits_of_their_moment_when_a_units_own_limits_change(at_work):
    unit = a_unit()
    later = an_actor(now=A_MOMENT + timedelta(hours=4))
    change_storage_unit(actor=later, unit=unit, name=unit.name, lowest=Decimal(3), highest=Decimal(6))
    rows = [f"{(A_MOMENT + timedelta(hours=n)).isoformat()},7.0" for n in (1, 2, 3)]
    file = "\n".join(["time,temp °C", *rows])
    after = an_actor(now=A_MOMENT + timedelta(hours=9))
    assert load_readings(actor=after, unit=unit, content=file).excursion is None
    rows.append(f"{(A_MOMENT + timedelta(hours=5)).isoformat()},7.0")
    found = load_readings(actor=after, unit=unit, content="\n".join(["time,temp °C", *rows])).excursion
    assert found.began_at == A_MOMENT + timedelta(hours=5)
    shown = text_of(at_work("lead_ma").get(f"/stock/units/{unit.public_id}/"))
    assert "the limits are 3 to 6 °C" in shown and "Before, they were 2 to 8 °C" in shown
    assert "allowed were 2 to 8 °C (36 to 46 °F), then 3 to 6 °C (37.4 to 42.8 °F). 1 are outside" in shown


def test_a_new_name_leaves_the_limits_as_they_were():
    unit = a_unit()
    change_storage_unit(actor=SYSTEM, unit=unit, name="Left fridge", lowest=None, highest=None)
    assert not unit.former_limits.exists()


def test_a_warm_refrigerator_is_one_line_among_what_to_see_to():
    ref = uuid4()
    held = [Attention("stop", "Do not use", f"Lot {n}", "stock-lot", uuid4(), "Refrigerator", ref) for n in range(6)]
    below = [Attention("confirm", "Below par", f"Item {n}", "stock-item", uuid4()) for n in range(6)]
    [first, second] = _gathered([*held, *below])
    assert (first.ref, first.url_name, second.ref) == (ref, "stock-unit", None)
    assert first.words.startswith("Refrigerator: 6 lots are held") and second.words.startswith("6 items")
    assert [*_gathered(held[:5])] == held[:5]
