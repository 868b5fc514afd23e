"""Statements that may take as long as they need: an upgrade, a table of codes, a restored practice; never a page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def unhurried() -> Iterator[None]:
    """Lift the half minute every statement has; inside a transaction it stays lifted until that ends."""
    is_local = connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0" if is_local else "SET statement_timeout = 0")
    yield
    if not is_local:
        with connection.cursor() as cursor:
            cursor.execute("RESET statement_timeout")
