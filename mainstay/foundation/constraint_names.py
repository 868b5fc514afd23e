"""What the name of a broken database constraint means to a person."""

from __future__ import annotations

from django.db import IntegrityError

from mainstay.foundation.errors import ClinicError, Stale

_meanings: dict[str, type[ClinicError]] = {}


def means(constraint: str, error: type[ClinicError]) -> None:
    """Say which error a named constraint stands for; called in a domain's `errors.py`."""
    _meanings[constraint] = error


def meaning_of(error: IntegrityError) -> ClinicError | None:
    """The `ClinicError` a broken constraint stands for, or None if nobody named it.

    A duplicate that nobody named is `Stale`: somebody else was first.
    """
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or ""
    if name in _meanings:
        return _meanings[name]()
    if getattr(error.__cause__, "sqlstate", "") == "23505":
        return Stale()
    return None
