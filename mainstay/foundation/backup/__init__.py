"""Backups: a consistent dump with its own proof, a base for restoring to a point in time, and both ways back."""

from mainstay.foundation.backup.dump import write_dump
from mainstay.foundation.backup.fingerprint import Fingerprint, differences, fingerprints
from mainstay.foundation.backup.record import BackupRecord, backups_in, latest_in, read_record, superfluous
from mainstay.foundation.backup.restore import restore_dump
from mainstay.foundation.backup.schedule import BackupState, backup_state, is_due, note_failure, state_here
from mainstay.foundation.backup.timeline import drop_old_log, finish_log, keep_log, restore_until, write_base

__all__ = [
    "BackupRecord",
    "BackupState",
    "Fingerprint",
    "backup_state",
    "backups_in",
    "differences",
    "drop_old_log",
    "fingerprints",
    "finish_log",
    "is_due",
    "keep_log",
    "latest_in",
    "note_failure",
    "read_record",
    "restore_dump",
    "restore_until",
    "state_here",
    "superfluous",
    "write_base",
    "write_dump",
]
