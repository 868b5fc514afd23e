"""Typing that survives: kept per person and form until it is saved or thrown away.

The page sends what is typed every two seconds and fills it in again when the form is opened the next time; a
write that carries the name of its draft (`draft_key`) and succeeds lets go of it. No view has a part in this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from mainstay.foundation.actor import Actor
from mainstay.foundation.compiled import compiled
from mainstay.foundation.models import Answer, Draft

LONGEST_DRAFT = 60_000


@transaction.atomic
def keep_draft(
    actor: Actor,
    key: str,
    typed: Mapping[str, Sequence[str]],
    *,
    label: str = "",
    url: str = "",
    of_form: UUID | None = None,
) -> Draft | None:
    """Keep what was typed in a form, replacing what was kept before.

    `of_form` is the idempotency key of the form as it stood on the page. A draft that comes in after that very
    form was saved (the two are sent side by side) is late: it is not kept, and the answer is None.
    """
    _one_at_a_time(actor, key)
    if of_form and Answer.objects.filter(staff_id=actor.staff_id, key=of_form).exists():
        return None
    draft, _ = Draft.objects.update_or_create(
        staff_id=actor.staff_id,
        key=key,
        defaults={
            "typed": dict(typed),
            "label": label,
            "url": url,
            "saved_at": actor.now,
        },
    )
    return draft


def draft_for(actor: Actor, key: str) -> Draft | None:
    """What this person has typed and not saved in one form."""
    return Draft.objects.filter(staff_id=actor.staff_id, key=key).first()


@transaction.atomic
def drop_draft(actor: Actor, key: str) -> None:
    """Forget a draft: it was saved, or thrown away on purpose."""
    _one_at_a_time(actor, key)
    Draft.objects.filter(staff_id=actor.staff_id, key=key).delete()


def _one_at_a_time(actor: Actor, key: str) -> None:
    """Let whoever writes this draft wait for the save that is dropping it, and the other way round."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7262002))", [f"{actor.staff_id}:{key}"])


def park(actor: Actor, key: str) -> None:
    """Put a draft aside so that it shows among the parked things."""
    Draft.objects.filter(staff_id=actor.staff_id, key=key).update(parked_at=actor.now)


def parked_drafts(actor: Actor) -> Sequence[Draft]:
    """What this person has put aside, newest first."""
    return list(Draft.objects.filter(staff_id=actor.staff_id, parked_at__isnull=False).order_by("-parked_at"))


def drafts_at(actor: Actor, path: str) -> tuple[Sequence[Draft], Sequence[Draft]]:
    """In one look: what this person typed on the page at `path` and did not save; what was put aside, newest first."""
    kept = _kept_for(actor.staff_id, path, f"{path}?")
    typed_here = [draft for draft in kept if draft.url.partition("?")[0] == path]
    return typed_here, [draft for draft in kept if draft.parked_at]


@compiled
def _kept_for(staff_id: int | None, path: str, asked_there: str) -> QuerySet[Draft]:
    """What one person typed at a path, whatever was asked for there, and all they put aside."""
    here = Q(url=path) | Q(url__startswith=asked_there)
    return Draft.objects.filter(here | Q(parked_at__isnull=False), staff_id=staff_id).order_by("-parked_at")
