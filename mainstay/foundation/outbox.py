"""Events: what happened, told to whoever listens.

A subscriber listed as *together* runs in the transaction of the act (the next screen already shows it).
One listed as *afterwards* is run by the worker, at least once, so it must be idempotent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.db import transaction

from mainstay.foundation import clock
from mainstay.foundation.models import Delivery, OutboxEvent

Subscriber = Callable[[Any], None]

_kinds: dict[str, type] = {}
_together: dict[str, list[Subscriber]] = defaultdict(list)
_afterwards: dict[str, dict[str, Subscriber]] = defaultdict(dict)


def subscribe(event: type, *, together: tuple[Subscriber, ...] = (), afterwards: tuple[Subscriber, ...] = ()) -> None:
    """Say who listens to an event; called once for each, from `config.subscriptions`."""
    kind = event.__name__
    if _kinds.setdefault(kind, event) is not event:
        raise ValueError(f"two events are called {kind}")
    _together[kind].extend(together)
    _afterwards[kind].update({f"{s.__module__}.{s.__name__}": s for s in afterwards})


def publish(event: Any) -> None:
    """Store an event in the transaction of the act, run who listens together, and wake the worker.

    Raises `RuntimeError` outside a transaction: an event without its act would be a lie.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("publish() belongs inside the transaction of the act")
    kind = type(event).__name__
    row = OutboxEvent.objects.create(kind=kind, payload=asdict(event))
    for subscriber in _together[kind]:
        subscriber(event)
    if _afterwards[kind]:
        from mainstay.foundation.tasks import deliver_event

        deliver_event.defer(event_id=row.pk)


def deliver(event_id: int) -> None:
    """Run every afterwards-subscriber of one event that has not yet dealt with it.

    Each runs in a transaction of its own with its delivery row; the first error is raised once all had their turn.
    """
    row = OutboxEvent.objects.get(pk=event_id)
    failure: Exception | None = None
    for name, subscriber in _afterwards[row.kind].items():
        try:
            with transaction.atomic():
                delivery, _ = Delivery.objects.select_for_update().get_or_create(event=row, subscriber=name)
                if delivery.delivered_at is None:
                    subscriber(_kinds[row.kind](**row.payload))
                    delivery.delivered_at = clock.now()
                    delivery.save(update_fields=["delivered_at"])
        except Exception as error:  # noqa: BLE001 - raised below, once the others have had their turn
            failure = failure or error
            note_failure(row, name, error)
    if failure:
        raise failure


def note_failure(row: OutboxEvent, subscriber: str, error: Exception) -> None:
    """Remember that a subscriber failed, by the error's kind only: its text may hold patient data."""
    delivery, _ = Delivery.objects.get_or_create(event=row, subscriber=subscriber)
    delivery.attempts += 1
    delivery.last_error = type(error).__name__
    delivery.save(update_fields=["attempts", "last_error"])
