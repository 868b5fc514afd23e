"""Stock for tests."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from django.http import HttpResponse

from mainstay.foundation.actor import Actor
from mainstay.foundation.testing import an_actor
from mainstay.inventory.actions import add_item, add_storage_unit, draw_dose, receive_stock
from mainstay.inventory.models import Draw, Item, Stock, StorageUnit
from mainstay.people.models import Patient
from mainstay.visits.tests.factories import a_patient, a_site

GTIN = "00349281421501"
SYSTEM = an_actor()
LATER = date(2027, 8, 31)


def a_unit(name: str = "Vaccine fridge", *, site: str = "Northside", kind: str = "refrigerator") -> StorageUnit:
    """A storage unit."""
    found = StorageUnit.objects.filter(name=name, site=a_site(site)).first()
    return found or add_storage_unit(actor=SYSTEM, site=a_site(site), name=name, kind=kind)


def an_item(name: str = "Boostrix", **more: object) -> Item:
    """A vaccine."""
    facts = {"kind": "vaccine", "cvx": "115", "mvx": "SKB", **more}
    return Item.objects.filter(name=name).first() or add_item(actor=SYSTEM, name=name, **facts)  # type: ignore[arg-type]  # facts by name


def stocked(
    item: Item | None = None,
    *,
    number: str = "AB123",
    doses: int = 10,
    expires_on: date = LATER,
    funding: str = "private",
    unit: StorageUnit | None = None,
    actor: Actor = SYSTEM,
) -> Stock:
    """So many doses of a lot in a unit."""
    stock = receive_stock(
        actor=actor,
        unit=unit or a_unit(),
        item=item or an_item(),
        lot_number=number,
        expires_on=expires_on,
        funding=funding,
        doses=doses,
    )
    stock.refresh_from_db()
    return stock


def a_multi_dose_item(name: str = "Fluzone MDV", *, doses: int = 10, hours: int | None = 672) -> Item:
    """A vaccine in vials of several doses."""
    return an_item(
        name, cvx="141", mvx="PMC", presentation="multi_dose_vial", doses_per_vial=doses, hours_after_opening=hours
    )


def drawn(stock: Stock, *, patient: Patient | None = None, used_for: UUID | None = None, **more: object) -> Draw:
    """A dose of a stock for somebody."""
    whose = patient or Patient.objects.first() or a_patient()
    facts = {"actor": SYSTEM, **more}
    return draw_dose(lot=stock.lot, unit=stock.unit, patient=whose, used_for=used_for or uuid4(), **facts)  # type: ignore[arg-type]  # facts by name


def key(**fields: object) -> dict[str, object]:
    """The fields of a form, with a key of its own."""
    return {"idempotency_key": str(uuid4()), **fields}


def text_of(answer: HttpResponse) -> str:
    """The page that came back; anything but a page fails here and shows what came."""
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()
