"""Writing down what must come, and what to do when it never came."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.moves import begin, locked, take_step
from mainstay.people.models import Patient
from mainstay.work.actions.queue import owe
from mainstay.work.lifecycle import CLINICAL_BANDS, Band, WorkState, expectation_lifecycle, work_lifecycle
from mainstay.work.models import Expectation, WorkItem
from mainstay.work.permissions import DECIDE


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
            _settle(actor, item, "It came.")
    return fresh


@transaction.atomic
def raise_what_never_came(*, actor: Actor) -> int:
    """Turn everything that is overdue into work, once each; returns how many."""
    late = (
        Expectation.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(state="awaited", expected_by__lte=actor.now)
        .select_related("patient__home_site")
    )
    count = 0
    for expectation in late:
        take_step(expectation, expectation_lifecycle, "fall_due", actor=actor)
        expectation.work_item = owe(
            actor=actor,
            kind="never_came",
            title=f"Never came: {expectation.title}"[:160],
            patient=expectation.patient,
            site=expectation.patient.home_site if expectation.patient else None,
            band=expectation.band_when_late,
            pool=expectation.pool,
            subject_kind="expectation",
            subject_ref=expectation.public_id,
            once_key=f"expectation:{expectation.pk}",
        )
        expectation.save()
        count += 1
    return count


@transaction.atomic
def extend_expectation(*, actor: Actor, expectation: Expectation, until: datetime, reason: str) -> Expectation:
    """Wait longer for something overdue, with the reason; the work made by its lateness is settled."""
    if not reason.strip():
        raise InvalidInput("Say why we wait longer.", field="reason")
    if until <= actor.now:
        raise InvalidInput("Choose a day that is still to come.", field="until")
    fresh = locked(Expectation.objects.all(), pk=expectation.pk)
    take_step(fresh, expectation_lifecycle, "extend", actor=actor, reason=reason.strip()[:300])
    fresh.expected_by = until
    _settle_late(actor, fresh, f"Waiting until {until.astimezone(actor.zone):%a %-d %b}: {reason.strip()}")
    fresh.work_item = None
    fresh.save()
    return fresh


@transaction.atomic
def give_up_expectation(*, actor: Actor, expectation: Expectation, reason: str) -> Expectation:
    """Stop waiting, with the reason. What would have been clinical when late is given up only by a clinician."""
    if not reason.strip():
        raise InvalidInput("Say why we stop waiting.", field="reason")
    fresh = locked(Expectation.objects.all(), pk=expectation.pk)
    if fresh.band_when_late in CLINICAL_BANDS:
        actor.may(DECIDE).or_raise()
    take_step(fresh, expectation_lifecycle, "give_up", actor=actor, reason=reason.strip()[:300])
    _settle_late(actor, fresh, f"Given up: {reason.strip()}")
    fresh.save()
    return fresh


def _settle_late(actor: Actor, expectation: Expectation, outcome: str) -> None:
    if expectation.work_item_id is None:
        return
    item = locked(WorkItem.objects.all(), pk=expectation.work_item_id)
    if item.state in (WorkState.OPEN, WorkState.TAKEN):
        _settle(actor, item, outcome)


def _settle(actor: Actor, item: WorkItem, outcome: str) -> None:
    take_step(item, work_lifecycle, "finish", actor=replace(actor, all_permissions=True), reason=outcome[:300])
    item.outcome = outcome[:300]
    item.save()
