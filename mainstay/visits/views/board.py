"""The board, its polls, its moves and their undoing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseNotModified
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mainstay.foundation.components.frame import Undo
from mainstay.foundation.errors import NotFound
from mainstay.foundation.moves import UNDO_WITHIN
from mainstay.foundation.pages import StaffRequest, page, redirect_to, staff_page
from mainstay.foundation.replica import reads_from_replica
from mainstay.visits import actions, queries
from mainstay.visits.actions.moving import UNDOABLE
from mainstay.visits.boards import STAGE_KINDS, STAGE_WORDS, board_lines, room_tile
from mainstay.visits.lifecycle import Stage
from mainstay.visits.models import Visit
from mainstay.visits.permissions import CLEAN_ROOM, ROOM, SEE_BOARD

SHOWN = {"open": "Here or to come", "me": "Mine", "all": "Everybody"}
MOVES: dict[str, Callable[..., Visit]] = {
    "arrive": actions.mark_arrived,
    "miss": actions.mark_no_show,
    "mark_ready": actions.mark_ready,
    "start_provider": actions.start_provider,
    "finish_provider": actions.finish_provider,
    "begin_check_out": actions.begin_check_out,
}


@require_GET
@staff_page(SEE_BOARD)
def board(request: StaffRequest) -> HttpResponse:
    """Today's board of the site somebody works at."""
    return page(request, "visits/board.html", _board(request))


@require_GET
@staff_page(SEE_BOARD)
@reads_from_replica
def board_poll(request: StaffRequest) -> HttpResponse:
    """The board's rows if anything changed since the version the screen shows, else 304."""
    site = queries.site_of(request.actor)
    if request.GET.get("v") == str(queries.board_version(site.pk)):
        return HttpResponseNotModified()
    return page(request, "visits/board.html#live", _board(request))


@require_GET
@staff_page(SEE_BOARD)
@reads_from_replica
def wall(request: StaffRequest) -> HttpResponse:
    """The board for the wall: stops, who is here, who is to come; names only as the practice shows them."""
    context = _board(request)
    expected = STAGE_KINDS[Stage.EXPECTED]
    context["rows"] = sorted(
        context["rows"],
        key=lambda row: (all(signal.kind != "stop" for signal in row.signals), row.stage_kind == expected),
    )
    return page(request, "visits/wall.html", context)


def _board(request: StaffRequest) -> dict[str, Any]:
    actor = request.actor
    site = queries.site_of(actor)
    version = queries.board_version(site.pk)
    show = request.GET.get("show", "open")
    visits = queries.board_rows(actor, site, day=actor.today, show=show)
    free = queries.free_rooms(site.pk)
    here = [v for v in visits if v.stage not in (Stage.EXPECTED, Stage.CLOSED, Stage.NO_SHOW, Stage.LEFT)]
    return {
        "site": site,
        "day": actor.today,
        "version": version,
        "show": show,
        "shown": SHOWN,
        "rows": board_lines(actor, visits, free),
        "tiles": [room_tile(actor, use) for use in queries.room_tiles(site)],
        "counts": {
            "here": len(here),
            "to_come": sum(v.stage == Stage.EXPECTED for v in visits),
            "done": sum(v.stage == Stage.CLOSED for v in visits),
        },
        "now": actor.now,
    }


@require_POST
@staff_page(SEE_BOARD)
def take_step(request: StaffRequest, public_id: UUID, step: str) -> HttpResponse:
    """Move one visit one step, and offer to undo it for a minute."""
    if step not in MOVES:
        raise NotFound()
    visit = queries.visit_for(request.actor, public_id)
    moved = MOVES[step](actor=request.actor, visit=visit)
    return _row(request, moved, can_undo=step in UNDOABLE)


@require_POST
@staff_page(SEE_BOARD)
def undo(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Take back the last move of a visit."""
    visit = queries.visit_for(request.actor, public_id)
    moved = actions.undo_last_move(actor=request.actor, visit=visit)
    return _row(request, moved, can_undo=False)


@require_POST
@staff_page(ROOM)
def change_room(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Move a patient to the room chosen on the board."""
    visit = queries.visit_for(request.actor, public_id)
    room = queries.room_for(request.actor, request.POST.get("room", ""))
    return _row(request, actions.change_room(actor=request.actor, visit=visit, room=room), can_undo=False)


@require_POST
@staff_page(ROOM)
def take_over(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Take a visit over from whoever has it."""
    visit = queries.visit_for(request.actor, public_id)
    return _row(request, actions.take_over(actor=request.actor, visit=visit), can_undo=False)


@require_POST
@staff_page(CLEAN_ROOM)
def take_room_step(request: StaffRequest, public_id: UUID, step: str) -> HttpResponse:
    """Start or finish cleaning a room."""
    room = queries.room_for(request.actor, public_id)
    use = actions.clean_room(actor=request.actor, room=room, step=step)
    if not request.htmx:
        return redirect_to(request, "board")
    return page(request, "foundation/components/room_tile.html", {"room": room_tile(request.actor, use)})


def _row(request: StaffRequest, moved: Visit, *, can_undo: bool) -> HttpResponse:
    if not request.htmx and moved.stage == Stage.CHECKING_OUT:
        return redirect_to(request, "visit-check-out", moved.public_id)
    if not request.htmx:
        return redirect_to(request, "board")
    visit = queries.visit_for(request.actor, moved.public_id)
    row = board_lines(request.actor, [visit], queries.free_rooms(visit.site.pk))[0]
    undo = None
    if can_undo:
        done = _("%(name)s: %(stage)s") % {
            "name": visit.patient.called_name,
            "stage": _(STAGE_WORDS[Stage(visit.stage)]),
        }
        undo = Undo(done, reverse("visit-undo", args=[visit.public_id]), request.actor.now + UNDO_WITHIN)
    return page(request, "visits/board.html#moved", {"row": row, "undo": undo, "now": request.actor.now})
