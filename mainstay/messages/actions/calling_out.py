"""Calling somebody: every attempt is kept, and after the third that failed a letter is owed."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.moves import locked
from mainstay.messages.models import CallAttempt, Reached
from mainstay.messages.permissions import TAKE_CALLS
from mainstay.messages.rules_calls import ATTEMPTS_BEFORE_LETTER
from mainstay.people.queries import read_phone
from mainstay.work.actions import owe
from mainstay.work.models import WorkItem

LETTERS = "forms"
"""The pool that writes letters."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt: the number dialed and what came of it, one of `Reached`."""

    outcome: str
    number: str = ""
    note: str = ""


@transaction.atomic
def note_call_attempt(*, actor: Actor, item: WorkItem, tried: Tried) -> CallAttempt:
    """Write down one attempt to call about something owed; the third that reached nobody makes a letter work."""
    actor.may(TAKE_CALLS).or_raise()
    fresh = locked(WorkItem.objects.select_related("patient", "site"), pk=item.pk)
    if fresh.patient is None:
        raise InvalidInput("There is nobody to call: this is about no patient.")
    if tried.outcome not in set(Reached):
        raise InvalidInput("Say what came of it.", field="outcome")
    attempt = CallAttempt.objects.create(
        patient=fresh.patient,
        work_item=fresh,
        number=read_phone(tried.number) if tried.number.strip() else "",
        outcome=tried.outcome,
        note=tried.note.strip()[:240],
        by_id=actor.staff_id,
        at=actor.now,
    )
    missed = fresh.call_attempts.exclude(outcome=Reached.SPOKE).count()
    if tried.outcome != Reached.SPOKE and missed >= ATTEMPTS_BEFORE_LETTER:
        owe(
            actor=actor,
            kind="letter",
            title=f"Letter: not reached by phone. {fresh.title}"[:160],
            detail=f"{missed} attempts, the last: {tried.outcome.replace('_', ' ')}. Write what was to be said.",
            band="R3" if fresh.is_clinical else "R4",
            patient=fresh.patient,
            site=fresh.site,
            pool=LETTERS,
            subject_kind="work",
            subject_ref=fresh.public_id,
            url=reverse("call-out", args=[fresh.public_id]),
            once_key=f"letter:{fresh.pk}",
        )
    return attempt
