"""Visits and rooms as the board shows them: one line each, and the one thing to do next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache

from django.urls import reverse
from django.utils.translation import gettext as _

from mainstay.foundation.actor import Actor
from mainstay.foundation.components import day
from mainstay.foundation.dates import spell_age
from mainstay.foundation.decisions import no
from mainstay.practice.models import Room
from mainstay.visits.lifecycle import IN_A_ROOM, ROOM_WORDS, STAGE_WORDS, RoomState, Stage, visit_lifecycle
from mainstay.visits.models import RoomUse, SignalKind, Visit
from mainstay.visits.queries.late import late_rule_at
from mainstay.visits.rules import LateRule, judge_lateness, waiting_limits

WHILE_HERE = frozenset({
    SignalKind.AIRBORNE, SignalKind.SEATED_APART, SignalKind.CAME_LATE, SignalKind.INTERPRETER,
    SignalKind.FORM_MISSING, SignalKind.COVERAGE_PROBLEM, SignalKind.VACCINE_DUE, SignalKind.RECHECK_DUE,
})  # fmt: skip
"""Signals about somebody who is here: they end with the visit. The others stay until what caused them is settled."""
STAGE_KINDS = {
    Stage.EXPECTED: "open",
    Stage.ARRIVED: "waiting",
    Stage.CHECKED_IN: "waiting",
    Stage.ROOMING: "active",
    Stage.READY: "waiting",
    Stage.WITH_PROVIDER: "active",
    Stage.AFTER_PROVIDER: "waiting",
    Stage.CHECKING_OUT: "active",
    Stage.CLOSED: "done",
    Stage.NO_SHOW: "off",
    Stage.LEFT: "off",
    Stage.CANCELLED: "off",
}
IN_ORDER = (
    Stage.EXPECTED, Stage.ARRIVED, Stage.CHECKED_IN, Stage.ROOMING, Stage.READY, Stage.WITH_PROVIDER,
    Stage.AFTER_PROVIDER, Stage.CHECKING_OUT, Stage.CLOSED,
)  # fmt: skip
GRAVITY = ("stop", "confirm", "told", "fine")
SEEN_AT_ONCE = 2
LATE_SHOWS = frozenset({Stage.EXPECTED, Stage.ARRIVED, Stage.CHECKED_IN})
NEXT_STEP = {
    Stage.READY: ("start_provider", "Provider goes in", "log-in"),
    Stage.WITH_PROVIDER: ("finish_provider", "Provider done", "log-out"),
    Stage.AFTER_PROVIDER: ("begin_check_out", "To check-out", "arrow-right"),
}
NEXT_PAGE = {
    Stage.EXPECTED: ("visit-check-in", "Check in", "clipboard-check", "visits.check_in"),
    Stage.ARRIVED: ("visit-check-in", "Check in", "clipboard-check", "visits.check_in"),
    Stage.NO_SHOW: ("visit-check-in", "Came after all", "clipboard-check", "visits.check_in"),
    Stage.CHECKED_IN: ("visit-choose-room", "Room", "door-open", "visits.room"),
    Stage.ROOMING: ("rooming", "Go on rooming", "activity", "rooming.room_patient"),
    Stage.CHECKING_OUT: ("visit-check-out", "Check out", "circle-check", "visits.check_out"),
}
WHOSE = {
    "visits.check_in": "Done at the front desk.",
    "visits.check_out": "Done at the front desk.",
    "visits.room": "Done by a clinical assistant.",
    "rooming.room_patient": "Done by a clinical assistant.",
    "visits.see_patient": "Done by the provider.",
}
"""Said beside a next step that is somebody else's."""


@lru_cache(maxsize=4096)
def _at(page: str, *ids: object) -> str:
    """Where something is: remembered, because the same day is drawn again at every change, on every screen."""
    return reverse(page, args=ids)


def board_lines(actor: Actor, visits: Iterable[Visit], free: Sequence[Room]) -> list[day.BoardRow]:
    """The board's lines for these visits, as this person may act on them."""
    rules: dict[int, LateRule] = {}
    for visit in (shown := list(visits)):
        if visit.site_id not in rules and _may_be_late(visit, actor.now):
            rules[visit.site_id] = late_rule_at(visit.site_id, on=actor.today)
    return [board_line(actor, visit, free, rules.get(visit.site_id)) for visit in shown]


def board_line(actor: Actor, visit: Visit, free: Sequence[Room], rule: LateRule | None = None) -> day.BoardRow:
    """One visit as a line of the board; `rule` is the site's own for late arrivals."""
    stage = Stage(visit.stage)
    patient = visit.patient
    warn, late = waiting_limits(stage)
    shown, folded = in_two((*_late(actor, visit, rule), *_signals(visit)))
    return day.BoardRow(
        key=str(visit.public_id),
        time=visit.expected_at,
        patient=patient.called_name,
        url=_at("visit", visit.public_id),
        hue=patient.hue,
        reason=visit.reason or visit.visit_type.name,
        provider=visit.provider.shown_name if visit.provider else _("Medical assistant"),
        stage=_(STAGE_WORDS[stage]),
        stage_kind=STAGE_KINDS[stage],
        stage_step=IN_ORDER.index(stage) + 1 if stage in IN_ORDER else 0,
        stage_of=len(IN_ORDER) if stage in IN_ORDER else 0,
        since=visit.expected_at if stage is Stage.EXPECTED else visit.stage_since,
        warn=warn,
        late=late,
        age=spell_age(patient.birth_date, actor.today),
        room=visit.room.name if visit.room and stage in IN_A_ROOM else "",
        room_url=_room_url(actor, visit, stage),
        rooms=_rooms(visit, free) if stage in IN_A_ROOM else (),
        who=visit.held_by.shown_name if visit.held_by else "",
        signals=shown,
        folded=folded,
        next=_next(actor, visit, stage),
        more=tuple(_more(actor, visit, stage)),
        is_mine=actor.staff_id in (visit.held_by_id, visit.provider_id),
    )


def _may_be_late(visit: Visit, now: datetime) -> bool:
    """Whether the board asks how late somebody is at all; walk-ins are never late."""
    shows = not visit.is_walk_in and Stage(visit.stage) in LATE_SHOWS
    return shows and (visit.arrived_at or now) > visit.expected_at


def in_two(signals: Iterable[day.Signal]) -> tuple[tuple[day.Signal, ...], tuple[day.Signal, ...]]:
    """The gravest two to be seen at once, the rest folded: a board shows a day, not one visit. No stop is folded."""
    ranked = sorted(signals, key=lambda signal: GRAVITY.index(signal.kind))
    seen = max(SEEN_AT_ONCE, sum(signal.kind == "stop" for signal in ranked))
    return tuple(ranked[:seen]), tuple(ranked[seen:])


def _late(actor: Actor, visit: Visit, rule: LateRule | None) -> Iterable[day.Signal]:
    """How late somebody is, or came, beyond the grace of the site's rule."""
    if not _may_be_late(visit, actor.now):
        return
    late = judge_lateness(visit.expected_at, visit.arrived_at or actor.now, rule)
    if late is not None:
        words = _("Came %(n)d min late") if visit.arrived_at else _("%(n)d min late")
        yield day.Signal("confirm", words % {"n": late.minutes}, icon="hourglass")


def _signals(visit: Visit) -> Iterable[day.Signal]:
    is_over = Stage(visit.stage) in visit_lifecycle.final
    for signal in visit.signals_on:  # type: ignore[attr-defined]  # laid beside by the query
        if is_over and signal.kind in WHILE_HERE:
            continue
        yield day.Signal(signal.severity, signal.text, url=_at("visit", visit.public_id))


def _room_url(actor: Actor, visit: Visit, stage: Stage) -> str:
    if stage not in IN_A_ROOM or not actor.may("visits.room"):
        return ""
    return _at("visit-change-room", visit.public_id)


def _rooms(visit: Visit, free: Sequence[Room]) -> tuple[day.Choice, ...]:
    here = (day.Choice(str(visit.room.public_id), visit.room.name, True),) if visit.room else ()
    return here + tuple(day.Choice(str(room.public_id), room.name) for room in free)


def _next(actor: Actor, visit: Visit, stage: Stage) -> day.NextAction | None:
    if stage in NEXT_PAGE:
        name, label, icon, permission = NEXT_PAGE[stage]
        allowed = actor.may(permission) or no(_(WHOSE[permission]))
        return day.NextAction(_(label), _at(name, visit.public_id), icon, allowed, True)
    if stage in NEXT_STEP:
        step, label, icon = NEXT_STEP[stage]
        permission = visit_lifecycle.step(step).permission
        allowed = actor.may(permission) or no(_whose(visit, permission))
        return day.NextAction(_(label), _step_url(visit, step), icon, allowed)
    return None


def _more(actor: Actor, visit: Visit, stage: Stage) -> Iterable[day.NextAction]:
    yield day.NextAction(_("Open the visit"), _at("visit", visit.public_id), "eye", is_link=True)
    if stage is Stage.EXPECTED and actor.may("visits.check_in"):
        yield day.NextAction(_("Arrived"), _step_url(visit, "arrive"), "door-open")
        yield day.NextAction(_("No-show"), _step_url(visit, "miss"), "user-x")
    if stage in IN_A_ROOM and actor.may("rooming.sign_note"):
        yield day.NextAction(_("Hand-off and note"), _at("provider", visit.public_id), "file-text", is_link=True)
    if stage in (Stage.ROOMING, Stage.READY) and actor.may("visits.see_patient"):
        yield day.NextAction(_("Go in now"), _step_url(visit, "start_provider"), "log-in")
    if stage in IN_A_ROOM and actor.may("visits.room"):
        yield day.NextAction(_("Take over"), _at("visit-take-over", visit.public_id), "hand")
    if stage in (Stage.ROOMING, Stage.WITH_PROVIDER) and actor.may("visits.check_out"):
        yield day.NextAction(_("To check-out"), _step_url(visit, "begin_check_out"), "arrow-right")
    if STAGE_KINDS[stage] in ("waiting", "active") and actor.may("visits.check_in"):
        yield day.NextAction(_("Left early"), _at("visit-left", visit.public_id), "log-out", is_link=True)


def _whose(visit: Visit, permission: str) -> str:
    if permission == "visits.see_patient" and visit.provider:
        return _("Done by %(who)s.") % {"who": visit.provider.shown_name}
    return _(WHOSE[permission])


def _step_url(visit: Visit, step: str) -> str:
    return _at("visit-step", visit.public_id, step)


def room_tile(actor: Actor, use: RoomUse) -> day.RoomTile:
    """One room as a tile: its state, who is in it, and what to do with it."""
    visit = use.visit
    return day.RoomTile(
        name=use.room.name,
        state=_(ROOM_WORDS[RoomState(use.state)]),
        since=use.since,
        warn=10 if use.state == RoomState.DIRTY else 0,
        late=20 if use.state == RoomState.DIRTY else 0,
        who=visit.patient.called_name if visit else "",
        hue=visit.patient.hue if visit else None,
        note=_("after %(what)s") % {"what": use.after} if use.after else "",
        url=_at("visit", visit.public_id) if visit else "",
        next=_room_next(actor, use),
    )


def _room_next(actor: Actor, use: RoomUse) -> day.NextAction | None:
    steps = {RoomState.DIRTY: ("start_cleaning", "Clean"), RoomState.CLEANING: ("finish_cleaning", "Ready")}
    if use.state not in steps:
        return None
    step, label = steps[RoomState(use.state)]
    url = _at("room-step", use.room.public_id, step)
    return day.NextAction(_(label), url, "sparkles", actor.may("visits.clean_room"))
