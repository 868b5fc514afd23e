"""What made many items is settled for some of them: those nobody has begun are finished, the others get a note."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.dates import spell_date, spell_time
from mainstay.work.lifecycle import WorkState, work_lifecycle
from mainstay.work.models import WorkItem, WorkStep

WAITING = (WorkState.OPEN, WorkState.TAKEN)


@dataclass(frozen=True, slots=True)
class Note:
    """A line more on an item, and the title it has from now on; empty: as before."""

    item: WorkItem
    line: str
    title: str = ""


def waiting_of(causes: Collection[str]) -> list[WorkItem]:
    """The open items of some causes, each held until the transaction ends, in one order for everybody."""
    rows = WorkItem.objects.select_for_update(of=("self",)).filter(once_key__in=causes, state__in=WAITING)
    return list(rows.select_related("owner").order_by("pk"))


@transaction.atomic
def finish_each(*, actor: Actor, items: Sequence[WorkItem], outcome: str) -> None:
    """Finish items held by `waiting_of`: what made them is settled. Done by the system itself, as `finish_cause`."""
    finish = {"name": "finish", "at": actor.now, "by_id": actor.staff_id, "reason": outcome[:300]}
    steps = []
    for item in items:
        target = work_lifecycle.check("finish", WorkState(item.state))
        steps.append(WorkStep(item=item, source=item.state, target=target, **finish))
        item.state, item.outcome = target, outcome[:300]
    WorkItem.objects.bulk_update(items, ["state", "outcome"])
    WorkStep.objects.bulk_create(steps)


@transaction.atomic
def note_on_each(*, actor: Actor, notes: Sequence[Note]) -> None:
    """Write a line more, with its day and time, on items held by `waiting_of`, whoever has them."""
    at = actor.now.astimezone(actor.zone)
    for note in notes:
        line = f"{spell_date(at.date())} {spell_time(at.time())}: {note.line}"
        note.item.detail = f"{note.item.detail}\n{line}".strip()
        note.item.title = (note.title or note.item.title)[:160]
    WorkItem.objects.bulk_update([note.item for note in notes], ["detail", "title"])
