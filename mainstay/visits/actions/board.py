"""What shows on the board: signals, and the number that tells screens to look again."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from mainstay.foundation.actor import Actor
from mainstay.visits.models import Signal, SignalKind, Visit

NUDGE = """
    INSERT INTO visits_boardversion (site_id, version) VALUES (%s, 2)
    ON CONFLICT (site_id) DO UPDATE SET version = visits_boardversion.version + 1
"""


def nudge_board(site_id: int) -> None:
    """Tell every board of a site that something changed.

    Runs last in the transaction, so that two desks never wait for each other longer than a commit.
    """
    transaction.on_commit(lambda: _nudge(site_id))


def _nudge(site_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(NUDGE, [site_id])


@transaction.atomic
def raise_signal(
    *,
    actor: Actor,
    visit: Visit,
    kind: SignalKind,
    text: str,
    severity: str = "told",
    until: datetime | None = None,
    source_ref: str = "",
) -> Signal:
    """Call something out on the board; the same cause raised again only renews its text and time."""
    signal, _ = Signal.objects.update_or_create(
        visit=visit,
        kind=kind,
        source_ref=source_ref,
        cleared_at=None,
        defaults={
            "text": text[:160],
            "severity": severity,
            "until": until,
            "raised_by_id": actor.staff_id,
            "raised_at": actor.now,
        },
    )
    nudge_board(visit.site_id)
    return signal


@transaction.atomic
def clear_signal(*, actor: Actor, visit: Visit, kind: SignalKind, source_ref: str = "") -> int:
    """Take a signal off the board; returns how many there were."""
    cleared = Signal.objects.filter(visit=visit, kind=kind, source_ref=source_ref, cleared_at=None).update(
        cleared_at=actor.now, cleared_by_id=actor.staff_id
    )
    if cleared:
        nudge_board(visit.site_id)
    return cleared
