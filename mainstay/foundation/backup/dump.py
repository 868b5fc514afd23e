"""Writing a backup."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from mainstay.foundation.backup.fingerprint import fingerprints
from mainstay.foundation.backup.record import RECORD, BackupRecord
from mainstay.foundation.database import Address, Binaries, DatabaseTrouble
from mainstay.foundation.database.purpose import of as purpose_of

Clock = Callable[[], datetime]


def write_dump(
    address: Address, binaries: Binaries, folder: Path, *, clock: Clock, version: str, key: Path | None = None
) -> BackupRecord:
    """Write one backup into a new folder under `folder`, and prove it: dump, counts and checksums share one snapshot.

    `key` is the installation's signing key, copied along because secrets in the database need it.
    The folder gets its final name last: a backup cut short is never taken for one. Raises `DatabaseTrouble`.
    """
    begun = clock().astimezone(UTC)
    final = unused(folder, begun)
    draft = final.with_name(final.name + ".part")
    make_private(draft)
    try:
        purpose = purpose_of(address)
        with psycopg.connect(**address.parameters()) as database:
            database.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            database.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            row = database.execute("SELECT pg_export_snapshot()").fetchone()
            assert row is not None
            run_tool([binaries.program("pg_dump"), "-Fc", "--no-owner", "--no-privileges", f"--snapshot={row[0]}",
                      "--file", str(draft / "database.dump")], address)  # fmt: skip
            tables = fingerprints(database)
        if key is not None and key.exists():
            shutil.copy(key, draft / "secret.key")
        record = BackupRecord(
            folder=final,
            begun=begun,
            finished=clock().astimezone(UTC),
            version=version,
            purpose=str(purpose or ""),
            size=(draft / "database.dump").stat().st_size,
            sha256=sha256_of(draft / "database.dump"),
            tables=tables,
        )
        with (draft / RECORD).open("w") as out:
            json.dump(record.as_json(), out, indent=1)
            out.flush()
            os.fsync(out.fileno())
        draft.rename(final)
        return record
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def unused(folder: Path, moment: datetime) -> Path:
    """A name for a backup of this moment that is not taken."""
    name = f"{moment:%Y%m%dT%H%M%SZ}"
    taken = {path.name.removesuffix(".part") for path in folder.glob(f"{name}*")}
    number = 1
    while (candidate := name if number == 1 else f"{name}-{number}") in taken:
        number += 1
    return folder / candidate


def make_private(folder: Path) -> None:
    """Make a folder only we can enter; raises `DatabaseTrouble` where we may not."""
    try:
        folder.mkdir(parents=True, mode=0o700)
    except OSError as refusal:
        raise DatabaseTrouble(f"A backup cannot be written to {folder.parent}: {refusal.strerror}.") from refusal


def run_tool(command: list[str], address: Address) -> None:
    """Run one of PostgreSQL's own programs; raises `DatabaseTrouble` with what it said."""
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", **address.environment()}
    done = subprocess.run(command, env=environment, cwd="/", capture_output=True, text=True)
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise DatabaseTrouble(f"{Path(command[0]).name} failed: {' '.join(said[-3:])}")


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, as hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
