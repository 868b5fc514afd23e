"""Upgrades and tables of codes may take their time; pages may not."""

from django.db import connection, transaction

from mainstay.config import schema
from mainstay.foundation.patience import unhurried


def limit():
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return cursor.fetchone()[0]


def test_statements_are_unhurried_inside_and_limited_again_afterwards(transactional_db):
    usual = limit()
    assert usual != "0"
    with unhurried():
        assert limit() == "0"
    assert limit() == usual
    with transaction.atomic():
        with unhurried():
            assert limit() == "0"
        assert limit() == "0"
    assert limit() == usual


def test_an_upgrade_may_take_longer_than_a_page(transactional_db, monkeypatch):
    seen = []
    monkeypatch.setattr(schema, "call_command", lambda *names, **options: seen.append(limit()))
    usual = limit()
    schema.migrate()
    assert (seen, limit()) == (["0"], usual)
