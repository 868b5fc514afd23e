"""Owing, taking, finishing, handing off; expecting, and what never came."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.moves import begin, locked, take_step
from mainstay.people.models import Patient
from mainstay.practice.models import Site
from mainstay.work.lifecycle import Band, WorkState, expectation_lifecycle, work_lifecycle
from mainstay.work.models import Expectation, Handoff, WorkItem
from mainstay.work.permissions import ASSIGN, HAND_OFF
from mainstay.work.queries.clocks import due_for_band
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
    is_clinical: bool = False,
    subject_kind: str = "",
    subject_ref: UUID | None = None,
    url: str = "",
    once_key: str = "",
) -> WorkItem:
    """Put something somebody owes on the queue.

    With a `once_key`, an open item of the same cause is returned instead of a second one. Without `due_at` the clock
    of its band runs in the site's open hours.
    """
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
        is_clinical=is_clinical,
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
    """Say that something owed is done, and what came of it."""
    fresh = locked(WorkItem.objects.all(), pk=item.pk)
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
    """Drop something owed, with the reason."""
    if not reason.strip():
        raise InvalidInput("Say why this is dropped.", field="reason")
    fresh = locked(WorkItem.objects.all(), pk=item.pk)
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
        take_step(fresh, work_lifecycle, "take", actor=actor, reason=f"assigned to staff {to.pk}")
    elif fresh.state != WorkState.TAKEN:
        raise IllegalMove("This is done already.")
    fresh.owner = to
    fresh.save()
    return fresh


@transaction.atomic
def expect(
    *,
    actor: Actor,
    kind: str,
    title: str,
    expected_by: datetime,
    patient: Patient | None = None,
    band_when_late: str = "R3",
    pool: str = "",
    subject_kind: str = "",
    subject_ref: UUID | None = None,
) -> Expectation:
    """Write down something that must come, and by when."""
    expectation = Expectation.objects.create(
        kind=kind,
        title=title[:160],
        patient=patient,
        expected_by=expected_by,
        band_when_late=Band(band_when_late),
        pool=pool,
        subject_kind=subject_kind,
        subject_ref=subject_ref,
    )
    begin(expectation, expectation_lifecycle, actor=actor)
    return expectation


@transaction.atomic
def meet_expectation(*, actor: Actor, expectation: Expectation, reason: str = "") -> Expectation:
    """It came; work that was made because it was late is finished too."""
    fresh = locked(Expectation.objects.all(), pk=expectation.pk)
    take_step(fresh, expectation_lifecycle, "meet", actor=actor, reason=reason)
    fresh.save()
    if fresh.work_item_id:
        item = locked(WorkItem.objects.all(), pk=fresh.work_item_id)
        if item.state in (WorkState.OPEN, WorkState.TAKEN):
            finish_work(actor=actor, item=item, outcome="It came.")
    return fresh


@transaction.atomic
def raise_what_never_came(*, actor: Actor) -> int:
    """Turn everything that is overdue into work, once each; returns how many."""
    late = Expectation.objects.select_for_update(of=("self",), skip_locked=True).filter(
        state="awaited", expected_by__lte=actor.now
    )
    count = 0
    for expectation in late:
        take_step(expectation, expectation_lifecycle, "fall_due", actor=actor)
        expectation.work_item = owe(
            actor=actor,
            kind="never_came",
            title=f"Never came: {expectation.title}"[:160],
            patient=expectation.patient,
            band=expectation.band_when_late,
            pool=expectation.pool,
            is_clinical=expectation.band_when_late in ("R0", "R1", "R2"),
            subject_kind="expectation",
            subject_ref=expectation.public_id,
            once_key=f"expectation:{expectation.pk}",
        )
        expectation.save()
        count += 1
    return count


@transaction.atomic
def hand_off(
    *,
    actor: Actor,
    to: Staff,
    situation: str,
    background: str = "",
    assessment: str = "",
    request: str = "",
    patient: Patient | None = None,
    visit_ref: UUID | None = None,
    urgency: str = "routine",
) -> Handoff:
    """Hand something off to a named person, who must acknowledge it. `urgency`: routine or urgent."""
    actor.may(HAND_OFF).or_raise()
    if not situation.strip():
        raise InvalidInput("Say what the situation is.", field="situation")
    if to.pk == actor.staff_id:
        raise InvalidInput("Hand off to somebody else.", field="to")
    Handoff.objects.filter(visit_ref=visit_ref, acknowledged_at=None, withdrawn_at=None).exclude(visit_ref=None).update(
        withdrawn_at=actor.now
    )
    return Handoff.objects.create(
        patient=patient,
        visit_ref=visit_ref,
        given_by_id=actor.staff_id,
        given_to=to,
        situation=situation.strip(),
        background=background.strip(),
        assessment=assessment.strip(),
        request=request.strip(),
        is_urgent=urgency == "urgent",
        given_at=actor.now,
    )


@transaction.atomic
def acknowledge_handoff(*, actor: Actor, handoff: Handoff, read_back: str = "") -> Handoff:
    """Say that you have it; what you read back is kept."""
    actor.may(HAND_OFF).or_raise()
    fresh = locked(Handoff.objects.all(), pk=handoff.pk)
    if fresh.acknowledged_at is not None:
        raise IllegalMove("This hand-off is acknowledged already.")
    if fresh.withdrawn_at is not None:
        raise IllegalMove("This hand-off was withdrawn.")
    fresh.acknowledged_at, fresh.acknowledged_by_id = actor.now, actor.staff_id
    fresh.read_back = read_back.strip()[:300]
    fresh.save()
    return fresh
