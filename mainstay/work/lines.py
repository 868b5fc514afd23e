"""How an item of the queue reads: its band, its clock in words, how far it has escalated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from mainstay.foundation.actor import Actor
from mainstay.foundation.decisions import Decision
from mainstay.work.lifecycle import Band, WorkState
from mainstay.work.models import WorkItem
from mainstay.work.queries.clocks import spell_left
from mainstay.work.queries.standing import may_close
from mainstay.work.rules import band_clocks, pools

ESCALATED = {1: "Half its time is used", 2: "The lead was told", 3: "The manager was told"}
TICKS_BELOW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One item as the queue shows it."""

    item: WorkItem
    band_title: str
    band_short: str
    look: str
    left: str
    is_late: bool
    ticks: bool
    escalated: str
    pool: str
    is_mine: bool
    is_open: bool
    may_close: Decision


def queue_line(item: WorkItem, actor: Actor) -> QueueLine:
    """An item as this person sees it now."""
    band = Band(item.band)
    left = item.due_at - actor.now
    pool = pools().get(item.pool)
    return QueueLine(
        item=item,
        band_title=band_clocks()[band].title,
        band_short=band_clocks()[band].short,
        look="band-clinical" if band.rank <= Band.R1.rank else "band-urgent" if band is Band.R2 else "",
        left=spell_left(item.due_at, actor.now),
        is_late=left <= timedelta(),
        ticks=timedelta() < left < TICKS_BELOW,
        escalated=ESCALATED.get(item.escalated_to, ""),
        pool=pool.title if pool else item.pool.replace("_", " "),
        is_mine=item.owner_id is not None and item.owner_id == actor.staff_id,
        is_open=item.state in (WorkState.OPEN, WorkState.TAKEN),
        may_close=may_close(actor, item),
    )
