"""Moving a record along its lifecycle: one way for every domain."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, TypeVar

from django.db import models, transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, NotFound
from mainstay.foundation.lifecycle import Lifecycle

M = TypeVar("M", bound=models.Model)

UNDO_WITHIN = timedelta(seconds=60)


def locked(queryset: models.QuerySet[M], **key: Any) -> M:
    """The one row of that key, locked until the transaction ends.

    Raises `NotFound` if there is none, and `RuntimeError` outside a transaction, where a lock would be a lie.
    """
    return _held(queryset.select_for_update(of=("self",)), key)


def in_turn(queryset: models.QuerySet[M], **key: Any) -> M:
    """The one row of that key, for one at a time, while others go on writing what points at it; raises as `locked`.

    For what is no change of the row itself: a worker that held a patient so, and then wrote about a visit, does not
    stand in the way of a desk that holds the visit and writes about the patient.
    """
    return _held(queryset.select_for_update(of=("self",), no_key=True), key)


def _held(queryset: models.QuerySet[M], key: dict[str, Any]) -> M:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a lock belongs inside a transaction")
    row = queryset.filter(**key).first()
    if row is None:
        raise NotFound()
    return row


def begin(record: models.Model, lifecycle: Lifecycle[Any], *, actor: Actor, reason: str = "", **more: Any) -> None:
    """Write the first step of a record that was just made."""
    record.steps.create(  # type: ignore[attr-defined]  # every lifecycle's record has its steps
        name="begin", source="", target=lifecycle.initial, at=actor.now, by_id=actor.staff_id, reason=reason, **more
    )


def take_step(
    record: models.Model,
    lifecycle: Lifecycle[Any],
    name: str,
    *,
    actor: Actor,
    column: str = "state",
    reason: str = "",
    **more: Any,
) -> str:
    """Move a locked record one step and write the step down; returns the state it left.

    Sets the column without saving, so that the action saves it with whatever else it changes. `more` are further
    columns of the step's row. Raises `NotPermitted` and `IllegalMove`.
    """
    step = lifecycle.step(name)
    actor.may(step.permission).or_raise()
    source = lifecycle.states(getattr(record, column))
    target = lifecycle.check(name, source)
    setattr(record, column, target)
    record.steps.create(  # type: ignore[attr-defined]  # every lifecycle's record has its steps
        name=name, source=source, target=target, at=actor.now, by_id=actor.staff_id, reason=reason, **more
    )
    return str(source)


def undo_step(
    record: models.Model, lifecycle: Lifecycle[Any], *, actor: Actor, column: str = "state", **more: Any
) -> str:
    """Take back the last step of a locked record within a minute; returns the name of the step undone.

    Raises `IllegalMove` if there is nothing to undo, it is too late, or the record has moved on.
    """
    last = record.steps.order_by("-pk").first()  # type: ignore[attr-defined]  # every lifecycle's record has its steps
    if last is None or last.is_undo or not last.source or last.target != getattr(record, column):
        raise IllegalMove("There is nothing to undo.")
    if actor.now - last.at > UNDO_WITHIN:
        raise IllegalMove("It is too late to undo this. Move it on instead.")
    actor.may(lifecycle.step(last.name).permission).or_raise()
    setattr(record, column, last.source)
    record.steps.create(  # type: ignore[attr-defined]  # every lifecycle's record has its steps
        name=last.name, source=last.target, target=last.source, at=actor.now, by_id=actor.staff_id, is_undo=True, **more
    )
    return str(last.name)
