"""Test databases copied from one that is migrated once for as long as no migration changes."""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from psycopg import sql

from mainstay.config import schema
from mainstay.foundation.database.places import CHECKOUT

PREFIX = "mainstay_template_"


def copy_template(lock: Path) -> None:
    """Make the test database of this process afresh, as a copy of the migrated template.

    `lock` is a file by which the processes of a run let one of them make the template.
    """
    wanted = connection.creation._get_test_db_name()  # type: ignore[attr-defined]  # not in the stubs
    template = PREFIX + digest()
    with lock.open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if template not in names():
            make_template(template)
        remake(wanted, template)


def digest() -> str:
    """What the schema depends on: our migrations, and the versions of everybody else's."""
    files = [*sorted((CHECKOUT / "mainstay").glob("*/migrations/*.py")), CHECKOUT / "requirements.lock"]
    contents = hashlib.sha256()
    for file in files:
        contents.update(file.name.encode() + file.read_bytes())
    return contents.hexdigest()[:16]


def make_template(template: str) -> None:
    """Migrate a new database under a draft name, then give it its own; templates of other migrations go."""
    draft = "mainstay_draft"
    for old in names():
        if old.startswith(PREFIX) or old == draft:
            on_server(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(old)))
    on_server(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
    with connected_to(draft):
        schema.migrate()
    on_server(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(template)))


def remake(name: str, template: str) -> None:
    """Drop a database and copy it from the template."""
    on_server(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    on_server(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))


def names() -> set[str]:
    """The databases of the server."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        return {name for (name,) in cursor.fetchall()}


def on_server(statement: sql.Composable) -> None:
    """Run one statement outside any database of ours, however long a busy disk takes for it."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(statement)


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Let the default connection lead to another database for a while."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
