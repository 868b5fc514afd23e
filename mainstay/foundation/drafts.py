"""Typing that survives: kept per person and form until it is saved or thrown away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mainstay.foundation.actor import Actor
from mainstay.foundation.models import Draft

LONGEST_DRAFT = 60_000


def keep_draft(actor: Actor, key: str, typed: Mapping[str, Sequence[str]], *, label: str = "", url: str = "") -> Draft:
    """Keep what was typed in a form, replacing what was kept before."""
    draft, _ = Draft.objects.update_or_create(
        staff_id=actor.staff_id,
        key=key,
        defaults={"typed": dict(typed), "label": label, "url": url, "saved_at": actor.now},
    )
    return draft


def draft_for(actor: Actor, key: str) -> Draft | None:
    """What this person has typed and not saved in one form."""
    return Draft.objects.filter(staff_id=actor.staff_id, key=key).first()


def drop_draft(actor: Actor, key: str) -> None:
    """Forget a draft: it was saved, or thrown away on purpose."""
    Draft.objects.filter(staff_id=actor.staff_id, key=key).delete()


def park(actor: Actor, key: str) -> None:
    """Put a draft aside so that it shows among the parked things."""
    Draft.objects.filter(staff_id=actor.staff_id, key=key).update(parked_at=actor.now)


def parked_drafts(actor: Actor) -> Sequence[Draft]:
    """What this person has put aside, newest first."""
    return list(Draft.objects.filter(staff_id=actor.staff_id, parked_at__isnull=False).order_by("-parked_at"))
