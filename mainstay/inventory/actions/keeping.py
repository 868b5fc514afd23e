"""Making known what is stocked, how its packages are marked, where it is kept and how much is wanted."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.inventory.gs1 import check_digit
from mainstay.inventory.lifecycle import Funding
from mainstay.inventory.models import (
    Item,
    ItemKind,
    PackageCode,
    ParLevel,
    Presentation,
    Sensor,
    StorageKind,
    StorageUnit,
)
from mainstay.inventory.permissions import ORDER, RECEIVE
from mainstay.practice.models import Site


@transaction.atomic
def add_item(
    *,
    actor: Actor,
    name: str,
    kind: ItemKind | str,
    cvx: str = "",
    mvx: str = "",
    ndc: str = "",
    presentation: Presentation | str = Presentation.SINGLE_DOSE_VIAL,
    doses_per_vial: int = 1,
    hours_after_opening: int | None = None,
    storage: StorageKind | str = StorageKind.REFRIGERATOR,
    counted_in: str = "dose",
    vendor: str = "",
) -> Item:
    """Make a product known. `ndc` has 11 digits. Raises `InvalidInput` for a vaccine without its CVX code."""
    actor.may(ORDER).or_raise()
    if not name.strip():
        raise InvalidInput("Name the item.", field="name")
    if kind == ItemKind.VACCINE and not cvx.strip():
        raise InvalidInput("A vaccine needs its CVX code.", field="cvx")
    if Item.objects.filter(name__iexact=name.strip()).exists():
        raise InvalidInput("There is an item of this name.", field="name")
    plain = ndc.replace("-", "").strip()
    if plain and (len(plain) != 11 or not plain.isdigit()):
        raise InvalidInput("An NDC has 11 digits here: 5-4-2.", field="ndc")
    return Item.objects.create(
        name=name.strip(),
        kind=ItemKind(kind),
        cvx=cvx.strip(),
        mvx=mvx.strip().upper(),
        ndc=plain,
        presentation=Presentation(presentation),
        doses_per_vial=doses_per_vial,
        hours_after_opening=hours_after_opening,
        storage=StorageKind(storage),
        counted_in=counted_in.strip() or "dose",
        vendor=vendor.strip(),
    )


@transaction.atomic
def know_package(*, actor: Actor, item: Item, gtin: str, doses: int = 1) -> PackageCode:
    """Remember that a package number means this item; a number first seen at receiving is learnt so."""
    actor.may(RECEIVE).or_raise()
    digits = gtin.strip().zfill(14)
    if not digits.isdigit() or len(digits) != 14 or check_digit(digits[:-1]) != digits[-1]:
        raise InvalidInput("This is not a product number with its check digit.", field="gtin")
    known = PackageCode.objects.filter(gtin=digits, is_current=True).select_related("item").first()
    if known and known.item_id != item.pk:
        raise InvalidInput(f"This package number belongs to {known.item.name}.", field="gtin")
    return known or PackageCode.objects.create(item=item, gtin=digits, doses=doses)


@transaction.atomic
def add_storage_unit(*, actor: Actor, site: Site, name: str, kind: StorageKind | str) -> StorageUnit:
    """Make a refrigerator, freezer or cupboard known."""
    actor.may(ORDER).or_raise()
    if not name.strip():
        raise InvalidInput("Name the unit.", field="name")
    if StorageUnit.objects.filter(site=site, name__iexact=name.strip()).exists():
        raise InvalidInput("This site has a unit of this name.", field="name")
    return StorageUnit.objects.create(site=site, name=name.strip(), kind=StorageKind(kind))


@transaction.atomic
def add_sensor(
    *, actor: Actor, unit: StorageUnit, serial: str, model_name: str = "", certificate_expires_on: date | None = None
) -> Sensor:
    """Make a data logger known."""
    actor.may(ORDER).or_raise()
    if not serial.strip():
        raise InvalidInput("Type the serial number.", field="serial")
    return Sensor.objects.create(
        unit=unit, serial=serial.strip(), model_name=model_name.strip(), certificate_expires_on=certificate_expires_on
    )


@transaction.atomic
def set_par_level(
    *, actor: Actor, site: Site, item: Item, at_least: int, order_up_to: int, funding: Funding | str | None = None
) -> ParLevel:
    """Say how much of an item a site wants; what was said before ends."""
    actor.may(ORDER).or_raise()
    if at_least < 0 or order_up_to < at_least:
        raise InvalidInput("Order up to at least the lowest level.", field="order_up_to")
    fund = Funding(funding) if funding else ""
    ParLevel.objects.filter(site=site, item=item, funding=fund, is_current=True).update(is_current=False)
    return ParLevel.objects.create(site=site, item=item, funding=fund, at_least=at_least, order_up_to=order_up_to)
