"""What the worker does for the schedule."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from procrastinate.contrib.django import app

from mainstay.foundation import clock
from mainstay.foundation.actor import the_system
from mainstay.practice.queries import open_sites
from mainstay.scheduling import actions


@app.periodic(cron="*/5 * * * *")
@app.task(name="let_offers_run_out", queueing_lock="let_offers_run_out")
def let_offers_run_out(timestamp: int) -> None:
    """Ask the next in line when an offer was not answered in time."""
    actions.let_offers_run_out(actor=the_system(now=clock.now(), zone=ZoneInfo("UTC")))


@app.periodic(cron="20 * * * *")
@app.task(name="owe_due_recalls", queueing_lock="owe_due_recalls")
def owe_due_recalls(timestamp: int) -> None:
    """Put recalls that are due on the front desk's list; each hour, because days begin at each site's own midnight."""
    now = clock.now()
    zone = min(
        (site.zone for site in open_sites()), key=lambda one: now.astimezone(one).date(), default=ZoneInfo("UTC")
    )
    actions.owe_due_recalls(actor=the_system(now=now, zone=zone))
