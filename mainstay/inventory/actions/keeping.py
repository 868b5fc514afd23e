"""Making known what is stocked, how its packages are marked and how much is wanted; and putting that right later."""

from __future__ import annotations

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.moves import locked
from mainstay.inventory.gs1 import check_digit
from mainstay.inventory.lifecycle import Funding
from mainstay.inventory.models import Item, ItemKind, OpenVial, PackageCode, ParLevel, Presentation, Stock, StorageKind
from mainstay.inventory.permissions import ORDER, RECEIVE
from mainstay.practice.models import Site
from mainstay.terminology.queries import CodeSystem, code_tables, concepts_by_code


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
    item = Item(
        kind=ItemKind(kind),
        cvx=cvx.strip(),
        mvx=mvx.strip().upper(),
        presentation=Presentation(presentation),
        doses_per_vial=doses_per_vial,
        hours_after_opening=hours_after_opening,
        storage=StorageKind(storage),
        counted_in=counted_in.strip() or "dose",
        vendor=vendor.strip(),
    )
    item.name, item.ndc = name.strip(), _plain_ndc(ndc)
    _check(item)
    item.save()
    return item


@transaction.atomic
def change_item(
    *,
    actor: Actor,
    item: Item,
    name: str,
    kind: ItemKind | str,
    cvx: str,
    mvx: str,
    ndc: str,
    presentation: Presentation | str,
    doses_per_vial: int,
    hours_after_opening: int | None,
    storage: StorageKind | str,
    counted_in: str,
    vendor: str,
) -> Item:
    """Put right what is known about a product.

    What doses already received or given rest on stays: raises `IllegalMove` for another kind, CVX or MVX once there is
    a lot, and for another number of doses in a vial while one is open.
    """
    actor.may(ORDER).or_raise()
    fresh = locked(Item.objects.all(), pk=item.pk)
    identity = (fresh.kind, fresh.cvx, fresh.mvx)
    fresh.kind, fresh.cvx, fresh.mvx = ItemKind(kind), cvx.strip(), mvx.strip().upper()
    if identity != (fresh.kind, fresh.cvx, fresh.mvx) and fresh.lots.exists():
        raise IllegalMove("There are lots of this item: what it is stays. Add another item for another product.")
    if fresh.doses_per_vial != doses_per_vial and _open_vials(fresh):
        raise IllegalMove("A vial of it is open. Use it up or discard it before its size is changed.")
    fresh.name, fresh.ndc = name.strip(), _plain_ndc(ndc)
    fresh.presentation, fresh.doses_per_vial = Presentation(presentation), doses_per_vial
    fresh.hours_after_opening, fresh.storage = hours_after_opening, StorageKind(storage)
    fresh.counted_in, fresh.vendor = counted_in.strip() or "dose", vendor.strip()
    _check(fresh)
    fresh.save()
    return fresh


@transaction.atomic
def retire_item(*, actor: Actor, item: Item) -> Item:
    """Stop stocking an item; its lots and who had them stay. Raises `IllegalMove` while some is on hand."""
    actor.may(ORDER).or_raise()
    fresh = locked(Item.objects.all(), pk=item.pk)
    if Stock.objects.filter(lot__item=fresh, on_hand__gt=0).exists():
        raise IllegalMove("Some of it is still in stock. Use it up, send it back or waste it first.")
    fresh.is_stocked = False
    fresh.save()
    ParLevel.objects.filter(item=fresh, is_current=True).update(is_current=False)
    return fresh


@transaction.atomic
def stock_item_again(*, actor: Actor, item: Item) -> Item:
    """Stock an item again that was given up."""
    actor.may(ORDER).or_raise()
    fresh = locked(Item.objects.all(), pk=item.pk)
    fresh.is_stocked = True
    fresh.save()
    return fresh


def _check(item: Item) -> None:
    if not item.name:
        raise InvalidInput("Name the item.", field="name")
    if Item.objects.filter(name__iexact=item.name).exclude(pk=item.pk).exists():
        raise InvalidInput("There is an item of this name.", field="name")
    if item.kind == ItemKind.VACCINE and not item.cvx:
        raise InvalidInput("A vaccine needs its CVX code.", field="cvx")
    if item.doses_per_vial < 1:
        raise InvalidInput("A vial has at least one dose.", field="doses_per_vial")
    if item.doses_per_vial > 1 and item.presentation != Presentation.MULTI_DOSE_VIAL:
        raise InvalidInput("Only a multi-dose vial holds more than one dose.", field="doses_per_vial")
    loaded = {table.system for table in code_tables()}
    for system, code, field in ((CodeSystem.CVX, item.cvx, "cvx"), (CodeSystem.MVX, item.mvx, "mvx")):
        if code and system in loaded and not concepts_by_code(system, [code]):
            raise InvalidInput(f"{code} is no {system.upper()} code.", field=field)


def _plain_ndc(ndc: str) -> str:
    plain = ndc.replace("-", "").strip()
    if plain and (len(plain) != 11 or not plain.isdecimal() or not plain.isascii()):
        raise InvalidInput("An NDC has 11 digits here: 5-4-2.", field="ndc")
    return plain


def _open_vials(item: Item) -> bool:
    return OpenVial.objects.filter(stock__lot__item=item, closed_at=None).exists()


@transaction.atomic
def know_package(*, actor: Actor, item: Item, gtin: str, doses: int = 1) -> PackageCode:
    """Remember that a package number means this item; a number first seen at receiving is learnt so."""
    actor.may(RECEIVE).or_raise()
    digits = gtin.strip().zfill(14)
    if not digits.isascii() or not digits.isdigit() or len(digits) != 14 or check_digit(digits[:-1]) != digits[-1]:
        raise InvalidInput("This is not a product number with its check digit.", field="gtin")
    known = PackageCode.objects.filter(gtin=digits, is_current=True).select_related("item").first()
    if known and known.item_id != item.pk:
        raise InvalidInput(f"This package number belongs to {known.item.name}.", field="gtin")
    return known or PackageCode.objects.create(item=item, gtin=digits, doses=doses)


@transaction.atomic
def forget_package(*, actor: Actor, code: PackageCode) -> PackageCode:
    """A package number no longer means its item: it was learnt wrongly, or the maker uses it for another product."""
    actor.may(ORDER).or_raise()
    fresh = locked(PackageCode.objects.all(), pk=code.pk)
    fresh.is_current = False
    fresh.save()
    return fresh


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


@transaction.atomic
def end_par_level(*, actor: Actor, par: ParLevel) -> ParLevel:
    """A site no longer wants an item kept at a level."""
    actor.may(ORDER).or_raise()
    fresh = locked(ParLevel.objects.all(), pk=par.pk)
    fresh.is_current = False
    fresh.save()
    return fresh
