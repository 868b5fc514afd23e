"""Asking for a backup; the worker makes it while everybody works."""

from __future__ import annotations

from procrastinate.exceptions import AlreadyEnqueued

from mainstay.config.tasks import back_up_now
from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove
from mainstay.practice.permissions import BACK_UP


def start_backup(*, actor: Actor) -> None:
    """Let the worker make one now. Raises `IllegalMove` while one is waiting already."""
    actor.may(BACK_UP).or_raise()
    try:
        back_up_now.defer()
    except AlreadyEnqueued:
        raise IllegalMove("A backup is waiting to be made already.") from None
