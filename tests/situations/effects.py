"""What a write changed: rows by table, and a mark of everything that is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from django.db import connection

LEFT_OUT = {"django_session", "django_content_type", "django_migrations", "auth_permission"}
"""Written for every request of somebody signed in, whatever it asks, or never: not the clinic's."""
FILLED = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
"""
TOUCHED = "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"


def filled() -> list[str]:
    """The tables that hold anything, or held it a moment ago."""
    with connection.cursor() as cursor:
        cursor.execute(FILLED)
        return sorted({name for (name,) in cursor.fetchall()} - LEFT_OUT)


def rows() -> Counter[str]:
    """How many rows each table has."""
    counts = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM \"{name}\"" for name in filled())
    with connection.cursor() as cursor:
        cursor.execute(counts)
        return Counter(dict(cursor.fetchall()))


def touched() -> dict[str, int]:
    """Rows inserted, changed and deleted in this transaction so far, by table, those undone again too."""
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED)
        return {name: count for name, count in cursor.fetchall() if name not in LEFT_OUT}


def marks(names: Collection[str]) -> dict[str, tuple[int, int]]:
    """These tables' rows by where they stand and who wrote them: any insert, change or deletion shows."""
    sums = " UNION ALL ".join(
        f"SELECT '{name}', count(*), coalesce(sum(hashtext(ctid::text || xmin::text)::bigint), 0) FROM \"{name}\""
        for name in sorted(names)
    )
    with connection.cursor() as cursor:
        cursor.execute(sums)
        return {name: (count, int(mark)) for name, count, mark in cursor.fetchall()}
