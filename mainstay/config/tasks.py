"""What the worker runs for the whole program."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from procrastinate.contrib.django import app

from mainstay.foundation import clock
from mainstay.foundation.actor import the_system


@app.task(name="grow_demo", queueing_lock="grow_demo")
def grow_demo() -> None:
    """Register some more of the demo clinic's patients, and come again until all are there."""
    from mainstay.config.demo.filling import GROW_BY, enter_patients, how_many
    from mainstay.people.models import Patient

    there = Patient.objects.count()
    if there >= how_many():
        return
    system = the_system(now=clock.now(), zone=ZoneInfo("America/New_York"))
    enter_patients(system, min(there + GROW_BY, how_many()))
    grow_demo.defer()
