"""Writes of stock: items, storage units, loggers, orders."""

from __future__ import annotations

from datetime import date

from mainstay.inventory import actions
from mainstay.inventory.models import Count, Item, PackageCode, ParLevel, Recall, Sensor, StockOrder, StorageUnit
from tests.situations.clinic import Clinic
from tests.situations.table import Sent, write

ITEM = {
    "kind": "vaccine", "cvx": "115", "mvx": "SKB", "presentation": "prefilled_syringe", "doses_per_vial": "1",
    "storage": "refrigerator", "counted_in": "dose",
}  # fmt: skip


def item(clinic: Clinic) -> Item:
    """A vaccine of its own."""
    return actions.add_item(actor=clinic.actor, name=f"Vaccine {clinic.number()}", kind="vaccine", cvx="115")


def unit(clinic: Clinic) -> StorageUnit:
    """A refrigerator of its own."""
    name = f"Fridge {clinic.number()}"
    return actions.add_storage_unit(actor=clinic.actor, site=clinic.site, name=name, kind="refrigerator")


def sensor(clinic: Clinic) -> Sensor:
    """A logger of its own."""
    return actions.add_sensor(actor=clinic.actor, unit=unit(clinic), serial=f"DL-{clinic.number()}")


def gtin(clinic: Clinic) -> str:
    """A package number nobody has yet, with its check digit."""
    digits = f"0039999{clinic.number():06d}"
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"


def at(thing: Item | StorageUnit | Sensor | StockOrder | Count | Recall) -> dict[str, object]:
    """Where a thing's pages are."""
    return {"public_id": thing.public_id}


@write("stock-item-add")
def add_item(clinic: Clinic) -> Sent:
    return Sent({}, {**ITEM, "name": f"Vaccine {clinic.number()}"})


@write("stock-item-change")
def change_item(clinic: Clinic) -> Sent:
    return Sent(at(item(clinic)), {**ITEM, "name": f"Vaccine {clinic.number()}"})


@write("stock-item-retire")
def retire_item(clinic: Clinic) -> Sent:
    return Sent(at(item(clinic)))


@write("stock-item-again")
def stock_again(clinic: Clinic) -> Sent:
    return Sent(at(actions.retire_item(actor=clinic.actor, item=item(clinic))))


@write("stock-item")
def set_par(clinic: Clinic) -> Sent:
    return Sent(at(item(clinic)), {"site": clinic.site.pk, "at_least": "5", "order_up_to": "9"})


@write("stock-par-end")
def end_par(clinic: Clinic) -> Sent:
    one = item(clinic)
    par: ParLevel = actions.set_par_level(
        actor=clinic.actor, site=clinic.site, item=one, at_least=5, order_up_to=9
    )  # fmt: skip
    return Sent({**at(one), "par": par.pk})


@write("stock-package")
def know_package(clinic: Clinic) -> Sent:
    return Sent(at(item(clinic)), {"gtin": gtin(clinic), "doses": "10"})


@write("stock-package-forget")
def forget_package(clinic: Clinic) -> Sent:
    one = item(clinic)
    code: PackageCode = actions.know_package(actor=clinic.actor, item=one, gtin=gtin(clinic))
    return Sent({**at(one), "code": code.pk})


@write("stock-unit-add")
def add_unit(clinic: Clinic) -> Sent:
    name = f"Fridge {clinic.number()}"
    return Sent({}, {"name": name, "site": clinic.site.pk, "kind": "refrigerator", "scale": "C"})


@write("stock-unit-change")
def change_unit(clinic: Clinic) -> Sent:
    return Sent(at(unit(clinic)), {"name": f"Fridge {clinic.number()}", "lowest": "3", "highest": "7", "scale": "C"})


@write("stock-unit-retire")
def retire_unit(clinic: Clinic) -> Sent:
    return Sent(at(unit(clinic)))


@write("stock-unit-again")
def use_unit_again(clinic: Clinic) -> Sent:
    return Sent(at(actions.retire_storage_unit(actor=clinic.actor, unit=unit(clinic))))


@write("stock-sensor-add")
def add_sensor(clinic: Clinic) -> Sent:
    inside = unit(clinic)
    return Sent(at(inside), {"serial": f"DL-{clinic.number()}", "unit": inside.pk, "file_scale": "C"})


@write("stock-sensor-change")
def change_sensor(clinic: Clinic) -> Sent:
    one = sensor(clinic)
    return Sent(at(one), {"serial": one.serial, "unit": one.unit_id, "file_column": "Probe 2"})


@write("stock-sensor-retire")
def retire_sensor(clinic: Clinic) -> Sent:
    return Sent(at(sensor(clinic)))


@write("stock-sensor-again")
def use_sensor_again(clinic: Clinic) -> Sent:
    return Sent(at(actions.retire_sensor(actor=clinic.actor, sensor=sensor(clinic))))


def ordered(clinic: Clinic) -> StockOrder:
    """Two things on order."""
    wanted = [actions.Wanted(item(clinic), 10), actions.Wanted(item(clinic), 20)]
    return actions.order_stock(actor=clinic.actor, site=clinic.site, vendor="Maker", wanted=wanted)


@write("stock-order-write")
def write_order(clinic: Clinic) -> Sent:
    one, other = item(clinic), item(clinic)
    return Sent({}, {
        "vendor": "Maker", "number": f"PO-{clinic.number()}", "line-TOTAL_FORMS": "2", "line-INITIAL_FORMS": "0",
        "line-0-item": one.pk, "line-0-doses": "5", "line-0-funding": "vfc",
        "line-1-item": other.pk, "line-1-doses": "7", "line-1-funding": "private",
    })  # fmt: skip


@write("stock-order-later")
def back_order(clinic: Clinic) -> Sent:
    return Sent(at(ordered(clinic)), {"later-expected_on": "12/04/2026", "later-words": "Ann: next week"})


@write("stock-order-close")
def close_order(clinic: Clinic) -> Sent:
    return Sent(at(ordered(clinic)), {"end-reason": "Out of print"})


@write("stock-order-line-close")
def close_line(clinic: Clinic) -> Sent:
    order = ordered(clinic)
    line = order.lines.order_by("pk")[0]
    return Sent({**at(order), "line": line.pk}, {f"line-{line.pk}-reason": "Out of print"})


@write("stock-count", "found")
def count_found(clinic: Clinic) -> Sent:
    count = actions.begin_count(actor=clinic.actor, unit=unit(clinic))
    label = {"new-item": item(clinic).pk, "new-lot_number": f"ZZ{clinic.number()}", "new-expires_on": "12/31/2027"}
    return Sent(at(count), {**label, "new-funding": "vfc", "new-doses": "4"})


@write("stock-recall-spanish")
def word_in_spanish(clinic: Clinic) -> Sent:
    one, inside = item(clinic), unit(clinic)
    actions.receive_stock(
        actor=clinic.actor, unit=inside, item=one, lot_number="BAD", expires_on=date(2027, 8, 31), funding="private",
        doses=5,
    )  # fmt: skip
    recall = actions.recall_lot(
        actor=clinic.actor, item=one, lot_number="BAD", issued_by="Maker", reason="Too weak", what_to_do="Call us"
    )
    return Sent(at(recall), {"reason_es": "Puede ser muy débil.", "what_to_do_es": "Llámenos."})
