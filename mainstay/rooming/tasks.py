"""What the worker does for rooming: the huddle sheet of the next day, overnight."""

from __future__ import annotations

from procrastinate.contrib.django import app

from mainstay.foundation import clock
from mainstay.foundation.actor import the_system
from mainstay.practice.queries import open_sites
from mainstay.rooming import actions
from mainstay.rooming.queries import day_to_plan

BUILT_AT = 20
"""The hour of the site's evening after which the next day's sheet is built."""


@app.periodic(cron="5 * * * *")
@app.task(name="build_huddles", queueing_lock="build_huddles")
def build_huddles(timestamp: int) -> None:
    """Build the next day's sheet of every site whose evening it is."""
    for site in open_sites():
        actor = the_system(now=clock.now(), zone=site.zone)
        if actor.now.astimezone(site.zone).hour == BUILT_AT:
            actions.build_huddle(actor=actor, site=site, day=day_to_plan(site, today=actor.today))
