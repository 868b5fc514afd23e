"""Domain rules as PostgreSQL constraints."""

from __future__ import annotations

from enum import StrEnum

from django.db.models import CheckConstraint, Q

from mainstay.foundation.lifecycle import Lifecycle


def legal_steps_only(lifecycle: Lifecycle, *, name: str) -> CheckConstraint:
    """Let a (source, target) step table hold only the lifecycle's own edges, its start, and undo.

    An undo is a row whose `is_undo` is true and which runs one legal edge backwards.
    """
    legal = Q(source="", target=str(lifecycle.initial), is_undo=False)
    for source, target in lifecycle.edges():
        legal |= Q(source=str(source), target=str(target), is_undo=False)
        legal |= Q(source=str(target), target=str(source), is_undo=True)
    return CheckConstraint(condition=legal, name=name)


def one_of(field: str, choices: type[StrEnum], *, name: str) -> CheckConstraint:
    """Let a column hold only the values of an enum."""
    return CheckConstraint(condition=Q(**{f"{field}__in": [str(c) for c in choices]}), name=name)


def both_or_neither(first: str, second: str, *, name: str) -> CheckConstraint:
    """Let two nullable columns (`done_at`, `done_by`) be set only together."""
    neither = Q(**{f"{first}__isnull": True, f"{second}__isnull": True})
    both = Q(**{f"{first}__isnull": False, f"{second}__isnull": False})
    return CheckConstraint(condition=neither | both, name=name)
