"""What the worker runs for the whole program."""

from __future__ import annotations

import os
from zoneinfo import ZoneInfo

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status

from mainstay.config import installation, keeping
from mainstay.foundation import backup, clock
from mainstay.foundation.actor import the_system
from mainstay.foundation.database.purpose import Purpose


@app.periodic(cron="* * * * *")
@app.task(name="retry_stalled_jobs", queueing_lock="retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Give jobs of a worker that was killed to another one: what was promised is done.

    One that waits again already, as those that come round by the clock do, is dropped.
    """
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=60):
        try:
            await manager.retry_job(job)
        except ConnectorException:
            await manager.finish_job(job, status=Status.FAILED, delete_job=True)


@app.periodic(cron="*/10 * * * *")
@app.task(name="back_up_if_due", queueing_lock="back_up_if_due", lock="backup")
def back_up_if_due(timestamp: int) -> None:
    """Back up a real practice once a night, by the clock of its first site."""
    from mainstay.practice.models import Site

    if os.environ.get("MAINSTAY_ENVIRONMENT") != Purpose.PRACTICE:
        return
    now, site = clock.now(), Site.objects.order_by("pk").first()
    zone = site.zone if site is not None else ZoneInfo("UTC")
    if backup.is_due(backup.state_here().last, now=now, zone=zone):
        keeping.nightly(installation.here(), now=now)


@app.task(name="back_up_now", queueing_lock="back_up_now")
def back_up_now() -> None:
    """Make a backup because somebody asked for one; a failure is noted for the screen and raised."""
    from mainstay.config import installation, keeping

    keeping.nightly(installation.here(), now=clock.now())


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
