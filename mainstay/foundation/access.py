"""Who looked at what: append-only and chained."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

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


BROKEN = """
    SELECT id FROM (
        SELECT id, hash, previous_hash, lag(hash, 1, '') OVER (ORDER BY id) AS before,
            encode(sha256(convert_to(concat_ws('|', previous_hash, id, extract(epoch FROM at), staff_id, subject_kind,
                subject_id, what, reason, is_break_glass, session), 'UTF8')), 'hex') AS made
        FROM foundation_accessrecord
    ) AS chain WHERE hash <> made OR previous_hash <> before ORDER BY id LIMIT %s
"""


def broken_seals(*, at_most: int = 5) -> list[int]:
    """The first rows of the log that do not say what they said when written, or that follow a row cut out."""
    with connection.cursor() as cursor:
        cursor.execute(BROKEN, [at_most])
        return [key for (key,) in cursor.fetchall()]
