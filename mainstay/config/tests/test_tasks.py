"""What the worker does for the installation itself."""

import uuid
from datetime import timedelta
from types import SimpleNamespace

import pgtrigger
import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from mainstay.config import keeping, tasks
from mainstay.config.demo import filling
from mainstay.foundation import backup, clock
from mainstay.foundation.access import log_read
from mainstay.foundation.anchoring import NAME
from mainstay.foundation.models import AccessRecord
from mainstay.foundation.testing import an_actor
from mainstay.work.models import WorkItem


def test_the_worker_knows_every_task_it_must_run_by_itself():
    crons = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert crons["retry_stalled_jobs"] == "* * * * *"
    assert crons["back_up_if_due"] == "*/10 * * * *"
    assert crons["anchor_access_log"] == "* * * * *"


@pytest.mark.django_db
def test_rows_cut_off_the_access_log_become_work_once(tmp_path, monkeypatch):
    here = SimpleNamespace(place=SimpleNamespace(folder=tmp_path))
    monkeypatch.setattr(tasks.installation, "here", lambda: here)
    for _ in range(3):
        log_read(an_actor(), kind="patient", subject=uuid.uuid4(), what="chart")
    tasks.anchor_access_log(0)
    assert not WorkItem.objects.exists()
    with pgtrigger.ignore("foundation.AccessRecord:append_only"):
        AccessRecord.objects.order_by("-pk").first().delete()
    tasks.anchor_access_log(0)
    tasks.anchor_access_log(0)
    owed = WorkItem.objects.get()
    assert owed.pool == "lead" and "1 of them are gone" in owed.detail and str(tmp_path / NAME) in owed.detail


@pytest.fixture
def nights(monkeypatch):
    made = []
    monkeypatch.setattr(keeping, "nightly", lambda chosen, now: made.append(now))
    monkeypatch.setattr(tasks.installation, "here", lambda: None)
    return made


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("environment", "hours_ago", "expected"), [("practice", 30, 1), ("practice", 0.1, 0), ("demo", 30, 0)]
)
def test_only_a_practice_without_a_fresh_backup_is_backed_up(nights, monkeypatch, environment, hours_ago, expected):
    monkeypatch.setenv("MAINSTAY_ENVIRONMENT", environment)
    last = clock.now() - timedelta(hours=hours_ago)
    monkeypatch.setattr(backup, "state_here", lambda: backup.BackupState(last))
    monkeypatch.setattr(backup, "is_due", lambda last, now, zone: now - last > timedelta(hours=24))
    tasks.back_up_if_due(0)
    assert len(nights) == expected


@pytest.mark.django_db
def test_a_backup_that_fails_is_noted_for_the_screen_and_raised(tmp_path, monkeypatch):
    from mainstay.config.installation import Installation
    from mainstay.foundation.database import DatabaseTrouble, Place

    def full(*args, **kwargs):
        raise DatabaseTrouble("the disk is full")

    monkeypatch.setattr(keeping, "write", full)
    with pytest.raises(DatabaseTrouble):
        keeping.nightly(Installation(Place(tmp_path), None), now=clock.now())
    assert backup.backup_state(tmp_path / "backups").failure == "the disk is full"


def left_by_a_killed_worker(name, lock=None):
    app.configure_task(name, queueing_lock=lock).defer()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE task_name = %s RETURNING id", [name])
        return cursor.fetchone()[0]


def states():
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, status::text FROM procrastinate_jobs")
        return dict(cursor.fetchall())


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_worker_left_is_done_by_another():
    plain = left_by_a_killed_worker("forget_old_answers")
    come_round = left_by_a_killed_worker("back_up_if_due", lock="back_up_if_due")
    again = app.configure_task("back_up_if_due", queueing_lock="back_up_if_due").defer()
    last = left_by_a_killed_worker("deliver_event")
    async_to_sync(tasks.retry_stalled_jobs.func)(SimpleNamespace(app=app), 0)
    found = states()
    assert {job: found.get(job) for job in (plain, again, last)} == {plain: "todo", again: "todo", last: "todo"}
    assert come_round not in found


@pytest.mark.django_db
def test_a_demo_stopped_while_it_grows_is_grown_on_by_one_task(monkeypatch):
    monkeypatch.setattr(filling, "how_many", lambda: 40)
    entered = []
    monkeypatch.setattr(filling, "enter_patients", lambda system, number: entered.append(number))
    tasks.grow_demo()
    tasks.grow_demo()
    assert entered == [20, 20]
    assert ProcrastinateJob.objects.filter(task_name="grow_demo", status="todo").count() == 1
