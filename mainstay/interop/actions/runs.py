"""An import from its start to its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from mainstay.foundation import clock
from mainstay.foundation.actor import Actor
from mainstay.interop.models import ImportRun
from mainstay.interop.permissions import RECEIVE


@transaction.atomic
def start_run(*, actor: Actor, source: str) -> ImportRun:
    """Begin an import; `source` names the sender, whose ids mean the same thing every time."""
    actor.may(RECEIVE).or_raise()
    return ImportRun.objects.create(source=source[:160], started_at=actor.now)


@transaction.atomic
def finish_run(*, actor: Actor, run: ImportRun, counts: Mapping[str, Any]) -> ImportRun:
    """End an import with what came of it."""
    actor.may(RECEIVE).or_raise()
    run.finished_at, run.counts = clock.now(), dict(counts)
    run.save(update_fields=["finished_at", "counts"])
    return run
