"""Shared computers: registered by a manager, known by a secret in a cookie, retired."""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.moves import locked
from mainstay.practice.models import Site
from mainstay.workforce.models import Workstation
from mainstay.workforce.permissions import MANAGE_STAFF


@transaction.atomic
def register_workstation(*, actor: Actor, site: Site, name: str, idle_minutes: int) -> tuple[Workstation, str]:
    """Make this computer a shared workstation; returns it and the secret for its cookie, which is not kept.

    Only its hash is stored: 256 random bits need no slow hash. Raises `InvalidInput` for a name that is in use at the
    site: two computers called Room 3 cannot be told apart, and a form sent twice registers one.
    """
    actor.may(MANAGE_STAFF).or_raise()
    if not name.strip():
        raise InvalidInput("Give the workstation a name people know, such as Room 3.", field="name")
    if not 1 <= idle_minutes <= 60:
        raise InvalidInput("Between 1 and 60 minutes.", field="idle_minutes")
    Site.objects.select_for_update(no_key=True).get(pk=site.pk)
    if site.workstations.filter(name__iexact=name.strip()[:60], retired_at__isnull=True).exists():
        raise InvalidInput("A workstation here has this name. Retire it first, or choose another name.", field="name")
    secret = secrets.token_urlsafe(32)
    made = Workstation.objects.create(
        site=site, name=name.strip()[:60], secret_hash=hash_of(secret), idle_minutes=idle_minutes
    )
    return made, secret


@transaction.atomic
def retire_workstation(*, actor: Actor, workstation: Workstation) -> Workstation:
    """Trust a computer no longer: no PIN works on it again, and every session on it ends."""
    actor.may(MANAGE_STAFF).or_raise()
    fresh = locked(Workstation.objects.all(), pk=workstation.pk)
    if fresh.retired_at is not None:
        raise IllegalMove("This workstation is retired already.")
    fresh.retired_at, fresh.is_trusted = actor.now, False
    fresh.save(update_fields=["retired_at", "is_trusted"])
    fresh.sessions.filter(ended_at__isnull=True).update(
        ended_at=actor.now, ended_by_id=actor.staff_id, ended_why="workstation retired"
    )
    return fresh


def hash_of(secret: str) -> str:
    """What is stored of a workstation's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
