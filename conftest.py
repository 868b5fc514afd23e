"""One throwaway PostgreSQL for the whole run, shared by every test process and left as it was found."""

from __future__ import annotations

import os
from contextlib import ExitStack

import pytest
from hypothesis import settings

from mainstay.foundation.database.testing import throwaway_cluster

settings.register_profile("the same every time", deadline=None, derandomize=True)
settings.register_profile("searching", deadline=None)
settings.load_profile(os.environ.get("MAINSTAY_TEST_PROFILE", "the same every time"))

_stay = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Start the server in the process that leads the run; workers of pytest-xdist find it running."""
    if "PYTEST_XDIST_WORKER" not in os.environ and not os.environ.get("MAINSTAY_TEST_DATABASE_URL"):
        _stay.enter_context(throwaway_cluster().owned())


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop it again."""
    _stay.close()


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Let pytest-django use the database that is there: `django_db_modify_db_settings` has just made it."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, django_db_blocker) -> None:
    """Before pytest-django looks for the test database, make it from the migrated template."""
    from mainstay.config.testing import copy_template

    with django_db_blocker.unblock():
        copy_template(throwaway_cluster().root / "template.lock")
