"""Finding one visit or room for somebody who may see it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from mainstay.foundation.actor import Actor
from mainstay.foundation.compiled import compiled, the_first
from mainstay.foundation.errors import NotFound
from mainstay.practice.models import Room, Site
from mainstay.practice.queries import open_sites
from mainstay.visits.models import LooseEnd, RoomUse, Visit
from mainstay.visits.permissions import SEE_BOARD
from mainstay.visits.queries.board import SIGNALS_ON
from mainstay.workforce.models import Staff


def visit_for(actor: Actor, public_id: UUID) -> Visit:
    """One visit with what its pages show. Raises `NotPermitted` and `NotFound`."""
    actor.may(SEE_BOARD).or_raise()
    visit = the_first(_visits(public_id))
    if visit is None:
        raise NotFound("There is no such visit.")
    return visit


@compiled
def _visits(public_id: UUID) -> QuerySet[Visit]:
    with_it = ("patient", "visit_type", "provider", "held_by", "room", "site", "appointment")
    return Visit.objects.filter(public_id=public_id).select_related(*with_it).prefetch_related(SIGNALS_ON)


def loose_end_of(visit: Visit, public_id: UUID) -> LooseEnd:
    """One thing to arrange of a visit. Raises `NotFound`."""
    if (end := visit.loose_ends.filter(public_id=public_id).first()) is None:
        raise NotFound("There is no such thing to arrange.")
    return end


def who_saw(visit: Visit) -> Staff | None:
    """Whoever went in to this patient last, if a provider did; a move taken back counts for nothing."""
    saw = None
    for step in visit.steps.filter(name="start_provider").select_related("by").order_by("pk"):
        saw = None if step.is_undo else step.by
    return saw


def room_for(actor: Actor, public_id: UUID | str) -> Room:
    """One room, by its id or by what was sent as one. Raises `NotFound`."""
    try:
        public_id = UUID(str(public_id))
    except ValueError:
        raise NotFound("There is no such room.") from None
    room = Room.objects.filter(public_id=public_id, is_in_use=True).first()
    if room is None:
        raise NotFound("There is no such room.")
    return room


def room_use_for(actor: Actor, room: Room) -> RoomUse:
    """The state of one room. Raises `NotFound` for a room that was never prepared."""
    use = RoomUse.objects.select_related("room", "visit__patient").filter(room=room).first()
    if use is None:
        raise NotFound("There is no such room.")
    return use


def summary_file(visit: Visit, public_id: UUID) -> bytes:
    """The PDF of one summary of a visit. Raises `NotFound`."""
    pdf = visit.summaries.filter(public_id=public_id).values_list("pdf", flat=True).first()
    if pdf is None:
        raise NotFound("There is no such summary.")
    return bytes(pdf)


def site_of(actor: Actor) -> Site:
    """The site somebody works at now; the first open site for those who have none."""
    here = _site(actor.site_id) if actor.site_id is not None else []
    site = the_first(here or open_sites())
    if site is None:
        raise NotFound("No site is set up yet. Add one under Admin.")
    return site


@compiled
def _site(pk: int) -> QuerySet[Site]:
    return Site.objects.filter(pk=pk)
