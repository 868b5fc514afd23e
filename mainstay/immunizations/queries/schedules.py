"""Which schedule governs what is due."""

from __future__ import annotations

from mainstay.immunizations.forecast import Schedule, load_schedule


def governing_schedule() -> Schedule:
    """The schedule the practice follows, each vaccine group with the issuer chosen for it."""
    return load_schedule()
