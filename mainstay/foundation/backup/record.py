"""A backup as a folder: the dump, perhaps a base, the key, and a record that says what is in it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mainstay.foundation.backup.fingerprint import Fingerprint
from mainstay.foundation.database import DatabaseTrouble

RECORD = "backup.json"
FOLDER = re.compile(r"\d{8}T\d{6}Z(-\d+)?")
EDITION = 1
KEPT_DAYS, KEPT_MONTHS = 14, 12


@dataclass(frozen=True, slots=True)
class BackupRecord:
    """What one finished backup holds; `begun` is the moment whose state it shows, `size` counts bytes of the dump."""

    folder: Path
    begun: datetime
    finished: datetime
    version: str
    purpose: str
    size: int
    sha256: str
    tables: dict[str, Fingerprint]

    @property
    def dump(self) -> Path:
        """The dump in PostgreSQL's custom format."""
        return self.folder / "database.dump"

    @property
    def base(self) -> Path:
        """The copy of the data directory for restoring to a point in time; it may be absent."""
        return self.folder / "base"

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(table.rows for table in self.tables.values())

    def as_json(self) -> dict[str, object]:
        """The record as written beside the dump."""
        return {
            "edition": EDITION,
            "begun": self.begun.isoformat(),
            "finished": self.finished.isoformat(),
            "version": self.version,
            "purpose": self.purpose,
            "size": self.size,
            "sha256": self.sha256,
            "tables": {name: [found.rows, found.checksum] for name, found in self.tables.items()},
        }


def read_record(folder: Path) -> BackupRecord:
    """The record of a backup folder; raises `DatabaseTrouble` where there is none or it cannot be read."""
    try:
        written = json.loads((folder / RECORD).read_text())
        return BackupRecord(
            folder=folder,
            begun=datetime.fromisoformat(written["begun"]),
            finished=datetime.fromisoformat(written["finished"]),
            version=written["version"],
            purpose=written["purpose"],
            size=written["size"],
            sha256=written["sha256"],
            tables={name: Fingerprint(rows, total) for name, (rows, total) in written["tables"].items()},
        )
    except FileNotFoundError as missing:
        raise DatabaseTrouble(f"{folder} is no backup: it has no {RECORD}.") from missing
    except (ValueError, KeyError, TypeError) as damage:
        raise DatabaseTrouble(f"{folder / RECORD} is damaged: {damage}.") from damage


def backups_in(folder: Path) -> list[BackupRecord]:
    """The finished backups in a folder, oldest first; anything else there is ignored."""
    found = []
    for each in sorted(folder.glob("*")) if folder.is_dir() else []:
        if FOLDER.fullmatch(each.name) and (each / RECORD).exists():
            found.append(read_record(each))
    return sorted(found, key=lambda record: record.begun)


def latest_in(folder: Path) -> BackupRecord | None:
    """The newest finished backup in a folder."""
    found = backups_in(folder)
    return found[-1] if found else None


def superfluous(records: Sequence[BackupRecord]) -> list[BackupRecord]:
    """Those that need not be kept: neither among the last 14 nor the first of one of the last 12 months."""
    ordered = sorted(records, key=lambda record: record.begun)
    first_of: dict[tuple[int, int], BackupRecord] = {}
    for record in ordered:
        first_of.setdefault((record.begun.year, record.begun.month), record)
    kept = {record.folder for record in [*ordered[-KEPT_DAYS:], *list(first_of.values())[-KEPT_MONTHS:]]}
    return [record for record in ordered if record.folder not in kept]
