"""What a write changed: rows by table, and a mark of everything that is there."""

from __future__ import annotations

from collections import Counter
from functools import cache

from django.db import connection

LEFT_OUT = {"django_session", "django_content_type", "django_migrations"}
"""Written for every request of somebody signed in, whatever it asks, or never: not the clinic's."""


@cache
def tables() -> tuple[str, ...]:
    """Every table of the program."""
    with connection.cursor() as cursor:
        found = connection.introspection.table_names(cursor)
    return tuple(sorted(set(found) - LEFT_OUT))


def rows() -> Counter[str]:
    """How many rows each table has."""
    counts = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM \"{name}\"" for name in tables())
    with connection.cursor() as cursor:
        cursor.execute(counts)
        return Counter(dict(cursor.fetchall()))


def marks() -> dict[str, tuple[int, int]]:
    """Each table's rows by where they stand and who wrote them: any insert, change or deletion shows."""
    sums = " UNION ALL ".join(
        f"SELECT '{name}', count(*), coalesce(sum(hashtext(ctid::text || xmin::text)::bigint), 0) FROM \"{name}\""
        for name in tables()
    )
    with connection.cursor() as cursor:
        cursor.execute(sums)
        return {name: (count, int(mark)) for name, count, mark in cursor.fetchall()}


def difference(before: dict[str, object], after: dict[str, object]) -> set[str]:
    """The tables that are not as they were."""
    return {name for name in after if after[name] != before.get(name)}
