"""What the worker does for who works here."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from procrastinate.contrib.django import app

from mainstay.foundation import clock
from mainstay.foundation.actor import Actor, the_system
from mainstay.workforce import actions
from mainstay.workforce.queries import first_zone


@app.periodic(cron="25 * * * *")
@app.task(name="remind_of_credentials", queueing_lock="remind_of_credentials")
def remind_of_credentials(timestamp: int) -> None:
    """Remind of credentials that end in 180, 90, 60, 30 or 7 days; every hour, told once each."""
    actions.remind_of_credentials(actor=_actor())


@app.periodic(cron="*/10 * * * *")
@app.task(name="end_stale_presences", queueing_lock="end_stale_presences")
def end_stale_presences(timestamp: int) -> None:
    """End the presence of people whose shift is over."""
    actions.end_stale_presences(actor=_actor())


def _actor() -> Actor:
    return the_system(now=clock.now(), zone=ZoneInfo(first_zone()))
