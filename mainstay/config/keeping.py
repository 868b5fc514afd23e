"""The verbs that keep what an installation holds: backup and restore, and the nightly backup of the worker."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from datetime import datetime
from pathlib import Path

from mainstay import __version__
from mainstay.config import installation
from mainstay.config.installation import Installation
from mainstay.foundation import backup as backups
from mainstay.foundation import clock
from mainstay.foundation.backup import BackupRecord
from mainstay.foundation.database import Binaries, Cluster, DatabaseTrouble, find_binaries, place_at
from mainstay.foundation.errors import InvalidInput


def backup(argv: list[str]) -> int:
    """`mainstay backup`: write a backup, prove it, and say where it is."""
    parser = argparse.ArgumentParser(
        "mainstay backup",
        description="Write a backup into a new folder: a dump, with the count and checksum of every table. "
        "It runs while everybody works, and shows the moment it was begun.",
    )
    parser.add_argument(
        "--to", default="", metavar="FOLDER", help="where backups are kept (default: in the data folder)"
    )
    parser.add_argument("--point-in-time", action="store_true",
                        help="add a base copy; with the kept log, every later moment can be restored")  # fmt: skip
    parser.add_argument("--data-dir", default="", metavar="FOLDER", help="the installation meant")
    parser.add_argument("--json", action="store_true", help="print the record as JSON")
    asked = parser.parse_args(argv)
    chosen = installation.choose(asked.data_dir)
    if chosen.cluster is not None and not chosen.cluster.pgdata.exists():
        raise InvalidInput(f"There is no database in {chosen.place.folder}. Name the right folder with --data-dir.")
    if asked.point_in_time:
        _begin_log(chosen)
    with installation.answering(chosen, tell=_tell):
        record = write(chosen, Path(asked.to).absolute() if asked.to else chosen.place.backups)
        if asked.point_in_time:
            assert chosen.cluster is not None
            backups.write_base(record, chosen.cluster)
    if asked.json:
        print_line(json.dumps({"folder": str(record.folder), **record.as_json()}))
    else:
        size = f"{record.size / 1e6:.1f} MB"
        print_line(f"Backed up {record.rows:,} rows of {len(record.tables)} tables to {record.folder} ({size}).")
    return 0


def restore(argv: list[str]) -> int:
    """`mainstay restore`: bring a backup back into an empty folder, whole or to a moment, and prove it."""
    parser = argparse.ArgumentParser(
        "mainstay restore",
        description="Bring a backup back into another folder, compare every table with what the backup recorded, "
        "and leave it ready for `mainstay serve --data-dir FOLDER`. Nothing is ever overwritten.",
    )
    parser.add_argument("backup", metavar="BACKUP", help="a folder made by `mainstay backup`")
    parser.add_argument("--data-dir", default="", metavar="FOLDER", help="the empty folder to restore into")
    parser.add_argument("--until", metavar="TIME", help="the moment to go back to, e.g. 2026-11-21T10:15-05:00")
    parser.add_argument("--log", metavar="FOLDER", help="where the log was kept (default: `wal` beside the backups)")
    parser.add_argument("--json", action="store_true", help="say it as JSON")
    asked = parser.parse_args(argv)
    record = backups.read_record(Path(asked.backup).absolute())
    target = installation.choose(asked.data_dir)
    if not asked.data_dir and target.external is None:
        raise InvalidInput("Say where to with --data-dir FOLDER; it must be empty or new.")
    if asked.until:
        log = Path(asked.log).absolute() if asked.log else record.folder.parent.parent / "wal"
        last = _to_moment(record, target, log, _moment(asked.until))
        sentence = f"Restored to {asked.until}; the last change in it is of {last.isoformat() if last else 'before'}."
    else:
        with installation.answering(target, tell=_tell) as address:
            backups.restore_dump(record, address, _programs(target))
        sentence = f"Restored {record.rows:,} rows of {len(record.tables)} tables; every count and checksum agrees."
    from mainstay.foundation.anchoring import lift_anchor

    lift_anchor(target.place.folder)
    if (record.folder / "secret.key").exists():
        shutil.copy(record.folder / "secret.key", target.place.folder / "secret.key")
    where = str(target.place.folder)
    print_line(json.dumps({"restored": where, "rows": record.rows}) if asked.json else f"{sentence} It is in {where}.")
    return 0


def write(chosen: Installation, folder: Path) -> BackupRecord:
    """Write one backup of an installation that answers, and drop the ones no longer needed."""
    cluster = chosen.cluster
    address = chosen.external or (cluster.address() if cluster else None)
    assert address is not None
    key = chosen.place.folder / "secret.key"
    record = backups.write_dump(address, _programs(chosen), folder, clock=clock.now, version=__version__, key=key)
    for old in backups.superfluous(backups.backups_in(folder)):
        shutil.rmtree(old.folder)
    return record


def nightly(chosen: Installation, *, now: datetime) -> BackupRecord:
    """The backup of one night: dump, base where the log is kept, old log dropped; a failure is noted and raised."""
    folder = chosen.place.backups
    try:
        record = write(chosen, folder)
        if chosen.archive is not None and chosen.cluster is not None:
            backups.write_base(record, chosen.cluster)
            _drop_old_bases(folder, chosen.archive, chosen.cluster)
    except DatabaseTrouble as trouble:
        backups.note_failure(folder, reason=str(trouble), now=now)
        raise
    return record


def _drop_old_bases(folder: Path, log: Path, cluster: Cluster) -> None:
    """Keep the bases of the last three backups: every moment since the oldest of them can be restored."""
    with_base = [record for record in backups.backups_in(folder) if record.base.is_dir()]
    for record in with_base[:-3]:
        shutil.rmtree(record.base)
    backups.drop_old_log(log, with_base[-3:][0], cluster)


def _begin_log(chosen: Installation) -> None:
    """Let the server keep its log, which it can do only from a start on: a base without log after it is no use."""
    cluster = chosen.cluster
    if cluster is None:
        raise InvalidInput("Only the embedded server can be copied so; ask who runs yours for point-in-time copies.")
    if chosen.archive is None:
        was_running = cluster.is_running()
        cluster.make_root()
        backups.keep_log(chosen.place.folder / "wal", cluster)
        if was_running:
            raise InvalidInput(
                "The server keeps its log from its next start on. Restart Mainstay, then run this again."
            )


def _to_moment(record: BackupRecord, target: Installation, log: Path, moment: datetime) -> datetime | None:
    if target.cluster is None:
        raise InvalidInput("Only into a folder can a moment be restored: leave DATABASE_URL unset.")
    if moment > clock.now():
        raise InvalidInput("That moment has not come yet.", field="until")
    if not log.is_dir():
        raise InvalidInput(f"There is no kept log in {log}. Say where it is with --log.", field="log")
    source = Installation(place_at(log.parent), None).cluster
    if source is not None and source.pgdata.exists():
        with source.borrowed():
            backups.finish_log(log, source)
    try:
        return backups.restore_until(record, log, target.cluster, until=moment)
    finally:
        target.cluster.stop()


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise InvalidInput(f"{text} is not a moment such as 2026-11-21T10:15-05:00.", field="until") from wrong
    if moment.tzinfo is None:
        raise InvalidInput(f"Say the time zone too: {text}-05:00, or {text}Z for UTC.", field="until")
    return moment


def _programs(chosen: Installation) -> Binaries:
    return chosen.cluster.binaries if chosen.cluster is not None else find_binaries()


def print_line(text: str) -> None:
    """One line of answer."""
    sys.stdout.write(text + "\n")


def _tell(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
