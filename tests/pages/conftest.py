"""What the sweeps over every address share."""

import logging
from collections.abc import Iterator

import pytest

from mainstay.foundation.testing import A_MOMENT


@pytest.fixture
def nine_in_the_morning(monkeypatch):
    """It is nine, whenever the sweep runs."""
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)


@pytest.fixture
def quiet() -> Iterator[None]:
    """Refusals by the hundred are not logged."""
    logger = logging.getLogger("django.request")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(before)
