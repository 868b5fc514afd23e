"""What events of stock owe to people, in plain words. Listed in `config.subscriptions`."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse

from mainstay.foundation import clock
from mainstay.foundation.actor import Actor, the_system
from mainstay.inventory.events import LotRecalled, StockBelowPar, UnitOutOfRange
from mainstay.inventory.lifecycle import Funding
from mainstay.inventory.models import Excursion, ParLevel, Recall, RecallNotice, Stock, StorageUnit
from mainstay.inventory.queries.letters import site_of
from mainstay.inventory.queries.levels import doses_fit_for_use
from mainstay.inventory.queries.ordering import late_orders
from mainstay.inventory.queries.shelves import expired_stock
from mainstay.inventory.rules.temperatures import spell_span
from mainstay.practice.models import Site
from mainstay.work.actions import OwedTo, owe, owe_each
from mainstay.work.lifecycle import Band
from mainstay.work.queries.clocks import NO_SITE_ZONE

AT_ONCE = timedelta(minutes=60)
"""How soon somebody must call the manufacturer about a warm refrigerator."""


def _mainstay() -> Actor:
    return the_system(now=clock.now(), zone=NO_SITE_ZONE)


@transaction.atomic
def owe_recall_work(event: LotRecalled) -> None:
    """One item for the stock of each site, one for each patient to be told."""
    recall = Recall.objects.select_related("item").get(pk=event.recall_id)
    actor = _mainstay()
    held: dict[Site, int] = defaultdict(int)
    for hold in recall.holds.select_related("stock__unit__site"):
        held[hold.stock.unit.site] += hold.doses
    for site, doses in held.items():
        owe_recalled_stock(actor, recall, site, doses=doses)
    notices = recall.notices.select_related("patient__home_site", "draw__stock__unit__site").order_by("pk")
    first = {notice.patient_id: notice for notice in notices}
    owe_each(
        actor=actor,
        whom=[OwedTo(one.patient, site_of(one), telling_key(recall, one.patient_id)) for one in first.values()],
        **_telling(recall),
    )


def owe_recalled_stock(actor: Actor, recall: Recall, site: Site, *, doses: int) -> None:
    """Somebody takes the doses of a recalled lot out of use at a site, and sends them back."""
    name = f"{recall.item.name} lot {recall.lot_number}"
    owe(
        actor=actor,
        kind="recalled_stock",
        title=f"Recall: take {doses} {recall.item.counted_in}{'' if doses == 1 else 's'} of {name} out of use",
        detail=f"{recall.issued_by}: {recall.reason} {recall.what_to_do}",
        band=Band.R3,
        site=site,
        pool="lead",
        subject_kind="recall",
        subject_ref=recall.public_id,
        url=reverse("stock-recall", args=[recall.public_id]),
        once_key=f"recall:{recall.pk}:stock:{site.pk}",
    )


def telling_key(recall: Recall, patient_id: int) -> str:
    """The cause of the one item a patient's telling is, however many doses of the lot they had."""
    return f"recall:{recall.pk}:patient:{patient_id}"


def _telling(recall: Recall) -> dict[str, Any]:
    return {
        "kind": "recalled_dose",
        "title": f"Tell the patient: they had a recalled dose ({recall.item.name} lot {recall.lot_number})",
        "detail": recall.what_to_do,
        "band": Band.R3,
        "pool": "clinical_support",
        "subject_kind": "recall",
        "subject_ref": recall.public_id,
        "url": reverse("stock-recall", args=[recall.public_id]),
    }


def owe_telling(recall: Recall, notice: RecallNotice, *, actor: Actor, due_at: datetime) -> None:
    """One item for a patient who had the lot, however many doses of it."""
    owe(
        actor=actor,
        patient=notice.patient,
        site=site_of(notice),
        due_at=due_at,
        once_key=telling_key(recall, notice.patient_id),
        **_telling(recall),
    )


@transaction.atomic
def owe_excursion_work(event: UnitOutOfRange) -> None:
    """Somebody calls manufacturer and program, now."""
    excursion = Excursion.objects.select_related("unit__site").get(pk=event.excursion_id)
    actor = _mainstay()
    owe(
        actor=actor,
        kind="excursion",
        title=f"{excursion.unit.name} is out of range: mark it DO NOT USE and call the manufacturers",
        detail=f"It was {spell_span(excursion.lowest, excursion.highest)}. "
        "Keep what is inside cold, do not discard it. "
        "Write down each lot's verdict.",
        band=Band.R3,
        site=excursion.unit.site,
        pool="lead",
        due_at=actor.now + AT_ONCE,
        subject_kind="excursion",
        subject_ref=excursion.public_id,
        url=reverse("stock-excursion", args=[excursion.public_id]),
        once_key=f"excursion:{excursion.pk}",
    )


@transaction.atomic
def owe_order_work(event: StockBelowPar) -> None:
    """Somebody orders what has fallen below par; it names how many bring it up again."""
    par = ParLevel.objects.select_related("item", "site").get(pk=event.par_id)
    actor = _mainstay()
    left = doses_fit_for_use(par, today=actor.now.astimezone(par.site.zone).date())
    fund = f" ({Funding(par.funding).label})" if par.funding else ""
    owe(
        actor=actor,
        kind="below_par",
        title=f"Order {max(par.order_up_to - left, 0)} {par.item.counted_in}s of {par.item.name}{fund}",
        detail=f"{left} left at {par.site.name}; at least {par.at_least} are wanted.",
        band=Band.R4,
        site=par.site,
        pool="lead",
        url=reverse("stock-item", args=[par.item.public_id]),
        once_key=f"par:{par.site_id}:{par.item_id}:{par.funding}",
    )


@transaction.atomic
def owe_removal_of_expired(*, actor: Actor) -> int:
    """Put expired lots that still stand in a unit on the work list, one open item a unit; returns how many units."""
    units: dict[StorageUnit, list[Stock]] = defaultdict(list)
    for stock in expired_stock(today=actor.today):
        units[stock.unit].append(stock)
    for unit, stocks in units.items():
        owe(
            actor=actor,
            kind="expired_stock",
            title=f"Take expired stock out of {unit.name}",
            detail=" ".join(f"{s.lot.item.name} lot {s.lot.lot_number}: {s.on_hand}." for s in stocks),
            band=Band.R4,
            site=unit.site,
            pool="clinical_support",
            url=reverse("stock-unit", args=[unit.public_id]),
            once_key=f"expired:{unit.pk}",
        )
    return len(units)


@transaction.atomic
def owe_late_orders(*, actor: Actor) -> int:
    """Somebody asks the vendor about what was promised for a day that has passed; returns how many orders."""
    late = late_orders(today=actor.today)
    for order in late:
        rest = [line for line in order.lines.all() if line.to_come]
        promised = f"{order.expected_on:%m/%d/%Y}" if order.expected_on else ""
        named = order.number or f"of {order.ordered_at:%m/%d}"
        owe(
            actor=actor,
            kind="late_order",
            title=f"Ask {order.vendor} about order {named}: it has not come",
            detail=f"Promised for {promised}. " + " ".join(f"{line.item.name}: {line.to_come}." for line in rest),
            band=Band.R4,
            site=order.site,
            pool="lead",
            url=reverse("stock-order", args=[order.public_id]),
            once_key=f"order:{order.pk}:late",
        )
    return len(late)
