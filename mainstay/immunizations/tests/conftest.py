"""What the tests of giving vaccines share."""

import pytest

from mainstay.immunizations.tests.giving import Clinic, a_clinic


@pytest.fixture
def clinic() -> Clinic:
    """A clinic where vaccines are given."""
    return a_clinic()
