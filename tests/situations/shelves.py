"""Writes about what is on the shelves: receiving, using up, counting, cold storage, recalls and borrowing."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

from mainstay.foundation.testing import A_MOMENT
from mainstay.inventory import actions
from mainstay.inventory.models import Borrowing, Count, Excursion, Item, Recall, Stock, StorageUnit
from tests.situations.clinic import Clinic
from tests.situations.table import Paper, Sent, write

LETTER = {"issued_by": "Maker", "reason": "Too weak.", "what_to_do": "Call us for another dose."}
SAID = {"verdict": "send_back", "said_by": "Maker, Ann", "reference": "C1", "note": ""}


def a_unit(clinic: Clinic) -> StorageUnit:
    """A refrigerator of its own."""
    name = f"Fridge {clinic.number()}"
    return actions.add_storage_unit(actor=clinic.system, site=clinic.site, name=name, kind="refrigerator")


def an_item(clinic: Clinic, **more: object) -> Item:
    """A vaccine of its own."""
    facts = {"kind": "vaccine", "cvx": "115", "mvx": "SKB", **more}
    return actions.add_item(actor=clinic.system, name=f"Vaccine {clinic.number()}", **facts)


def stocked(clinic: Clinic, item: Item | None = None, *, days_ago: int = 0, **more: object) -> Stock:
    """Ten doses in a unit of their own, perhaps since some days."""
    facts = {"expires_on": date(2027, 8, 31), "funding": "private", "doses": 10, **more}
    return actions.receive_stock(
        actor=clinic.system.at(A_MOMENT - timedelta(days=days_ago)), unit=a_unit(clinic),
        item=item or an_item(clinic), lot_number=f"LOT{clinic.number()}", **facts,
    )  # fmt: skip


def expired(clinic: Clinic) -> Stock:
    """A lot that could be used until yesterday."""
    return stocked(clinic, days_ago=9, expires_on=A_MOMENT.date() - timedelta(days=1))


def drawn(clinic: Clinic, stock: Stock, *, hours_ago: int = 1) -> Stock:
    """A dose of it given to somebody."""
    actor = clinic.system.at(A_MOMENT - timedelta(hours=hours_ago))
    actions.draw_dose(actor=actor, lot=stock.lot, unit=stock.unit, patient=clinic.patient(), used_for=uuid.uuid4())
    return stock


def of(stock: Stock, form: str, **typed: object) -> dict[str, object]:
    """What is typed into one of the forms beside a lot."""
    return {f"{form}-{stock.pk}-{name}": value for name, value in typed.items()}


@write("stock-waste")
def waste(clinic: Clinic) -> Sent:
    stock, witness = stocked(clinic), clinic.person("nurse", licence="RN")
    typed = of(stock, "waste", doses="1", reason="broken", note="Fell", witness=str(witness.pk))
    return Sent({"public_id": stock.public_id}, typed)


@write("stock-move")
def move(clinic: Clinic) -> Sent:
    stock = stocked(clinic)
    return Sent(
        {"public_id": stock.public_id}, of(stock, "move", to=str(a_unit(clinic).pk), doses="3", note="In a box")
    )


@write("stock-adjust")
def adjust(clinic: Clinic) -> Sent:
    stock = stocked(clinic)
    return Sent({"public_id": stock.public_id}, of(stock, "adjust", doses="-1", reason="record_wrong", note=""))


@write("stock-expire")
def expire(clinic: Clinic) -> Sent:
    return Sent({"public_id": expired(clinic).public_id}, {"note": "Form 12"})


@write("stock-discard-vials")
def discard_vials(clinic: Clinic) -> Sent:
    item = an_item(
        clinic, cvx="141", mvx="PMC", presentation="multi_dose_vial", doses_per_vial=10, hours_after_opening=6
    )
    return Sent({"public_id": drawn(clinic, stocked(clinic, item, days_ago=1), hours_ago=7).public_id})


def label(clinic: Clinic) -> dict[str, object]:
    """What is read off a box."""
    return {
        "item": str(an_item(clinic).pk), "lot_number": f"A{clinic.number()}", "expires_on": "11/01/2027", "doses": "10",
        "funding": "private", "unit": str(a_unit(clinic).pk), "order_line": "", "note": "", "gtin": "",
    }  # fmt: skip


@write("stock-receive")
def receive(clinic: Clinic) -> Sent:
    return Sent(typed=label(clinic))


@write("stock-receive", "ordered")
def receive_ordered(clinic: Clinic) -> Sent:
    item = an_item(clinic)
    line = ordered(clinic, item).lines.get()
    return Sent(typed={**label(clinic), "item": str(item.pk), "order_line": str(line.pk)})


def ordered(clinic: Clinic, item: Item):
    wanted = [actions.Wanted(item, 20)]
    return actions.order_stock(actor=clinic.actor, site=clinic.site, vendor="Maker", wanted=wanted)


def counting(clinic: Clinic, stock: Stock) -> Count:
    """A count that has begun."""
    return actions.begin_count(actor=clinic.actor, unit=stock.unit)


def recounting(clinic: Clinic, stock: Stock) -> Count:
    """A count that differed."""
    return actions.write_first_count(actor=clinic.actor, count=counting(clinic, stock), found={stock.pk: 9})


def differing(clinic: Clinic, stock: Stock) -> Count:
    """A count that differed twice."""
    count = recounting(clinic, stock)
    return actions.write_second_count(actor=clinic.system, count=count, found={stock.pk: 9})


@write("stock-count-begin")
def begin_count(clinic: Clinic) -> Sent:
    return Sent({"public_id": stocked(clinic).unit.public_id})


@write("stock-count")
def count_first(clinic: Clinic) -> Sent:
    stock = stocked(clinic)
    return Sent({"public_id": counting(clinic, stock).public_id}, {f"found-{stock.pk}": "9"})


@write("stock-count", "again")
def count_again(clinic: Clinic) -> Sent:
    stock = stocked(clinic)
    typed = {f"found-{stock.pk}": "9", "reason:same_counter": "Alone today"}
    return Sent({"public_id": recounting(clinic, stock).public_id}, typed)


@write("stock-count", "settled")
def settle_count(clinic: Clinic) -> Sent:
    stock = stocked(clinic)
    return Sent({"public_id": differing(clinic, stock).public_id}, {f"why-{stock.pk}": "Broken, not written down"})


@write("stock-count-drop")
def drop_count(clinic: Clinic) -> Sent:
    return Sent({"public_id": counting(clinic, stocked(clinic)).public_id}, {"reason": "Fire drill"})


@write("stock-daily")
def daily(clinic: Clinic) -> Sent:
    typed = {"lowest": "39", "highest": "44", "present": "41", "scale": "F", "initials": "MT", "action_taken": ""}
    return Sent({"public_id": a_unit(clinic).public_id}, typed)


@write("stock-daily", "warm")
def daily_warm(clinic: Clinic) -> Sent:
    typed = {
        "lowest": "4", "highest": "11", "present": "11", "scale": "C", "initials": "MT", "action_taken": "",
        "reason:out_of_range": "Labelled it",
    }  # fmt: skip
    return Sent({"public_id": stocked(clinic).unit.public_id}, typed)


@write("stock-file")
def logger_file(clinic: Clinic) -> Sent:
    paper = Paper("log.csv", b"time,temp\n2026-11-20 08:00,40\n2026-11-20 08:30,52\n")
    return Sent({"public_id": stocked(clinic).unit.public_id}, {"file-file": paper, "file-scale": "F"})


@write("stock-warm")
def warm(clinic: Clinic) -> Sent:
    typed = {"warm-temperature": "52", "warm-scale": "F", "warm-immediate_action": "Labelled it"}
    return Sent({"public_id": stocked(clinic).unit.public_id}, typed)


def warmed(clinic: Clinic, unit: StorageUnit) -> Excursion:
    """A unit that was out of range."""
    return actions.report_excursion(
        actor=clinic.system, unit=unit, began_at=A_MOMENT - timedelta(hours=4), lowest=Decimal(4), highest=Decimal(11)
    )


@write("stock-verdict")
def verdict(clinic: Clinic) -> Sent:
    excursion = warmed(clinic, stocked(clinic).unit)
    hold = excursion.holds.get().pk
    typed = {f"hold-{hold}-{name}": value for name, value in SAID.items()}
    return Sent({"public_id": excursion.public_id, "hold": hold}, typed)


@write("stock-excursion-dismiss")
def dismiss(clinic: Clinic) -> Sent:
    excursion = warmed(clinic, stocked(clinic).unit)
    return Sent({"public_id": excursion.public_id}, {"dismiss-reason": "The probe was out"})


@write("stock-excursion-close")
def close_excursion(clinic: Clinic) -> Sent:
    return Sent({"public_id": warmed(clinic, a_unit(clinic)).public_id}, {"close-note": "Nothing inside"})


@write("stock-recalls")
def recall(clinic: Clinic) -> Sent:
    lot = drawn(clinic, stocked(clinic, days_ago=1)).lot
    typed = {"item": str(lot.item.pk), "lot_number": lot.lot_number, "reference": "R1", **LETTER}
    return Sent(typed=typed)


def recalled(clinic: Clinic, stock: Stock) -> Recall:
    """A lot called back."""
    return actions.recall_lot(
        actor=clinic.actor, item=stock.lot.item, lot_number=stock.lot.lot_number, reference="R1", **LETTER
    )


@write("stock-told")
def told(clinic: Clinic) -> Sent:
    made = recalled(clinic, drawn(clinic, stocked(clinic, days_ago=1)))
    return Sent({"public_id": made.public_id, "notice": made.notices.get().pk}, {"how": "phone"})


@write("stock-recall-verdict")
def recall_verdict(clinic: Clinic) -> Sent:
    made = recalled(clinic, stocked(clinic))
    hold = made.holds.get().pk
    typed = {f"hold-{hold}-{name}": value for name, value in SAID.items()}
    return Sent({"public_id": made.public_id, "hold": hold}, typed)


@write("stock-recall-close")
def close_recall(clinic: Clinic) -> Sent:
    made = recalled(clinic, stocked(clinic))
    actions.decide_hold(actor=clinic.actor, hold=made.holds.get(), verdict="send_back", said_by="Maker")
    return Sent({"public_id": made.public_id}, {"close-reason": "All sent back"})


@write("stock-borrowings")
def borrow(clinic: Clinic) -> Sent:
    typed = {
        "stock": str(stocked(clinic, funding="vfc").pk), "to_fund": "private", "doses": "1", "cause": "private_late",
        "note": "", "mrn": clinic.patient().mrn,
    }  # fmt: skip
    return Sent(typed=typed)


def borrowed(clinic: Clinic, item: Item) -> Borrowing:
    """A dose one fund lent another."""
    vfc = stocked(clinic, item, funding="vfc")
    return actions.borrow_doses(actor=clinic.actor, stock=vfc, to_fund="private", doses=1, cause="private_late")


@write("stock-borrowing")
def replace(clinic: Clinic) -> Sent:
    item = an_item(clinic)
    owed = borrowed(clinic, item)
    return Sent({"public_id": owed.public_id}, {"stock": str(stocked(clinic, item).pk)})
