"""Messages to and from partners, as lists: what waits, what was refused, what came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from mainstay.interop.lifecycle import OutboundState
from mainstay.interop.models import InboundMessage, InboundOutcome, OutboundMessage, RegistryConnection
from mainstay.practice.models import Site

ROWS = 50
SHOWN = {
    "waiting": (OutboundState.QUEUED, OutboundState.SENT),
    "refused": (OutboundState.REJECTED,),
    "warned": (OutboundState.WARNED,),
    "done": (OutboundState.ACCEPTED, OutboundState.ANSWERED, OutboundState.REPLACED, OutboundState.WITHDRAWN),
}
"""The states behind each list of outgoing messages."""


@dataclass(frozen=True, slots=True)
class TrafficCounts:
    """How many messages are in each list."""

    waiting: int
    refused: int
    warned: int
    done: int
    dead: int
    oldest_waiting: datetime | None


def traffic_counts() -> TrafficCounts:
    """How much waits, was refused, warned about, is done, and lies among the dead letters."""
    counted = OutboundMessage.objects.aggregate(
        **{name: Count("pk", filter=Q(state__in=states)) for name, states in SHOWN.items()}
    )
    oldest = OutboundMessage.objects.filter(state__in=SHOWN["waiting"]).order_by("created_at")
    first = oldest.values_list("created_at", flat=True).first()
    return TrafficCounts(**counted, dead=dead_letters().count(), oldest_waiting=first)


def outbound_rows(which: str, *, number: int = 1) -> Page[OutboundMessage]:
    """One page of a list of outgoing messages; what waits oldest first, the rest newest first."""
    states = SHOWN.get(which, SHOWN["waiting"])
    rows = OutboundMessage.objects.filter(state__in=states).select_related("connection", "patient").defer("body")
    return Paginator(rows.order_by("pk" if which == "waiting" else "-pk"), ROWS).get_page(number)


def dead_letters() -> QuerySet[InboundMessage]:
    """Messages that came in and were refused or never dealt with, neither mended nor put aside since; newest first."""
    outcomes = InboundOutcome.objects.filter(message=OuterRef("pk"))
    mended = InboundMessage.objects.filter(repair_of=OuterRef("pk"))
    return (
        InboundMessage.objects.exclude(Exists(outcomes.filter(code="AA")))
        .exclude(Exists(outcomes.filter(is_dismissed=True)))
        .exclude(Exists(mended))
        .order_by("-pk")
    )


def dead_rows(*, number: int = 1) -> Page[InboundMessage]:
    """One page of dead letters, with what became of each."""
    return Paginator(dead_letters().prefetch_related("outcomes").defer("body"), ROWS).get_page(number)


@dataclass(frozen=True, slots=True)
class SiteRegistry:
    """A site and its connection, if it has one."""

    site: Site
    connection: RegistryConnection | None


def registries_by_site() -> list[SiteRegistry]:
    """Every site with its connection."""
    there = {one.site_id: one for one in RegistryConnection.objects.all()}
    return [SiteRegistry(site, there.get(site.pk)) for site in Site.objects.order_by("name")]
