"""When a backup is due, and what the screen says about the last one."""

from __future__ import annotations

import functools
import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from mainstay.foundation.backup.record import latest_in

NIGHT_BEGINS, NIGHT_ENDS = 1, 5
LONGEST_WITHOUT = timedelta(hours=24)
FAILURE = "last-failure.json"


@dataclass(frozen=True, slots=True)
class BackupState:
    """When the last backup was made, and why the one after it failed, if it did."""

    last: datetime | None
    failure: str = ""

    def is_overdue(self, now: datetime) -> bool:
        """Whether somebody should be told: none for more than 26 hours."""
        return self.last is None or now - self.last > LONGEST_WITHOUT + timedelta(hours=2)


def is_due(last: datetime | None, *, now: datetime, zone: ZoneInfo) -> bool:
    """Once a night between 1 and 5 at the practice; by day only if the machine slept through the night."""
    if last is None or now - last > LONGEST_WITHOUT:
        return True
    local = now.astimezone(zone)
    tonight = local.replace(hour=NIGHT_BEGINS, minute=0, second=0, microsecond=0)
    return NIGHT_BEGINS <= local.hour < NIGHT_ENDS and last < tonight


def backup_state(folder: Path) -> BackupState:
    """The state of the backups in a folder; asks the files, so a deleted backup does not count."""
    latest = latest_in(folder)
    last = latest.begun if latest else None
    try:
        written = json.loads((folder / FAILURE).read_text())
        failed_at = datetime.fromisoformat(written["at"])
    except (OSError, ValueError, KeyError):
        return BackupState(last)
    return BackupState(last, written["reason"] if last is None or failed_at > last else "")


def state_here() -> BackupState:
    """The state of this installation's own backups, for the foot of every page: read anew when the folder changed."""
    folder = Path(os.environ.get("MAINSTAY_DATA_DIR", "/nonexistent")) / "backups"
    return _state_at(folder, folder.stat().st_mtime_ns) if folder.is_dir() else BackupState(None)


@functools.lru_cache(maxsize=4)
def _state_at(folder: Path, changed: int) -> BackupState:
    return backup_state(folder)


def note_failure(folder: Path, *, reason: str, now: datetime) -> None:
    """Remember why a backup failed, for the screen."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / f"{FAILURE}.part"
    draft.write_text(json.dumps({"at": now.isoformat(), "reason": reason}))
    draft.rename(folder / FAILURE)
