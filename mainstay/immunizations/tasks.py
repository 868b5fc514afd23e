"""What the worker does for vaccines: the practice's list, every night and when somebody asks for it."""

from __future__ import annotations

from contextlib import suppress

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from mainstay.foundation import clock
from mainstay.foundation.actor import Actor, the_system
from mainstay.immunizations import actions
from mainstay.immunizations.models import DueRun, RunState
from mainstay.immunizations.queries import run_in_hand
from mainstay.practice.queries import open_sites
from mainstay.work.queries.clocks import NO_SITE_ZONE

NIGHT_HOUR = 2
"""The hour of the first site's night after which everybody is reckoned anew."""


def _mainstay() -> Actor:
    sites = open_sites()
    return the_system(now=clock.now(), zone=sites[0].zone if sites else NO_SITE_ZONE)


@app.task(name="reckon_due", queueing_lock="reckon_due", lock="reckon_due")
def reckon_due() -> None:
    """Go on with the run in hand until it is finished or somebody stops it.

    Killed in the middle, the job is given to another worker, which goes on after the last stretch that was written.
    """
    run = run_in_hand()
    while run is not None and run.state == RunState.RUNNING:
        run = actions.reckon_stretch(actor=_mainstay(), run=run)


@app.periodic(cron="11 * * * *")
@app.task(name="reckon_due_nightly", queueing_lock="reckon_due_nightly")
def reckon_due_nightly(timestamp: int) -> None:
    """Start the night's run, once, at the first site's night; take up one that lost its worker."""
    system = _mainstay()
    run = run_in_hand()
    is_night = system.now.astimezone(system.zone).hour == NIGHT_HOUR
    if is_night and not DueRun.objects.filter(as_of=system.today).exists():
        run = actions.start_due_run(actor=system)
    if run is not None and run.state == RunState.RUNNING:
        go_on()


def go_on() -> None:
    """Let the worker go on with the run in hand; one job waiting is enough."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        reckon_due.defer()
