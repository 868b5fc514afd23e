"""Who may close what."""

from __future__ import annotations

from mainstay.foundation.actor import Actor
from mainstay.foundation.decisions import YES, Decision, no
from mainstay.work.models import WorkItem
from mainstay.work.permissions import DECIDE


def may_close(actor: Actor, item: WorkItem) -> Decision:
    """Whether somebody may finish or drop an item: clinical work waits for a clinician's disposition."""
    if item.is_clinical and not actor.may(DECIDE):
        return no(
            "This is clinical work: a clinician says what was decided, then it is closed.",
            who_could=("a nurse", "a provider"),
        )
    return YES
