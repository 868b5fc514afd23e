"""Reading from a replica where one is set up: boards and reports, never what decides or writes.

A replica is a moment behind. A view marked `reads_from_replica` shows what was so a moment ago, which a board
that is drawn anew every two seconds does anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.conf import settings

P = ParamSpec("P")
R = TypeVar("R")

REPLICA = "replica"
_is_reading = ContextVar("is_reading_from_replica", default=False)


class ReplicaRouter:
    """Django's database router: reads go to the replica inside `reading_from_replica`, all else to the primary."""

    def db_for_read(self, model: type, **hints: Any) -> str | None:
        """The replica inside the block, unless the object at hand came from the primary."""
        origin = getattr(hints.get("instance"), "_state", None)
        if not _is_reading.get() or (origin is not None and origin.db not in (None, REPLICA)):
            return None
        return REPLICA

    def db_for_write(self, model: type, **hints: Any) -> str:
        """Always the primary."""
        return "default"

    def allow_relation(self, first: object, second: object, **hints: Any) -> bool:
        """Both databases hold the same rows."""
        return True

    def allow_migrate(self, alias: str, app_label: str, **hints: Any) -> bool:
        """The replica gets its schema from the primary."""
        return alias != REPLICA


def is_set_up() -> bool:
    """Whether this installation has a replica."""
    return REPLICA in settings.DATABASES


@contextmanager
def reading_from_replica() -> Iterator[None]:
    """Read from the replica for a while; from the primary where no replica is set up."""
    token = _is_reading.set(is_set_up())
    try:
        yield
    finally:
        _is_reading.reset(token)


def reads_from_replica(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view that only shows: its queries go to the replica."""

    @wraps(view)
    def reading(*args: P.args, **kwargs: P.kwargs) -> R:
        with reading_from_replica():
            return view(*args, **kwargs)

    return reading
