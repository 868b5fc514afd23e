"""Lots on hand, with whatever speaks against using them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from mainstay.foundation.errors import NotFound
from mainstay.foundation.findings import Finding
from mainstay.inventory.gs1 import BarCode, UnreadableBarcode, ndc_forms, read_barcode
from mainstay.inventory.lifecycle import Funding
from mainstay.inventory.models import Draw, Hold, Item, Lot, OpenVial, Recall, Stock, StorageUnit
from mainstay.inventory.rules import LotFacts, first_to_use, judge_label, judge_lot

LABELS = {
    "recalled": "Recalled",
    "held": "Do not use",
    "expired": "Expired",
    "beyond_use": "Past its hours",
    "empty": "Empty",
    "wrong_funding": "Other fund",
    "label_differs": "Label differs",
}

LONGEST_LOT = 20
"""The longest lot number a label carries (GS1 General Specifications, identifier 10)."""


@dataclass(frozen=True, slots=True)
class LotOnHand:
    """One lot in one storage unit: what is left, the vial in use, and findings against using it now."""

    stock: Stock
    facts: LotFacts
    findings: tuple[Finding, ...]

    @property
    def lot(self) -> Lot:
        """The lot."""
        return self.stock.lot

    @property
    def item(self) -> Item:
        """What it is."""
        return self.stock.lot.item

    @property
    def unit(self) -> StorageUnit:
        """Where it is."""
        return self.stock.unit

    @property
    def funding(self) -> Funding:
        """Whose money bought it."""
        return self.facts.funding

    @property
    def doses_left(self) -> int:
        """All doses, with those in the open vial."""
        return self.facts.doses_left

    @property
    def opened_at(self) -> datetime | None:
        """When the vial in use was opened."""
        return self.facts.opened_at

    @property
    def beyond_use_at(self) -> datetime | None:
        """Until when the vial in use may be used."""
        return self.facts.beyond_use_at

    @property
    def label(self) -> str:
        """What speaks against it in two words, empty when nothing does."""
        return next((LABELS[f.code] for f in self.findings if f.code in LABELS), "")

    @property
    def is_usable(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.findings


@dataclass(frozen=True, slots=True)
class ScannedLot:
    """What a scan found: the barcode as read, the lots it can mean here (usable first), or why there is none."""

    code: BarCode
    lots: tuple[LotOnHand, ...]
    reason: str = ""


def with_what_speaks_against(stocks: QuerySet[Stock]) -> QuerySet[Stock]:
    """Stock rows with everything `facts_of` reads, in a fixed number of queries."""
    return stocks.select_related("lot__item", "unit__site").prefetch_related(
        Prefetch("vials", OpenVial.objects.filter(closed_at=None).order_by("opened_at", "pk"), to_attr="open_vials"),
        Prefetch(
            "holds",
            Hold.objects.filter(lifted_at=None).select_related("excursion__unit").order_by("pk"),
            to_attr="open_holds",
        ),
    )


def recalls_of(stocks: Iterable[Stock]) -> dict[tuple[int, str], str]:
    """Why lots were recalled, by item and lot number."""
    items = {stock.lot.item_id for stock in stocks}
    rows = Recall.objects.filter(item__in=items).values_list("item_id", "lot_number", "reason")
    return {(item, number.upper()): reason for item, number, reason in rows}


def facts_of(stock: Stock, recalls: dict[tuple[int, str], str]) -> LotFacts:
    """The facts of a stock row fetched by `with_what_speaks_against`."""
    lot, vials = stock.lot, list(stock.open_vials)  # type: ignore[attr-defined]  # laid beside by the query
    vial = max((v for v in vials if v.doses_left), key=lambda v: v.opened_at, default=None)
    return LotFacts(
        item=lot.item.name,
        lot_number=lot.lot_number,
        expires_on=lot.expires_on,
        funding=Funding(lot.funding),
        unit=stock.unit.name,
        doses_left=stock.on_hand,
        unopened=stock.on_hand - sum(v.doses_left for v in vials),
        zone=stock.unit.site.zone,
        opened_at=vial.opened_at if vial else None,
        beyond_use_at=vial.beyond_use_at if vial else None,
        recall=recalls.get((lot.item_id, lot.lot_number.upper()), ""),
        holds=tuple(h.reason for h in stock.open_holds if h.recall_id is None),  # type: ignore[attr-defined]  # laid beside by the query
        counted_in=lot.item.counted_in,
    )


def on_hand(stocks: QuerySet[Stock], *, on: datetime, funding: Funding | str | None = None) -> list[LotOnHand]:
    """Stock rows judged at a moment: usable ones first, in the order they should be used."""
    rows = list(with_what_speaks_against(stocks))
    recalls = recalls_of(rows)
    judged = []
    for stock in rows:
        facts = facts_of(stock, recalls)
        judged.append(LotOnHand(stock, facts, judge_lot(facts, now=on, funding=funding)))
    return sorted(judged, key=lambda lot: (bool(lot.findings), *first_to_use(lot.facts, now=on)))


def lots_to_give(
    *, site_id: int, cvx_codes: Iterable[str], on: datetime, funding: Funding | str | None = None
) -> list[LotOnHand]:
    """Lots of these vaccines at a site, usable ones first and first-expiring first; each with what speaks against it.

    `on` is the moment of giving, aware. With `funding` a lot of another fund carries a finding; it is not left out.
    """
    rows = Stock.objects.filter(unit__site_id=site_id, lot__item__cvx__in=list(cvx_codes), on_hand__gt=0)
    return on_hand(rows, on=on, funding=funding)


def stock_in(unit: StorageUnit, *, on: datetime) -> list[LotOnHand]:
    """What is inside a unit."""
    return on_hand(Stock.objects.filter(unit=unit, on_hand__gt=0), on=on)


def stocks_of(lot: Lot, *, on: datetime, site_id: int | None = None) -> list[LotOnHand]:
    """Where a lot is, also where none of it is left."""
    rows = Stock.objects.filter(lot=lot)
    return on_hand(rows.filter(unit__site_id=site_id) if site_id else rows, on=on)


def lot_facts(lot: Lot, *, on: datetime, site_id: int | None = None) -> LotFacts:
    """The facts of a lot where a dose would be drawn from first; raises `NotFound` if it never was at the site."""
    found = stocks_of(lot, on=on, site_id=site_id)
    if not found:
        raise NotFound("This lot is not in stock here.")
    return found[0].facts


def items_scanned(code: BarCode) -> Sequence[Item]:
    """The items a barcode may mean: by the number of a package, else by NDC."""
    if code.gtin:
        known = Item.objects.filter(package_codes__gtin=code.gtin, package_codes__is_current=True).distinct()
        if found := list(known):
            return found
    return list(Item.objects.filter(ndc__in=ndc_forms(code.ndc))) if code.ndc else []


def lot_by_scan(*, site_id: int, scan: str, on: datetime, funding: Funding | str | None = None) -> ScannedLot:
    """The lots at a site a scanned barcode or a typed lot number means.

    Two funds may hold the same lot number, so there may be several. Raises `UnreadableBarcode` for what is neither
    a barcode nor a lot number known here; `reason` says what to do where nothing was found.
    """
    here = Stock.objects.filter(unit__site_id=site_id)
    if typed := on_hand(here.filter(lot__lot_number__iexact=scan.strip()), on=on, funding=funding):
        return ScannedLot(BarCode(lot_number=scan.strip().upper()), _labelled(typed, BarCode()))
    code = _read(scan, on)
    items = items_scanned(code)
    if code.lot_number and items:
        rows = here.filter(lot__item__in=items, lot__lot_number__iexact=code.lot_number)
    elif code.lot_number:
        rows = here.filter(lot__lot_number__iexact=code.lot_number, lot__item__package_codes=None)
    else:
        rows = here.filter(Q(lot__item__in=items) & Q(on_hand__gt=0))
    found = _labelled(on_hand(rows, on=on, funding=funding), code)
    return ScannedLot(code, found, "" if found else _nothing_found(code, items))


def _read(scan: str, on: datetime) -> BarCode:
    """The barcode read; what is too short and too plain for one was typed, and is a lot number unknown here."""
    try:
        return read_barcode(scan, today=on.date())
    except UnreadableBarcode as error:
        typed = scan.strip()
        if len(typed) > LONGEST_LOT or not typed.replace("-", "").isalnum():
            raise
        raise UnreadableBarcode(
            f"No lot “{typed}” is in stock at this site. Compare it with the label, or scan the square code."
        ) from error


def _labelled(lots: list[LotOnHand], code: BarCode) -> tuple[LotOnHand, ...]:
    judged = [LotOnHand(lot.stock, lot.facts, (*lot.findings, *judge_label(lot.facts, code))) for lot in lots]
    return tuple(sorted(judged, key=lambda lot: bool(lot.findings)))


def _nothing_found(code: BarCode, items: Sequence[Item]) -> str:
    named = " or ".join(item.name for item in items)
    if code.lot_number and named:
        return f"{named} lot {code.lot_number} is not in stock at this site. Receive it first, or take another."
    if named:
        return f"No {named} is in stock at this site."
    return f"Nobody has received a package with the number {code.gtin or code.ndc} here. Type the lot, or receive it."


def draws_for(used_for: UUID) -> list[Draw]:
    """What was drawn for one record and not returned, with lot and unit."""
    rows = Draw.objects.filter(used_for=used_for, returned_at=None)
    return list(rows.select_related("lot__item", "stock__unit", "patient", "vial").order_by("pk"))


def doses_by_lot(lots: Iterable[Lot]) -> dict[int, int]:
    """All doses of lots on hand anywhere, by lot."""
    totals: dict[int, int] = defaultdict(int)
    for lot_id, doses in Stock.objects.filter(lot__in=lots).values_list("lot_id", "on_hand"):
        totals[lot_id] += doses
    return totals
