"""What the worker does for the installation itself."""

from __future__ import annotations

import os
from zoneinfo import ZoneInfo

from procrastinate import JobContext
from procrastinate.contrib.django import app

from mainstay.config import installation, keeping
from mainstay.foundation import backup, clock
from mainstay.foundation.database.purpose import Purpose


@app.periodic(cron="* * * * *")
@app.task(name="retry_stalled_jobs", queueing_lock="retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Give jobs of a worker that was killed to another one: what was promised is done."""
    for job in await context.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=60):
        await context.app.job_manager.retry_job(job)


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
