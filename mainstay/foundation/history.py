"""Rows that remember: every version kept by the database itself, and never deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pghistory
import pgtrigger
from django.db import models

from mainstay.foundation.actor import Actor

M = TypeVar("M", bound=type[models.Model])


def never_deleted() -> pgtrigger.Protect:
    """Refuse to delete a row, even from raw SQL."""
    return pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)


def append_only() -> pgtrigger.Protect:
    """Refuse to change or delete a row, even from raw SQL."""
    return pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


def tracked(*, exclude: tuple[str, ...] = ()) -> Callable[[M], M]:
    """Keep every version of a model's rows in an append-only table, and never let one be deleted."""

    def decorate(model: M) -> M:
        pgtrigger.register(never_deleted())(model)
        return pghistory.track(append_only=True, exclude=list(exclude) or None)(model)

    return decorate


@contextmanager
def acting(actor: Actor, *, because: str = "") -> Iterator[None]:
    """Attach who acts (and why) to every version written inside; ids only, no patient data."""
    with pghistory.context(staff=actor.staff_id, session=actor.session, because=because):
        yield


def staff_of(version: Any) -> int | None:
    """Who wrote a version, read with its `pgh_context`; None where the program did."""
    return version.pgh_context.metadata.get("staff") if version.pgh_context else None
