"""Recalls, counts, orders, borrowings, and the reports programs ask for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count as Counted
from django.db.models import Prefetch, Q, Sum

from mainstay.foundation.actor import Actor
from mainstay.foundation.clock import site_day
from mainstay.foundation.errors import InvalidInput, NotFound
from mainstay.inventory.lifecycle import CountState, Funding
from mainstay.inventory.models import (
    Borrowing,
    Count,
    CountLine,
    Hold,
    Item,
    Lot,
    Movement,
    MovementKind,
    Recall,
    RecallNotice,
    Stock,
    Waste,
)
from mainstay.inventory.queries.shelves import site_here
from mainstay.people.models import Patient
from mainstay.practice.models import Site
from mainstay.practice.queries import the_practice
from mainstay.workforce.models import Staff


def paper_head(actor: Actor) -> dict[str, Any]:
    """What every paper of stock says at its head and foot: practice, site, when and by whom it was printed."""
    whole = the_practice()
    return {
        "practice_name": whole.name if whole else "",
        "site": site_here(actor),
        "printed_at": actor.now,
        "printed_by": actor.name,
    }


def recalls() -> Sequence[Recall]:
    """Every recall, the open ones first; with `people` and `untold`."""
    rows = Recall.objects.select_related("item").annotate(
        people=Counted("notices__patient", distinct=True),
        untold=Counted("notices__patient", filter=Q(notices__told_at=None), distinct=True),
    )
    return list(rows.order_by("-state", "-recalled_at"))


def recall_named(public_id: UUID) -> Recall:
    """A recall with its notices and holds; raises `NotFound`."""
    notices = RecallNotice.objects.select_related(
        "patient__home_site", "draw__lot", "draw__stock__unit__site", "told_by"
    )
    holds = Hold.objects.select_related("stock__lot", "stock__unit__site").order_by("pk")
    rows = Recall.objects.select_related("item", "recalled_by").prefetch_related(
        Prefetch("notices", notices.order_by("patient__family_name", "patient__given_name", "pk")),
        Prefetch("holds", holds),
    )
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound("There is no such recall.")
    return found


def was_ever_here(recall: Recall) -> bool:
    """Whether a recalled lot ever stood in a unit of the practice."""
    return Lot.objects.filter(item=recall.item_id, lot_number__iexact=recall.lot_number).exists()


def notice_numbered(recall: Recall, pk: int) -> RecallNotice:
    """One notice of a recall; raises `NotFound`."""
    notice = RecallNotice.objects.filter(recall=recall, pk=pk).first()
    if notice is None:
        raise NotFound("There is no such notice.")
    return notice


def recall_hold_numbered(recall: Recall, pk: int) -> Hold:
    """One hold of a recall; raises `NotFound`."""
    hold = Hold.objects.filter(pk=pk, recall=recall).select_related("stock__lot__item").first()
    if hold is None:
        raise NotFound("There is no such hold.")
    return hold


def count_named(public_id: UUID) -> Count:
    """A count; raises `NotFound`."""
    rows = Count.objects.select_related("unit__site", "began_by", "recounted_by")
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound("There is no such count.")
    return found


def lines_to_count(count: Count) -> list[CountLine]:
    """The lots to count now, by name, without any figure shown: all at first, then those that differed."""
    lines = count.lines.select_related("stock__lot__item").order_by("stock__lot__item__name", "stock__lot__lot_number")
    if count.state == CountState.COUNTING:
        return list(lines)
    if count.state == CountState.RECOUNTING:
        return [line for line in lines if line.differed_first]
    return [line for line in lines if line.counted_again is not None or line.differed_first]


def counts_at(*, site_id: int) -> Sequence[Count]:
    """Counts of a site, the latest first."""
    return list(
        Count.objects.filter(unit__site_id=site_id).select_related("unit", "began_by").order_by("-began_at")[:20]
    )


def borrowings() -> Sequence[Borrowing]:
    """Every borrowing, those still owed first."""
    rows = Borrowing.objects.select_related("item", "lent_by", "borrowed_as", "replaced_with", "patient", "borrowed_by")
    return sorted(rows.order_by("-borrowed_at")[:200], key=lambda b: b.replaced_at is not None)


def borrowing_named(public_id: UUID) -> Borrowing:
    """A borrowing; raises `NotFound`."""
    rows = Borrowing.objects.select_related(
        "item", "lent_by", "borrowed_as", "replaced_with", "patient", "borrowed_by", "replaced_by"
    )
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound("There is no such borrowing.")
    return found


def patient_numbered(mrn: str) -> Patient | None:
    """The patient of a number somebody typed, None for nothing typed; raises `InvalidInput` for an unknown one."""
    if not mrn.strip():
        return None
    patient = Patient.objects.filter(mrn=mrn.strip(), merged_into=None).first()
    if patient is None:
        raise InvalidInput("No patient has this number.", field="mrn")
    return patient


def possible_witnesses(actor: Actor) -> Sequence[Staff]:
    """Who could witness: everybody working here but the actor."""
    rows = Staff.objects.filter(is_active=True).exclude(pk=actor.staff_id)
    return list(rows.order_by("shown_name"))


SUMMED: tuple[tuple[str, tuple[MovementKind, ...]], ...] = (
    ("received", (MovementKind.RECEIVED,)),
    ("given", (MovementKind.DRAWN, MovementKind.RETURNED)),
    ("wasted", (MovementKind.WASTED,)),
    ("expired", (MovementKind.EXPIRED,)),
    ("spoiled", (MovementKind.SPOILED, MovementKind.SENT_BACK)),
    ("moved", (MovementKind.MOVED_IN, MovementKind.MOVED_OUT)),
    ("borrowed", (MovementKind.BORROWED_OUT, MovementKind.BORROWED_IN)),
    ("replaced", (MovementKind.REPLACED_IN, MovementKind.REPLACED_OUT)),
    ("put_right", (MovementKind.ADJUSTED, MovementKind.COUNTED)),
)
COLUMN_OF = {kind: column for column, kinds in SUMMED for kind in kinds}


@dataclass
class LotReconciled:
    """One lot over some days: what was there, what came and went by kind (signed), what is there at the end."""

    lot: Lot
    opening: int = 0
    closing: int = 0
    sums: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def of(self, columns: Sequence[str]) -> list[int]:
        """The sums of some columns, in their order."""
        return [self.sums.get(name, 0) for name in columns]

    @property
    def adds_up(self) -> bool:
        """Whether opening and movements make the closing figure."""
        return self.opening + sum(self.sums.values()) == self.closing


def columns_of(rows: Sequence[LotReconciled]) -> list[str]:
    """The columns a reconciliation needs: received and given always, others where something moved."""
    always = ("received", "given")
    return [name for name, _ in SUMMED if name in always or any(row.sums.get(name) for row in rows)]


def reconciliation(*, site: Site, first: date, last: date, funding: Funding | str = Funding.VFC) -> list[LotReconciled]:
    """Every lot of one fund at a site over some days, as programs ask for it: opening, movements by kind, closing.

    The closing figure is the stock row less what moved after the last day, not a sum of the columns: where the two
    differ the report says so.
    """
    begin, _ = site_day(first, site.zone)
    _, end = site_day(last, site.zone)
    lots: dict[int, LotReconciled] = {}
    stocks = Stock.objects.filter(unit__site=site, lot__funding=Funding(funding)).select_related("lot__item")
    for stock in stocks.order_by("lot__item__name", "lot__expires_on", "pk"):
        lots.setdefault(stock.lot_id, LotReconciled(stock.lot)).closing += stock.on_hand
    rows = Movement.objects.filter(stock__in=stocks)
    for lot_id, doses in rows.filter(at__lt=begin).values_list("stock__lot").annotate(Sum("doses")):
        lots[lot_id].opening += doses
    during = rows.filter(at__gte=begin, at__lt=end)
    for lot_id, kind, doses in during.values_list("stock__lot", "kind").annotate(Sum("doses")):
        lots[lot_id].sums[COLUMN_OF[MovementKind(kind)]] += doses
    for lot_id, doses in rows.filter(at__gte=end).values_list("stock__lot").annotate(Sum("doses")):
        lots[lot_id].closing -= doses
    return [row for row in lots.values() if row.opening or row.closing or any(row.sums.values())]


@dataclass(frozen=True, slots=True)
class Used:
    """Doses of an item and fund used, wasted and expired over some days."""

    item: Item
    funding: Funding
    given: int
    wasted: int

    @property
    def waste_percent(self) -> str:
        """What part was lost, in percent with one decimal."""
        whole = self.given + self.wasted
        return f"{100 * self.wasted / whole:.1f}" if whole else "0.0"


def usage(*, site: Site, first: date, last: date) -> list[Used]:
    """What was used and lost at a site, by item and fund."""
    rows: dict[tuple[str, str], list[LotReconciled]] = defaultdict(list)
    for fund in Funding:
        for row in reconciliation(site=site, first=first, last=last, funding=fund):
            rows[row.lot.item.name, fund].append(row)
    found = []
    for (_, funding), lots in sorted(rows.items()):
        given = -sum(row.sums["given"] for row in lots)
        lost = -sum(row.sums["wasted"] + row.sums["expired"] + row.sums["spoiled"] for row in lots)
        if given or lost:
            found.append(Used(lots[0].lot.item, Funding(funding), given, lost))
    return found


@dataclass(frozen=True, slots=True)
class Lost:
    """One line of the waste report."""

    movement: Movement
    waste: Waste | None

    @property
    def lost(self) -> int:
        """How many doses."""
        return -self.movement.doses


def lost_doses(*, site: Site, first: date, last: date) -> list[Lost]:
    """Everything wasted, expired, spoiled or sent back at a site, oldest first."""
    begin, _ = site_day(first, site.zone)
    _, end = site_day(last, site.zone)
    kinds = (MovementKind.WASTED, MovementKind.EXPIRED, MovementKind.SPOILED, MovementKind.SENT_BACK)
    rows = Movement.objects.filter(stock__unit__site=site, kind__in=kinds, at__gte=begin, at__lt=end)
    rows = rows.select_related("stock__lot__item", "by", "waste__witness").order_by("at", "pk")
    return [Lost(row, getattr(row, "waste", None)) for row in rows]


def month_of(day: date) -> tuple[date, date]:
    """The first and last day of a day's month so far: reports run by the month."""
    return day.replace(day=1), day


def quarter_before(day: date) -> tuple[date, date]:
    """The ninety days up to a day."""
    return day - timedelta(days=89), day
