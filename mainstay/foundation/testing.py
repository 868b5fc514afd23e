"""What tests of every domain use: an actor, a moment, and the outbox run to the end."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from mainstay.foundation.actor import Actor
from mainstay.foundation.models import OutboxEvent
from mainstay.foundation.outbox import deliver

A_MOMENT = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
EASTERN = ZoneInfo("America/New_York")


def an_actor(
    *,
    staff_id: int | None = None,
    permissions: tuple[str, ...] = (),
    now: datetime = A_MOMENT,
    site_id: int | None = None,
) -> Actor:
    """An actor with just these permissions; with none and no staff, the system itself."""
    return Actor(
        staff_id=staff_id,
        name="Test Actor",
        permissions=frozenset(permissions),
        now=now,
        zone=EASTERN,
        site_id=site_id,
        all_permissions=not permissions and staff_id is None,
    )


def tell_everyone() -> int:
    """Deliver every stored event now, as the worker would; returns how many."""
    events = list(OutboxEvent.objects.order_by("pk").values_list("pk", flat=True))
    for event_id in events:
        deliver(event_id)
    return len(events)
