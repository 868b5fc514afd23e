"""What is still open when the day ends, each with the one thing to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from mainstay.foundation import clock
from mainstay.foundation.actor import Actor
from mainstay.foundation.components.timing import spell_moment
from mainstay.practice.models import Site
from mainstay.rooming.lifecycle import NOTE_OWED
from mainstay.rooming.models import AbnormalLoop, ProviderNote
from mainstay.visits.lifecycle import IN_THE_CLINIC, ROOM_WORDS, STAGE_WORDS, RoomState, Stage, visit_lifecycle
from mainstay.visits.models import RoomUse, Visit
from mainstay.work.models import Handoff
from mainstay.work.queries import pool_title, work_owed, work_waiting


@dataclass(frozen=True, slots=True)
class OpenLoop:
    """One open thing: what, whose, where it is settled, and what to do there."""

    text: str
    whose: str
    url: str
    do: str


@dataclass(frozen=True, slots=True)
class OpenSection:
    """Open things of one kind."""

    title: str
    loops: tuple[OpenLoop, ...]


def open_at_end_of_day(actor: Actor, site: Site) -> Sequence[OpenSection]:
    """Everything still open at a site today, by kind, what may harm somebody first.

    Kinds with nothing open are left out. Six queries.
    """
    sections = (
        (_("Abnormal values not closed"), _values(site)),
        (_("Work due today"), _work(actor)),
        (_("Hand-offs nobody acknowledged"), _handoffs(site)),
        (_("Visits not closed"), _visits(actor, site)),
        (_("Notes not signed"), _notes(site)),
        (_("Rooms not ready"), _rooms(site)),
    )
    found = (OpenSection(title, tuple(loops)) for title, loops in sections)
    return [section for section in found if section.loops]


def _visits(actor: Actor, site: Site) -> Iterable[OpenLoop]:
    past = Q(stage=Stage.EXPECTED, expected_at__lte=actor.now)
    rows = Visit.objects.filter(past | Q(stage__in=IN_THE_CLINIC), site=site, day__lte=actor.today)
    for visit in rows.select_related("patient", "provider", "held_by").order_by("day", "expected_at"):
        stage = Stage(visit.stage)
        at_the_door = stage in (Stage.AFTER_PROVIDER, Stage.CHECKING_OUT)
        do = _("Say what became of it") if stage is Stage.EXPECTED else _("Open the visit")
        who = visit.held_by or visit.provider
        yield OpenLoop(
            f"{visit.patient.called_name} · {_(STAGE_WORDS[stage])}",
            who.shown_name if who else "",
            reverse("visit-check-out" if at_the_door else "visit", args=[visit.public_id]),
            _("Check out") if at_the_door else do,
        )


def _values(site: Site) -> Iterable[OpenLoop]:
    rows = AbnormalLoop.objects.filter(visit__site=site).exclude(state="closed")
    for loop in rows.select_related("visit__patient", "told_to").order_by("-is_now", "opened_at"):
        whose = loop.told_to.shown_name if loop.told_to else ""
        url = reverse("rooming", args=[loop.visit.public_id])
        do = {"open": _("Tell the provider"), "told": _("Write the answer")}.get(loop.state, _("Close"))
        yield OpenLoop(f"{loop.visit.patient.called_name}: {loop.message}", whose, url, do)


def _notes(site: Site) -> Iterable[OpenLoop]:
    """Drafts of visits that still run, and every note owed since a visit was over, with when it is due."""
    for item in work_owed(site, NOTE_OWED):
        who = item.patient.called_name if item.patient else item.title
        text = _("%(who)s · due %(when)s") % {"who": who, "when": spell_moment(item.due_at)}
        yield OpenLoop(text, item.owner.shown_name if item.owner else "", item.url, _("Sign"))
    rows = ProviderNote.objects.filter(visit__site=site, state="draft").exclude(visit__stage__in=visit_lifecycle.final)
    for note in rows.select_related("visit__patient", "author").order_by("created_at"):
        url = reverse("provider", args=[note.visit.public_id])
        yield OpenLoop(note.visit.patient.called_name, note.author.shown_name, url, _("Sign"))


def _handoffs(site: Site) -> Iterable[OpenLoop]:
    rows = Handoff.objects.filter(given_to__home_site=site, acknowledged_at=None, withdrawn_at=None)
    for handoff in rows.select_related("patient", "given_to").order_by("-is_urgent", "given_at"):
        who = f"{handoff.patient.called_name}: " if handoff.patient else ""
        do = _("Ask for the acknowledgement")
        yield OpenLoop(f"{who}{handoff.situation[:120]}", handoff.given_to.shown_name, reverse("work"), do)


def _work(actor: Actor) -> Iterable[OpenLoop]:
    _start, end = clock.site_day(actor.today, actor.zone)
    for item in work_waiting(actor, show="all").exclude(kind=NOTE_OWED).filter(due_at__lt=end):
        whose = item.owner.shown_name if item.owner else pool_title(item.pool)
        url = reverse("work-item", args=[item.public_id])
        who = f"{item.patient.called_name}: " if item.patient else ""
        yield OpenLoop(f"{who}{item.title}", whose, url, _("Finish or hand on"))


def _rooms(site: Site) -> Iterable[OpenLoop]:
    rows = RoomUse.objects.filter(room__site=site, room__is_in_use=True, visit=None).exclude(
        state__in=["ready", "out_of_service"]
    )
    for use in rows.select_related("room").order_by("room__position", "room__name"):
        state = _("to clean") if use.state == RoomState.DIRTY else _(ROOM_WORDS[RoomState(use.state)])
        yield OpenLoop(f"{use.room.name} · {state}", "", reverse("board"), _("Clean it"))
