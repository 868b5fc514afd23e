"""Owing, taking, giving back, finishing, dropping and assigning work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.moves import begin, locked, take_step
from mainstay.people.models import Patient
from mainstay.practice.models import Site
from mainstay.work.lifecycle import CLINICAL_BANDS, Band, Closing, WorkState, most_urgent, work_lifecycle
from mainstay.work.models import WorkItem, WorkStep
from mainstay.work.permissions import ASSIGN
from mainstay.work.queries.clocks import due_for_band
from mainstay.work.queries.standing import may_close
from mainstay.work.rules import pools
from mainstay.workforce.models import Staff


@transaction.atomic
def owe(
    *,
    actor: Actor,
    kind: str,
    title: str,
    band: str,
    patient: Patient | None = None,
    site: Site | None = None,
    detail: str = "",
    pool: str = "",
    owner: Staff | None = None,
    due_at: datetime | None = None,
    closing: Closing = Closing.BY_BAND,
    subject_kind: str = "",
    subject_ref: UUID | None = None,
    url: str = "",
    once_key: str = "",
) -> WorkItem:
    """Put something somebody owes on the queue.

    Raises `ValueError` for a pool no role works from. With a `once_key`, an open item of the same cause is returned
    instead of a second one. Without `due_at` the clock of its band runs in the site's open hours. `closing` says
    whether only a clinician closes it, whatever its band.
    """
    if pool and pool not in pools():
        raise ValueError(f"no list is called {pool!r}: nobody would see it")
    if once_key:
        there = WorkItem.objects.filter(once_key=once_key, state__in=[WorkState.OPEN, WorkState.TAKEN]).first()
        if there:
            return there
    item = WorkItem.objects.create(
        kind=kind,
        title=title[:160],
        detail=detail,
        patient=patient,
        site=site,
        band=Band(band),
        is_clinical=closing is Closing.BY_CLINICIAN or Band(band) in CLINICAL_BANDS,
        pool=pool,
        owner=owner,
        due_at=due_at or due_for_band(Band(band), site, at=actor.now),
        received_at=actor.now,
        subject_kind=subject_kind,
        subject_ref=subject_ref,
        url=url,
        once_key=once_key,
    )
    begin(item, work_lifecycle, actor=actor)
    return item


@dataclass(frozen=True, slots=True)
class OwedTo:
    """One patient of many to whom the same is owed: at which site, and under which cause.

    `title`, `subject_ref` and `url`, where said, are this one's own. After `before` it is of no use: it is due by then,
    whatever its band leaves.
    """

    patient: Patient
    site: Site
    once_key: str
    title: str = ""
    subject_ref: UUID | None = None
    url: str = ""
    before: datetime | None = None


@transaction.atomic
def owe_each(
    *,
    actor: Actor,
    whom: Sequence[OwedTo],
    kind: str,
    title: str,
    band: str,
    pool: str,
    detail: str = "",
    subject_kind: str = "",
    subject_ref: UUID | None = None,
    url: str = "",
) -> list[WorkItem]:
    """Owe the same to many patients at once: as `owe` for each, in a handful of statements however many they are."""
    if pool not in pools():
        raise ValueError(f"no list is called {pool!r}: nobody would see it")
    keys = [one.once_key for one in whom]
    waiting = WorkItem.objects.filter(once_key__in=keys, state__in=[WorkState.OPEN, WorkState.TAKEN])
    there = set(waiting.values_list("once_key", flat=True))
    due = {site: due_for_band(Band(band), site, at=actor.now) for site in {one.site for one in whom}}
    items = WorkItem.objects.bulk_create(
        WorkItem(
            kind=kind,
            title=(one.title or title)[:160],
            detail=detail,
            patient=one.patient,
            site=one.site,
            band=Band(band),
            is_clinical=Band(band) in CLINICAL_BANDS,
            pool=pool,
            due_at=min(due[one.site], max(one.before, actor.now)) if one.before else due[one.site],
            received_at=actor.now,
            subject_kind=subject_kind,
            subject_ref=one.subject_ref or subject_ref,
            url=one.url or url,
            once_key=one.once_key,
        )
        for one in whom
        if one.once_key not in there
    )
    first = {"name": "begin", "source": "", "target": work_lifecycle.initial, "at": actor.now, "by_id": actor.staff_id}
    WorkStep.objects.bulk_create(WorkStep(item=item, **first) for item in items)
    return items


@transaction.atomic
def take_work(*, actor: Actor, item: WorkItem) -> WorkItem:
    """Take an item: from now on it is yours."""
    fresh = locked(WorkItem.objects.all(), pk=item.pk)
    take_step(fresh, work_lifecycle, "take", actor=actor)
    fresh.owner_id = actor.staff_id
    fresh.save()
    return fresh


@transaction.atomic
def give_back_work(*, actor: Actor, item: WorkItem, reason: str = "") -> WorkItem:
    """Put an item back on the pool's list."""
    fresh = locked(WorkItem.objects.all(), pk=item.pk)
    take_step(fresh, work_lifecycle, "give_back", actor=actor, reason=reason)
    fresh.owner = None
    fresh.save()
    return fresh


@transaction.atomic
def finish_work(*, actor: Actor, item: WorkItem, outcome: str = "") -> WorkItem:
    """Say that something owed is done, and what came of it. Clinical work takes a clinician's disposition."""
    fresh = locked(WorkItem.objects.all(), pk=item.pk)
    may_close(actor, fresh).or_raise()
    if fresh.is_clinical and not outcome.strip():
        raise InvalidInput("Say what was decided: clinical work is not closed without it.", field="outcome")
    take_step(fresh, work_lifecycle, "finish", actor=actor, reason=outcome[:300])
    fresh.owner_id = fresh.owner_id or actor.staff_id
    fresh.outcome = outcome[:300]
    fresh.save()
    return fresh


@transaction.atomic
def finish_cause(*, actor: Actor, once_key: str, outcome: str = "") -> WorkItem | None:
    """Finish the open item of one cause, if there is one: what made it is settled. Done by the system itself."""
    item = WorkItem.objects.filter(once_key=once_key, state__in=[WorkState.OPEN, WorkState.TAKEN]).first()
    if item is None:
        return None
    fresh = locked(WorkItem.objects.all(), pk=item.pk)
    take_step(fresh, work_lifecycle, "finish", actor=replace(actor, all_permissions=True), reason=outcome[:300])
    fresh.outcome = outcome[:300]
    fresh.save()
    return fresh


@transaction.atomic
def drop_work(*, actor: Actor, item: WorkItem, reason: str) -> WorkItem:
    """Drop something owed, with the reason. Only a clinician drops clinical work."""
    if not reason.strip():
        raise InvalidInput("Say why this is dropped.", field="reason")
    fresh = locked(WorkItem.objects.all(), pk=item.pk)
    may_close(actor, fresh).or_raise()
    take_step(fresh, work_lifecycle, "drop", actor=actor, reason=reason.strip()[:300])
    fresh.outcome = reason.strip()[:300]
    fresh.save()
    return fresh


@transaction.atomic
def assign_work(*, actor: Actor, item: WorkItem, to: Staff) -> WorkItem:
    """Give an item to somebody."""
    actor.may(ASSIGN).or_raise()
    fresh = locked(WorkItem.objects.all(), pk=item.pk)
    if fresh.state == WorkState.OPEN:
        take_step(fresh, work_lifecycle, "take", actor=actor, reason=f"assigned to {to.shown_name}"[:300])
    elif fresh.state != WorkState.TAKEN:
        raise IllegalMove("This is done already.")
    fresh.owner = to
    fresh.save()
    return fresh


@transaction.atomic
def raise_work(*, actor: Actor, item: WorkItem, band: str) -> WorkItem:
    """Make an open item more urgent; its clock starts anew where that is sooner. It is never made less urgent."""
    fresh = locked(WorkItem.objects.select_related("site"), pk=item.pk)
    higher = most_urgent(Band(fresh.band), Band(band))
    if higher == fresh.band or fresh.state not in (WorkState.OPEN, WorkState.TAKEN):
        return fresh
    fresh.band = higher
    fresh.is_clinical = fresh.is_clinical or higher in CLINICAL_BANDS
    fresh.due_at = min(fresh.due_at, due_for_band(higher, fresh.site, at=actor.now))
    fresh.save()
    return fresh
