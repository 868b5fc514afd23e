"""A database to measure on: empty, migrated, thrown away afterwards."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def a_server() -> Iterator[None]:
    """A throwaway server with our settings; ask it for one empty database after another."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.config.settings_test")
    os.environ.setdefault("MAINSTAY_SECRET_KEY", "only for measuring")
    import django

    from mainstay.foundation.database.testing import throwaway_cluster

    with throwaway_cluster().borrowed():
        django.setup()
        yield


@contextmanager
def an_empty_database() -> Iterator[None]:
    """A migrated database of the server, until the end of the block."""
    from django.conf import settings
    from django.test.utils import get_runner

    runner = get_runner(settings)(verbosity=0, interactive=False)
    before = runner.setup_databases()
    try:
        yield
    finally:
        runner.teardown_databases(before)
