"""What a database is for. Demo patients and real ones never share one; the mark is in the database itself."""

from __future__ import annotations

from enum import StrEnum

import psycopg

from mainstay.foundation.database.address import Address
from mainstay.foundation.database.binaries import OLDEST
from mainstay.foundation.database.errors import DatabaseTrouble


class Purpose(StrEnum):
    """What a database holds."""

    DEMO = "demo"
    PRACTICE = "practice"


WORDS = {Purpose.DEMO: "the demo clinic", Purpose.PRACTICE: "a real practice"}

MARK = """CREATE TABLE IF NOT EXISTS mainstay_installation (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    purpose text NOT NULL CHECK (purpose IN ('demo', 'practice')))"""


def of(address: Address) -> Purpose | None:
    """What the database was claimed for, or None; raises `DatabaseTrouble` where it cannot be used at all."""
    with _connected(address) as database:
        return _read(database)


def claim(address: Address, wanted: Purpose) -> Purpose:
    """Mark the database for one purpose for ever; raises `DatabaseTrouble` if it has the other."""
    with _connected(address) as database:
        database.execute("SELECT pg_advisory_xact_lock(7042002)")
        found = _read(database)
        if found is None:
            database.execute(MARK)
            database.execute("INSERT INTO mainstay_installation (purpose) VALUES (%s)", [str(wanted)])
        elif found is not wanted:
            raise DatabaseTrouble(
                f"This database holds {WORDS[found]}; {WORDS[wanted]} needs one of its own. "
                "Choose another folder with --data-dir, or another DATABASE_URL."
            )
    return wanted


def _connected(address: Address) -> psycopg.Connection:
    try:
        database = psycopg.connect(**address.parameters(), connect_timeout=10)
    except psycopg.OperationalError as trouble:
        where = f"{address.host}:{address.port}"
        raise DatabaseTrouble(f"The database at {where} cannot be reached: {str(trouble).strip()}") from trouble
    if database.info.server_version < OLDEST * 10_000:
        major = database.info.server_version // 10_000
        database.close()
        raise DatabaseTrouble(f"The server is PostgreSQL {major}; Mainstay needs {OLDEST} or newer.")
    return database


def _read(database: psycopg.Connection) -> Purpose | None:
    known = database.execute("SELECT to_regclass('mainstay_installation')").fetchone()
    if not known or known[0] is None:
        return None
    row = database.execute("SELECT purpose FROM mainstay_installation").fetchone()
    return Purpose(row[0]) if row else None
