"""Telling the next person when a clock runs out."""

from __future__ import annotations

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.outbox import publish
from mainstay.work.events import WorkEscalated
from mainstay.work.lifecycle import Band, WorkState
from mainstay.work.models import WorkItem
from mainstay.work.queries.clocks import Calendars
from mainstay.work.rules import Escalation, band_clocks, escalation, escalation_times

LEVELS = (Escalation.NONE, Escalation.REMIND, Escalation.LEAD, Escalation.MANAGER)


@transaction.atomic
def escalate_work(*, actor: Actor) -> int:
    """Raise every open item whose clock has passed 50, 100 or 150 %; returns how many were raised.

    Time runs in the open hours of the item's own site. Rows somebody else holds are left for the next minute.
    """
    calendars, raised = Calendars(at=actor.now), 0
    rows = WorkItem.objects.select_for_update(of=("self",), skip_locked=True).filter(
        state__in=[WorkState.OPEN, WorkState.TAKEN], escalated_to__lt=len(LEVELS) - 1
    )
    late = rows.filter(escalated_to=0) | rows.filter(due_at__lte=actor.now)
    for item in late.select_related("site"):
        hours, zone = calendars.of(item.site)
        clock = band_clocks()[Band(item.band)].clock
        times = escalation_times(item.received_at, item.due_at, clock, hours, zone)
        level = LEVELS.index(escalation(actor.now, times))
        if level > item.escalated_to:
            item.escalated_to = level
            item.save()
            publish(WorkEscalated(item_id=item.pk, level=level))
            raised += 1
    return raised
