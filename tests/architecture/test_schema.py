"""The quick way of applying migrations makes the same schema as Django's own."""

import os

import pytest
from django.core.management import call_command

from mainstay.config import schema, testing
from mainstay.foundation.backup.dump import run_tool
from mainstay.foundation.database import Address, find_binaries


def written(name, path):
    address = Address.from_url(os.environ["DATABASE_URL"])
    there = Address(address.host, address.port, address.user, address.password, name, address.options)
    run_tool([find_binaries().program("pg_dump"), "--schema-only", "--no-owner", "--file", str(path)], there)
    return [line for line in path.read_text().splitlines() if "restrict" not in line]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_both_ways_of_migrating_make_the_same_schema(tmp_path):
    made = {"quick": schema.migrate, "usual": lambda: call_command("migrate", verbosity=0, interactive=False)}
    try:
        for name, migrate in made.items():
            testing.on_server(testing.sql.SQL("CREATE DATABASE {}").format(testing.sql.Identifier(name)))
            with testing.connected_to(name):
                migrate()
        assert written("quick", tmp_path / "quick.sql") == written("usual", tmp_path / "usual.sql")
    finally:
        for name in made:
            drop = "DROP DATABASE IF EXISTS {} WITH (FORCE)"
            testing.on_server(testing.sql.SQL(drop).format(testing.sql.Identifier(name)))
