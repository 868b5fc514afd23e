"""Who listens to whom: the one list of every event and its subscribers."""

from __future__ import annotations


def connect() -> None:
    """Connect every subscriber; called once, when all domains are loaded."""
