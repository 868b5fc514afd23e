"""What a database holds, as a count and a checksum per table: two databases with equal ones hold the same rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import psycopg
from psycopg import sql

TABLES = """
    SELECT schemaname, tablename FROM pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2
"""
# Summing the hashes makes the order of rows irrelevant; a row twice counts twice.
MEASURE = """
    SELECT count(*), coalesce(sum(('x' || left(md5(r::text), 15))::bit(60)::bigint), 0)::text FROM {} AS r
"""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """One table: how many rows, and the sum of their hashes."""

    rows: int
    checksum: str


def fingerprints(database: psycopg.Connection) -> dict[str, Fingerprint]:
    """Every table of the application by name, as this transaction sees it."""
    found = {}
    database.execute("SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL timezone = 'UTC'; SET LOCAL extra_float_digits = 1")
    for schema, table in database.execute(TABLES).fetchall():
        row = database.execute(sql.SQL(MEASURE).format(sql.Identifier(schema, table))).fetchone()
        assert row is not None
        found[table if schema == "public" else f"{schema}.{table}"] = Fingerprint(row[0], row[1])
    return found


def differences(before: Mapping[str, Fingerprint], after: Mapping[str, Fingerprint]) -> list[str]:
    """A sentence for each table that is missing, surplus or different."""
    found = [f"{table} is missing" for table in sorted(before.keys() - after.keys())]
    found += [f"{table} is surplus" for table in sorted(after.keys() - before.keys())]
    for table in sorted(before.keys() & after.keys()):
        was, is_now = before[table], after[table]
        if was.rows != is_now.rows:
            found.append(f"{table} had {was.rows} rows and has {is_now.rows}")
        elif was != is_now:
            found.append(f"{table} has the same number of rows with other contents")
    return found
