"""The board: today's visits, the rooms, and the number that says whether anything changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from mainstay.foundation.actor import Actor
from mainstay.foundation.compiled import compiled, the_first
from mainstay.practice.models import Room, Site
from mainstay.visits.lifecycle import Stage
from mainstay.visits.models import BoardVersion, RoomUse, Signal, Visit

ROW_SHOWS = (
    "public_id", "expected_at", "reason", "stage", "stage_since", "arrived_at", "is_walk_in", "version",
    "site_id", "day",
    "visit_type__name", "room__public_id", "room__name", "held_by__shown_name", "provider__shown_name",
    "patient__public_id", "patient__given_name", "patient__chosen_name", "patient__family_name", "patient__birth_date",
    "patient__hue",
)  # fmt: skip
"""What a row of the board shows; reading everything else of five tables took a tenth of the page's time."""

TILE_SHOWS = (
    "state", "since", "after", "room__public_id", "room__name", "visit__public_id",
    "visit__patient__public_id", "visit__patient__given_name", "visit__patient__chosen_name",
    "visit__patient__family_name", "visit__patient__hue",
)  # fmt: skip
"""What a room's tile shows."""

SIGNALS_ON = Prefetch("signals", queryset=Signal.objects.filter(cleared_at=None).order_by("pk"), to_attr="signals_on")


def board_version(site_id: int) -> int:
    """The number that grows with every change of a site's board; 1 before the first."""
    return the_first(_versions(site_id)) or 1


@compiled
def _versions(site_id: int) -> QuerySet[BoardVersion, int]:
    return BoardVersion.objects.filter(site_id=site_id).values_list("version", flat=True)


def visits_of_day(site: Site, day: date) -> QuerySet[Visit]:
    """The visits of one site day in the order they are expected, with what a board row shows."""
    return _day_of_site(site.pk, day).prefetch_related(SIGNALS_ON)


def _day_of_site(site_id: int, day: date) -> QuerySet[Visit]:
    return (
        Visit.objects.filter(site_id=site_id, day=day)
        .exclude(stage=Stage.CANCELLED)
        .select_related("patient", "visit_type", "provider", "held_by", "room")
        .only(*ROW_SHOWS)
        .order_by("expected_at", "pk")
    )


def board_rows(actor: Actor, site: Site, *, day: date, show: str = "all") -> Sequence[Visit]:
    """The rows one person sees: everybody's (`all`), their own (`me`), or those still to come or here (`open`).

    Who did not come stays among the latter for the day: they may still come, and a slip must not vanish.
    """
    rows = _rows(site.pk, day, actor.staff_id, show=show)
    signals: dict[int, list[Signal]] = {}
    for signal in _signals_on([visit.pk for visit in rows]):
        signals.setdefault(signal.visit_id, []).append(signal)
    for visit in rows:
        visit.signals_on = signals.get(visit.pk, [])  # type: ignore[attr-defined]  # laid beside, as by SIGNALS_ON
    return rows


@compiled
def _rows(site_id: int, day: date, staff_id: int | None, *, show: str) -> QuerySet[Visit]:
    rows = _day_of_site(site_id, day)
    if show == "me":
        rows = rows.filter(Q(held_by_id=staff_id) | Q(provider_id=staff_id))
    if show == "open":
        rows = rows.exclude(stage__in=[Stage.CLOSED, Stage.LEFT])
    return rows


@compiled
def _signals_on(visits: list[int]) -> QuerySet[Signal]:
    return Signal.objects.filter(cleared_at=None, visit__id__any_of=visits).order_by("pk")


def room_tiles(site: Site) -> Sequence[RoomUse]:
    """Every room of a site that is in use, with its state and who is in it."""
    return _tiles(site.pk)


@compiled
def _tiles(site_id: int) -> QuerySet[RoomUse]:
    return (
        RoomUse.objects.filter(room__site_id=site_id, room__is_in_use=True)
        .select_related("room", "visit__patient")
        .only(*TILE_SHOWS)
        .order_by("room__position", "room__name")
    )


@compiled
def free_rooms(site_id: int) -> QuerySet[Room]:
    """The rooms of a site somebody can be brought into now."""
    return Room.objects.filter(site_id=site_id, is_in_use=True, use__state="ready").order_by("position", "name")
