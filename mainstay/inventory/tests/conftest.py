"""What every test of the stock pages begins with."""

from __future__ import annotations

import pytest

from mainstay.foundation.testing import A_MOMENT
from mainstay.visits.tests.factories import a_person


@pytest.fixture
def at_work(client, monkeypatch):
    """Signs somebody in with these roles, at the moment of the tests."""
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)

    def as_(*roles, username="maria"):
        client.force_login(a_person(username, *roles))
        return client

    return as_
