"""Bringing a dump back, and proving that everything is there."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import psycopg

from mainstay.foundation.backup.dump import run_tool, sha256_of
from mainstay.foundation.backup.fingerprint import differences, fingerprints
from mainstay.foundation.backup.record import BackupRecord
from mainstay.foundation.database import Address, Binaries, DatabaseTrouble

EMPTY = "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"


def restore_dump(record: BackupRecord, address: Address, binaries: Binaries) -> None:
    """Fill an empty database from a backup and compare every table with the record.

    Raises `DatabaseTrouble` when the dump is damaged, the database is not empty, or anything differs.
    """
    if sha256_of(record.dump) != record.sha256:
        raise DatabaseTrouble(f"{record.dump} is damaged: its checksum is not the recorded one. Use another backup.")
    with psycopg.connect(**address.parameters()) as database:
        row = database.execute(EMPTY).fetchone()
        if row and row[0]:
            raise DatabaseTrouble("The database to restore into is not empty. Choose an empty folder with --data-dir.")
    with tempfile.NamedTemporaryFile("w", suffix=".list") as wanted:
        wanted.write(contents(record.dump, binaries))
        wanted.flush()
        run_tool([binaries.program("pg_restore"), "--no-owner", "--no-privileges", "--exit-on-error", "--jobs=2",
                  "--dbname", address.name, "-L", wanted.name, str(record.dump)], address)  # fmt: skip
    prove(record, address)


def contents(dump: Path, binaries: Binaries) -> str:
    """The dump's table of contents without the extensions: those are there already and belong to the superuser."""
    command = [binaries.program("pg_restore"), "--list", str(dump)]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return "".join(f"{line}\n" for line in listed.splitlines() if " EXTENSION " not in line)


def prove(record: BackupRecord, address: Address) -> None:
    """Compare what a database holds with a record; raises `DatabaseTrouble` with the first differences."""
    with psycopg.connect(**address.parameters()) as database:
        found = differences(record.tables, fingerprints(database))
    if found:
        raise DatabaseTrouble(f"The restored database differs from the backup: {'; '.join(found[:5])}.")
