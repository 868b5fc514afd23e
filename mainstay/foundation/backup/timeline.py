"""Going back to a point in time: a base copy of the data directory, and the log of every change since."""

from __future__ import annotations

import os
import shlex
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from mainstay.foundation.backup.dump import run_tool
from mainstay.foundation.backup.record import BackupRecord
from mainstay.foundation.database import Cluster, DatabaseTrouble
from mainstay.foundation.database.provision import EDITION

PASSWORDS = "*.password"


def keep_log(folder: Path, cluster: Cluster) -> None:
    """Make the folder finished write-ahead log goes to; the server's next start uses it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chown(folder, cluster.user.uid, cluster.user.gid)


def write_base(record: BackupRecord, cluster: Cluster) -> None:
    """Add a base copy to a backup; raises `DatabaseTrouble`.

    A fast checkpoint is asked for, else the copy would wait minutes for the next one to come round.
    """
    draft = record.base.with_name("base.part")
    command = [cluster.binaries.program("pg_basebackup"), "-D", str(draft), "-c", "fast", "-X", "stream"]
    run_tool([*command, "--no-password"], cluster.admin_address())
    for secret in cluster.root.glob(PASSWORDS):
        shutil.copy(secret, draft / secret.name)
    draft.rename(record.base)


def finish_log(log: Path, cluster: Cluster) -> None:
    """Bring everything that happened so far into the kept log; raises `DatabaseTrouble` if that takes over a minute.

    A transaction of its own comes last: recovery to a time ends at the first one after it.
    """
    with psycopg.connect(**cluster.admin_address().parameters(), autocommit=True) as admin:
        admin.execute("SELECT pg_current_xact_id()")
        row = admin.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()
    assert row is not None
    begun = time.monotonic()
    while not (log / f"{row[0]}.gz").exists():
        if time.monotonic() - begun > 60:
            raise DatabaseTrouble(f"The write-ahead log does not arrive in {log}. Is the disk full?")
        time.sleep(0.1)


def drop_old_log(log: Path, oldest: BackupRecord, cluster: Cluster) -> None:
    """Delete log no kept base needs, by the label file of the oldest one."""
    label = (oldest.base / "backup_label").read_text()
    first = label.split("(file ", 1)[1].split(")", 1)[0]
    run_tool([cluster.binaries.program("pg_archivecleanup"), "-x", ".gz", str(log), first], cluster.admin_address())


def restore_until(record: BackupRecord, log: Path, target: Cluster, *, until: datetime) -> datetime | None:
    """Make `target` what the database was at `until`, from a base and the log after it; returns the last change's time.

    Raises `DatabaseTrouble` when the backup has no base, the base is younger, the log ends too early,
    or the target is not empty.
    """
    if not record.base.is_dir():
        raise DatabaseTrouble(f"{record.folder} has no base copy: it can be restored, but not to a point in time.")
    if until < record.begun:
        raise DatabaseTrouble(f"This backup was begun at {record.begun:%Y-%m-%d %H:%M:%S} UTC. Use an earlier one.")
    if target.pgdata.exists():
        raise DatabaseTrouble(f"{target.root} already holds a database. Choose an empty folder with --data-dir.")
    lay_out(record, target)
    command = f"gunzip -c {shlex.quote(str(log)).replace('%', '%%')}/%f.gz > %p"
    wishes = {
        "restore_command": command,
        "recovery_target_time": until.astimezone(UTC).isoformat(sep=" "),
        "recovery_target_action": "promote",
    }
    with (target.pgdata / "postgresql.auto.conf").open("a") as settings:
        settings.writelines(f"{key} = '{value.replace(chr(39), chr(39) * 2)}'\n" for key, value in wishes.items())
    (target.pgdata / "recovery.signal").touch()
    own(target)
    try:
        target.start()
    except DatabaseTrouble as trouble:
        if "before configured recovery target was reached" in str(trouble):
            raise DatabaseTrouble(f"The kept log in {log} ends before {until.isoformat()}.") from trouble
        raise
    return settle(target, list(wishes))


def lay_out(record: BackupRecord, target: Cluster) -> None:
    """Copy the base and the passwords where the target's server looks for them."""
    target.make_root()
    shutil.copytree(record.base, target.pgdata)
    target.pgdata.chmod(0o700)
    for secret in target.pgdata.glob(PASSWORDS):
        shutil.move(secret, target.root / secret.name)
    (target.root / "provisioned").write_text(EDITION)


def own(target: Cluster) -> None:
    """Give the copied files to the server's user."""
    if not target.user.is_ourselves:
        for path in [target.pgdata, *target.pgdata.rglob("*")]:
            os.chown(path, target.user.uid, target.user.gid, follow_symlinks=False)


def settle(target: Cluster, settings: list[str]) -> datetime | None:
    """Wait for the end of recovery and forget its settings; returns when the last restored change was made."""
    with psycopg.connect(**target.admin_address().parameters(), autocommit=True) as admin:
        while True:
            row = admin.execute("SELECT pg_is_in_recovery(), pg_last_xact_replay_timestamp()").fetchone()
            assert row is not None
            if not row[0]:
                break
            time.sleep(0.1)
        for setting in settings:
            admin.execute(f"ALTER SYSTEM RESET {setting}")
    last: datetime | None = row[1]
    return last
