"""What the worker does for work: clocks that run out, things that never came."""

from __future__ import annotations

from procrastinate.contrib.django import app

from mainstay.foundation import clock
from mainstay.foundation.actor import Actor, the_system
from mainstay.work import actions
from mainstay.work.queries.clocks import NO_SITE_ZONE


def _mainstay() -> Actor:
    return the_system(now=clock.now(), zone=NO_SITE_ZONE)


@app.periodic(cron="* * * * *")
@app.task(name="escalate_work", queueing_lock="escalate_work")
def escalate_work(timestamp: int) -> None:
    """Tell the next person about every clock that ran out; each minute, because the shortest clock is five."""
    actions.escalate_work(actor=_mainstay())


@app.periodic(cron="*/5 * * * *")
@app.task(name="raise_what_never_came", queueing_lock="raise_what_never_came")
def raise_what_never_came(timestamp: int) -> None:
    """Turn everything that is overdue into work."""
    actions.raise_what_never_came(actor=_mainstay())
