"""What the worker does for the schedule."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from procrastinate.contrib.django import app

from mainstay.foundation import clock
from mainstay.foundation.actor import the_system
from mainstay.scheduling import actions


@app.periodic(cron="*/5 * * * *")
@app.task(name="let_offers_run_out", queueing_lock="let_offers_run_out")
def let_offers_run_out(timestamp: int) -> None:
    """Ask the next in line when an offer was not answered in time."""
    actions.let_offers_run_out(actor=the_system(now=clock.now(), zone=ZoneInfo("UTC")))
