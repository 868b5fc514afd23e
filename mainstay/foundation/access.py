"""Who looked at what: append-only and chained."""

from __future__ import annotations

from uuid import UUID

from mainstay.foundation.actor import Actor
from mainstay.foundation.models import AccessRecord


def log_read(actor: Actor, *, kind: str, subject: UUID, what: str, reason: str = "") -> None:
    """Write down that this actor looked at one record; a reason makes it a break-glass access."""
    AccessRecord.objects.create(
        at=actor.now,
        staff_id=actor.staff_id,
        subject_kind=kind,
        subject_id=subject,
        what=what,
        reason=reason,
        is_break_glass=bool(reason),
        session=actor.session,
    )
