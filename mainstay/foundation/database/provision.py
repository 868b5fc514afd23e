"""What every server holds before anybody uses it: an unprivileged role, its database, the extensions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from mainstay.foundation.database.cluster import Cluster

SUPERUSER = "mainstay_admin"
APPLICATION = "mainstay"
EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent", "citext")
EDITION = "1"


def provision(cluster: Cluster) -> None:
    """Make the application's role, database and extensions, unless this was done before.

    The role owns its database and nothing more: it is no superuser, so row security and append-only
    tables bind it, and only tests may let it create databases. New databases start with the extensions.
    """
    done = cluster.root / "provisioned"
    if done.exists() and done.read_text() == EDITION:
        return
    with psycopg.connect(**cluster.admin_address("template1").parameters(), autocommit=True) as template:
        _make_extensions(template)
    with psycopg.connect(**cluster.admin_address().parameters(), autocommit=True) as admin:
        _make_role(admin, cluster)
        wanted = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [APPLICATION]).fetchone()
        if wanted is None:
            name = sql.Identifier(APPLICATION)
            admin.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, name))
            admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    with psycopg.connect(**cluster.admin_address(APPLICATION).parameters(), autocommit=True) as database:
        _make_extensions(database)
    done.write_text(EDITION)


def _make_role(admin: psycopg.Connection, cluster: Cluster) -> None:
    role = sql.Identifier(APPLICATION)
    if admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION]).fetchone() is None:
        admin.execute(sql.SQL("CREATE ROLE {}").format(role))
    may_create = sql.SQL("CREATEDB" if cluster.profile.creates_databases else "NOCREATEDB")
    admin.execute(
        sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS NOREPLICATION {} PASSWORD {}").format(
            role, may_create, sql.Literal(cluster.address().password)
        )
    )


def _make_extensions(database: psycopg.Connection) -> None:
    for extension in EXTENSIONS:
        database.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
