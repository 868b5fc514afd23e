"""Everything on hand at a site, item by item, and what needs somebody's eyes first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models.functions import Lower

from mainstay.foundation.access import log_read
from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import NotFound
from mainstay.inventory.lifecycle import Funding
from mainstay.inventory.models import Draw, Item, Lot, Movement, ParLevel, Stock, StorageKind
from mainstay.inventory.queries.lots import LABELS, LotOnHand, on_hand
from mainstay.practice.models import Site

SOON = timedelta(days=30)
"""A lot that expires within this is used first, lent or sent back."""
BELOW = "Below par"
MOST_OF_A_KIND = 5
"""More lots of one unit held, or more items below their level, are said in one line."""


@dataclass(frozen=True, slots=True)
class ItemOnHand:
    """One item at a site: its lots, what may be used now, and whether that is below what is wanted."""

    item: Item
    lots: tuple[LotOnHand, ...]
    pars: tuple[ParLevel, ...]

    @property
    def usable(self) -> int:
        """Doses that may be used now, under any fund."""
        return sum(lot.doses_left for lot in self.lots if lot.is_usable)

    @property
    def held(self) -> int:
        """Doses that may not."""
        return sum(lot.doses_left for lot in self.lots if not lot.is_usable)

    def usable_of(self, funding: str) -> int:
        """Doses of one fund that may be used now; of all with an empty fund."""
        return sum(lot.doses_left for lot in self.lots if lot.is_usable and funding in ("", lot.funding))

    @property
    def by_fund(self) -> list[tuple[str, int]]:
        """Usable doses by fund, funds that have none left out."""
        return [(fund.label, count) for fund in Funding if (count := self.usable_of(fund))]

    @property
    def below(self) -> list[ParLevel]:
        """Par levels it has fallen below."""
        return [par for par in self.pars if self.usable_of(par.funding) < par.at_least]


@dataclass(frozen=True, slots=True)
class Attention:
    """One thing about stock somebody has to act on: how pressing (stop, confirm, told), in words, and where.

    `unit` and `unit_ref` are given for what is held where it stands.
    """

    kind: str
    label: str
    words: str
    url_name: str
    ref: UUID | None
    unit: str = ""
    unit_ref: UUID | None = None


def stock_at(*, site_id: int, on: datetime) -> list[ItemOnHand]:
    """Every item a site has or wants, by name."""
    lots: dict[int, list[LotOnHand]] = defaultdict(list)
    items: dict[int, Item] = {}
    for lot in on_hand(Stock.objects.filter(unit__site_id=site_id, on_hand__gt=0), on=on):
        lots[lot.item.pk].append(lot)
        items[lot.item.pk] = lot.item
    pars: dict[int, list[ParLevel]] = defaultdict(list)
    for par in ParLevel.objects.filter(site_id=site_id, is_current=True).select_related("item"):
        pars[par.item_id].append(par)
        items[par.item_id] = par.item
    rows = [ItemOnHand(item, tuple(lots[pk]), tuple(pars[pk])) for pk, item in items.items()]
    return sorted(rows, key=lambda row: row.item.name.lower())


def needing_attention(rows: Iterable[ItemOnHand], *, on: datetime) -> list[Attention]:
    """What somebody has to act on: held and expired first, then vials past their hours, below par, expiring soon."""
    order = {"stop": 0, "confirm": 1, "told": 2}
    found = sorted((a for row in rows for a in _of_item(row, on)), key=lambda a: (order[a.kind], a.words))
    return sorted(_gathered(found), key=lambda a: order[a.kind])


def _gathered(found: Iterable[Attention]) -> Iterator[Attention]:
    """A warm refrigerator is one thing to see to, not one for each of its lots."""
    alike: dict[tuple[str, str, UUID | None], list[Attention]] = defaultdict(list)
    for one in found:
        alike[one.kind, one.label, one.unit_ref].append(one)
    for ones in alike.values():
        first, count = ones[0], len(ones)
        if count > MOST_OF_A_KIND and first.unit_ref is not None:
            words = f"{first.unit}: {count} lots are held. Use none of them until each has its verdict."
            yield replace(first, words=words, url_name="stock-unit", ref=first.unit_ref)
        elif count > MOST_OF_A_KIND and first.label == BELOW:
            yield replace(first, words=f"{count} items are below their level", url_name="stock-order-write", ref=None)
        else:
            yield from ones


def _of_item(row: ItemOnHand, on: datetime) -> Iterator[Attention]:
    for lot in row.lots:
        yield from _of_lot(lot, on)
    for par in row.below:
        left, fund = row.usable_of(par.funding), f" ({Funding(par.funding).label})" if par.funding else ""
        words = f"{row.item.name}{fund}: {left} left, at least {par.at_least} wanted"
        yield Attention("confirm", BELOW, words, "stock-item", row.item.public_id)


def _of_lot(lot: LotOnHand, on: datetime) -> Iterator[Attention]:
    name, ref = f"{lot.item.name} lot {lot.lot.lot_number}", lot.lot.public_id
    for finding in lot.findings:
        if finding.code in LABELS:
            why = finding.message.removeprefix(name).strip()
            words = f"{name}: {lot.doses_left} in {lot.unit.name}. {why[:1].upper()}{why[1:]}"
            held_in = (lot.unit.name, lot.unit.public_id) if finding.code == "held" else ("", None)
            yield Attention("stop", LABELS[finding.code], words, "stock-lot", ref, *held_in)
            return
    if lot.facts.open_vial_is_over(on):
        words = f"{name}: an open vial in {lot.unit.name} is past its hours. Discard it."
        yield Attention("confirm", "Past its hours", words, "stock-lot", ref)
    if lot.unit.kind != lot.item.storage:
        wanted = StorageKind(lot.item.storage).replace("_", "-")
        words = f"{name}: {lot.doses_left} in {lot.unit.name} belong in a {wanted}. Move them."
        yield Attention("confirm", "Wrong unit", words, "stock-lot", ref)
    days = (lot.facts.expires_on - on.astimezone(lot.facts.zone).date()).days
    if days <= SOON.days:
        when = "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days"
        words = f"{name}: {lot.doses_left} {lot.funding.label} expire {when}"
        yield Attention("told", "Expires soon", words, "stock-lot", ref)


def site_here(actor: Actor) -> Site:
    """The site the actor works at now; raises `NotFound` for somebody at none."""
    site = Site.objects.filter(pk=actor.site_id).first()
    if site is None:
        raise NotFound("Choose a site first, at the top of the page.")
    return site


def item_named(public_id: UUID) -> Item:
    """An item by its public id; raises `NotFound`."""
    item = Item.objects.filter(public_id=public_id).prefetch_related("package_codes").first()
    if item is None:
        raise NotFound("There is no such item.")
    return item


def lot_named(public_id: UUID) -> Lot:
    """A lot by its public id; raises `NotFound`."""
    lot = Lot.objects.filter(public_id=public_id).select_related("item").first()
    if lot is None:
        raise NotFound("There is no such lot.")
    return lot


def stock_named(public_id: UUID) -> Stock:
    """A lot in a unit by its public id; raises `NotFound`."""
    stock = Stock.objects.filter(public_id=public_id).select_related("lot__item", "unit__site").first()
    if stock is None:
        raise NotFound("There is no such stock.")
    return stock


def lots_of_item(item: Item, *, on: datetime) -> list[LotOnHand]:
    """Lots of an item at every site, with something left."""
    return on_hand(Stock.objects.filter(lot__item=item, on_hand__gt=0), on=on)


def pars_of_item(item: Item) -> Sequence[ParLevel]:
    """What each site wants of an item."""
    return list(item.par_levels.filter(is_current=True).select_related("site").order_by("site__name", "funding"))


def movements_of(lot: Lot, *, limit: int = 200) -> Sequence[Movement]:
    """What came and went of a lot, the latest first."""
    rows = Movement.objects.filter(stock__lot=lot).select_related("stock__unit", "by").order_by("-at", "-pk")
    return list(rows[:limit])


def lineage_of(actor: Actor, lot: Lot, *, limit: int = 500) -> Sequence[Draw]:
    """Who had a dose of a lot, the latest first; looking is written down."""
    log_read(actor, kind="lot", subject=lot.public_id, what="patients of a lot")
    rows = (
        Draw.objects.filter(lot=lot).select_related("patient", "drawn_by", "stock__unit").order_by("-drawn_at", "-pk")
    )
    return list(rows[:limit])


def stocked_items() -> Sequence[Item]:
    """Every item that is stocked, by name."""
    return list(Item.objects.filter(is_stocked=True).order_by(Lower("name")))


def items_to_recall() -> Sequence[Item]:
    """Every item, those no longer stocked too: somebody may have had them."""
    return list(Item.objects.order_by("-is_stocked", Lower("name")))


def stocks_to_choose(*, site_id: int, item: Item | None = None) -> Sequence[Stock]:
    """Lots with something left at a site, first-expiring first."""
    rows = Stock.objects.filter(unit__site_id=site_id, on_hand__gt=0)
    rows = rows.filter(lot__item=item) if item else rows
    return list(rows.select_related("lot__item", "unit").order_by("lot__item__name", "lot__expires_on", "pk"))


def expired_stock(*, today: date) -> Sequence[Stock]:
    """Lots past their day that are still in a unit."""
    rows = Stock.objects.filter(on_hand__gt=0, lot__expires_on__lt=today)
    return list(rows.select_related("lot__item", "unit__site").order_by("unit__site", "pk"))
