"""What is stocked and where it is kept, as those who keep the lists see it: with what is given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Sum
from django.db.models.functions import Lower

from mainstay.foundation.errors import NotFound
from mainstay.inventory.lifecycle import Funding
from mainstay.inventory.models import Item, Lot, PackageCode, ParLevel, Sensor, StorageUnit
from mainstay.inventory.rules import Range
from mainstay.practice.queries import the_practice
from mainstay.terminology.queries import CodeSystem, concepts_by_code


@dataclass(frozen=True, slots=True)
class ItemKept:
    """One item in the list of all: how many are on hand anywhere, what its CVX code means, and who makes it."""

    item: Item
    on_hand: int
    means: str
    maker: str


@dataclass(frozen=True, slots=True)
class UnitKept:
    """One storage unit in the list of all, with its limits and every logger that ever stood in it."""

    unit: StorageUnit
    limits: Range
    sensors: tuple[Sensor, ...]


def funds_here(*kept: str) -> list[Funding]:
    """Whose money buys stock here, as the practice was set up, and every fund where nobody said.

    `kept` are funds that stand in what is being changed: they stay on offer whatever was set up.
    """
    whole = the_practice()
    said = {program.lower() for program in whole.vaccine_programs} if whole else set()
    return [fund for fund in Funding if not said or fund in said or fund in kept]


def every_item() -> list[ItemKept]:
    """Every item, those stocked first, by name."""
    rows = Item.objects.annotate(left=Sum("lots__stocks__on_hand", default=0)).prefetch_related("package_codes")
    return _with_names([(item, item.left) for item in rows.order_by("-is_stocked", Lower("name"))])


def item_kept(item: Item, *, on_hand: int) -> ItemKept:
    """One item as the list of all shows it, with so many on hand."""
    return _with_names([(item, on_hand)])[0]


def _with_names(items: list[tuple[Item, int]]) -> list[ItemKept]:
    """Items and how many are left, with the words of their codes: a maker nobody knows by its code."""
    means = concepts_by_code(CodeSystem.CVX, {item.cvx for item, _ in items if item.cvx})
    makers = concepts_by_code(CodeSystem.MVX, {item.mvx for item, _ in items if item.mvx})
    return [
        ItemKept(
            item,
            left,
            means[item.cvx].display if item.cvx in means else "",
            makers[item.mvx].display if item.mvx in makers else item.mvx,
        )
        for item, left in items
    ]


def every_unit(*, on: date) -> list[UnitKept]:
    """Every storage unit of every site, those in use first."""
    rows = StorageUnit.objects.select_related("site").prefetch_related("sensors")
    return [
        UnitKept(unit, unit.limits(on=on), tuple(unit.sensors.all()))
        for unit in rows.order_by("-is_in_use", "site__name", "name")
    ]


def keeps_its_identity(item: Item) -> bool:
    """Whether there are lots of an item, so that what it is (kind, CVX, maker) stays."""
    return Lot.objects.filter(item=item).exists()


def package_numbered(item: Item, pk: int) -> PackageCode:
    """One package number of an item; raises `NotFound`."""
    found = PackageCode.objects.filter(item=item, pk=pk, is_current=True).first()
    if found is None:
        raise NotFound("There is no such package number.")
    return found


def par_numbered(item: Item, pk: int) -> ParLevel:
    """One level of an item; raises `NotFound`."""
    found = ParLevel.objects.filter(item=item, pk=pk, is_current=True).first()
    if found is None:
        raise NotFound("There is no such level.")
    return found


def sensor_named(public_id: UUID) -> Sensor:
    """A logger by its public id; raises `NotFound`."""
    found = Sensor.objects.filter(public_id=public_id).select_related("unit__site").first()
    if found is None:
        raise NotFound("There is no such logger.")
    return found
