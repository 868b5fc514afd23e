"""The backups kept, and whether one is being made."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from procrastinate.contrib.django.models import ProcrastinateJob

from mainstay.foundation.actor import Actor
from mainstay.foundation.backup import BackupRecord, backups_in
from mainstay.practice.permissions import BACK_UP


def backups_kept(actor: Actor) -> Sequence[BackupRecord]:
    """The finished backups in the data folder, newest first."""
    actor.may(BACK_UP).or_raise()
    return backups_in(Path(os.environ.get("MAINSTAY_DATA_DIR", "/nonexistent")) / "backups")[::-1]


def backup_is_under_way() -> bool:
    """Whether the worker makes a backup that somebody asked for, or is about to."""
    asked = ProcrastinateJob.objects.filter(task_name="back_up_now", status__in=("todo", "doing"))
    return bool(asked.exists())
