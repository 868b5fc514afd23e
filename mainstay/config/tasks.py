"""What the worker runs for the whole program."""

from __future__ import annotations

import os
from contextlib import suppress
from zoneinfo import ZoneInfo

from django.db import transaction
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Status

from mainstay.config import installation, keeping
from mainstay.foundation import backup, clock
from mainstay.foundation.actor import the_system
from mainstay.foundation.anchoring import NAME, REMEDY, move_anchor
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


@app.periodic(cron="* * * * *")
@app.task(name="anchor_access_log", queueing_lock="anchor_access_log", lock="anchor_access_log")
def anchor_access_log(timestamp: int) -> None:
    """Write down outside the database where the access log ends; that rows are gone becomes work, once."""
    from mainstay.work.actions import owe

    folder = installation.here().place.folder
    if gone := move_anchor(folder, now=clock.now()):
        owe(
            actor=the_system(now=clock.now(), zone=ZoneInfo("UTC")),
            kind="access_log",
            title="Tell the privacy officer: the access log was changed",
            detail=f"{gone} {REMEDY.format(file=folder / NAME)}",
            band="R3",
            pool="lead",
        )


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


@app.task(name="import_list")
def import_list(batch_id: int) -> None:
    """Bring a long list in, part by part; begun again after a crash it goes on where it was."""
    from mainstay.config.importing.actions import import_next_lines
    from mainstay.config.importing.reading import read_sheet
    from mainstay.practice.models import ImportBatch
    from mainstay.workforce.middleware import actor_from
    from mainstay.workforce.models import Staff

    batch = ImportBatch.objects.get(pk=batch_id)
    if batch.ran_at is not None:
        return
    staff = Staff.objects.select_related("home_site").get(pk=batch.staff_id)
    zone = staff.home_site.zone if staff.home_site else ZoneInfo("UTC")
    actor = actor_from(staff, site_id=staff.home_site_id, zone=zone, session="import")
    sheet = read_sheet(batch.kind, batch.text)
    while batch.ran_at is None:
        batch = import_next_lines(actor=actor.at(clock.now()), batch=batch, sheet=sheet)


@app.periodic(cron="25 * * * *")
@app.task(name="forget_held_lists", queueing_lock="forget_held_lists")
def forget_held_lists(timestamp: int) -> None:
    """Clear the text of lists nobody brought in within a day."""
    from mainstay.config.importing.actions import forget_held_lists as forget

    forget(actor=the_system(now=clock.now(), zone=ZoneInfo("UTC")))


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
    with suppress(AlreadyEnqueued), transaction.atomic():  # a start in between has asked for it already
        grow_demo.defer()
