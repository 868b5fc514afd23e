"""Telling people what their list does not show by itself: a clock ran out, a colleague left, a check was failed."""

from __future__ import annotations

from django.db import transaction

from mainstay.foundation import clock
from mainstay.foundation.actor import Actor, the_system
from mainstay.foundation.moves import take_step
from mainstay.work.actions.queue import owe
from mainstay.work.events import WorkEscalated
from mainstay.work.lifecycle import WorkState, work_lifecycle
from mainstay.work.models import Alarm, Handoff, WorkItem
from mainstay.work.queries.clocks import NO_SITE_ZONE
from mainstay.work.rules import told_at_level
from mainstay.workforce.events import CompetencyFailed, StaffEnded
from mainstay.workforce.models import Staff
from mainstay.workforce.queries import failed_check, people_in_roles

WAITING = [WorkState.OPEN, WorkState.TAKEN]
SHOWN_IN_DETAIL = 12


@transaction.atomic
def tell_who_is_next(event: WorkEscalated) -> None:
    """Put a late item in front of the person its level names: its owner, the leads of its site, the managers."""
    item = WorkItem.objects.select_related("owner").filter(pk=event.item_id, state__in=WAITING).first()
    if item is None:
        return
    for staff in _who(item, event.level):
        Alarm.objects.get_or_create(item=item, staff=staff, level=event.level, defaults={"told_at": clock.now()})


def _who(item: WorkItem, level: int) -> list[Staff]:
    """The first of the level's roles that somebody has; the reminder goes to whoever has the item."""
    if level <= 1:
        return [item.owner] if item.owner else []
    for roles in told_at_level(level):
        if found := list(people_in_roles(roles, site_id=item.site_id)):
            return found
    return []


@transaction.atomic
def see_alarms(*, actor: Actor, item: WorkItem) -> int:
    """Say that you have seen that an item is late; it stays on the list. Returns how many alarms that settles."""
    return Alarm.objects.filter(item=item, staff_id=actor.staff_id, seen_at=None).update(seen_at=actor.now)


@transaction.atomic
def hand_over_work_of(event: StaffEnded) -> None:
    """Give what somebody who left has on their list to whoever was named, or back to its pool, and tell the lead."""
    people = Staff.objects.select_related("home_site").in_bulk([event.staff_id, *filter(None, [event.successor_id])])
    left, heir = people[event.staff_id], people.get(event.successor_id or 0)
    actor = the_system(now=clock.now(), zone=left.home_site.zone if left.home_site else NO_SITE_ZONE)
    items = WorkItem.objects.select_for_update(of=("self",)).filter(owner=left, state__in=WAITING)
    passed = [_pass_on(actor, item, left, heir) for item in items.order_by("band", "due_at", "pk")]
    unread = Handoff.objects.select_related("patient", "given_by").filter(
        given_to=left, acknowledged_at=None, withdrawn_at=None
    )
    for handoff in unread:
        owe(
            actor=actor,
            kind="handoff_unread",
            title=f"Hand-off nobody has: {handoff.situation}"[:160],
            detail=f"{handoff.given_by.shown_name} handed this to {left.shown_name}, who left without reading it.",
            band="R2" if handoff.is_urgent else "R3",
            patient=handoff.patient,
            site=left.home_site,
            pool="lead",
            owner=heir,
            subject_kind="visit" if handoff.visit_ref else "handoff",
            subject_ref=handoff.visit_ref or handoff.public_id,
            once_key=f"handoff-unread:{handoff.pk}",
        )
    if passed:
        _tell_lead(actor, left, heir, passed)


def _pass_on(actor: Actor, item: WorkItem, left: Staff, heir: Staff | None) -> str:
    why = f"{left.shown_name} left"
    if heir is not None:
        if item.state == WorkState.OPEN:
            take_step(item, work_lifecycle, "take", actor=actor, reason=why)
        item.owner = heir
    else:
        if item.state == WorkState.TAKEN:
            take_step(item, work_lifecycle, "give_back", actor=actor, reason=why)
        item.owner, item.pool = None, item.pool or "lead"
    item.save()
    return item.title


def _tell_lead(actor: Actor, left: Staff, heir: Staff | None, passed: list[str]) -> None:
    to = heir.shown_name if heir else "the lists they came from"
    more = f"\nand {len(passed) - SHOWN_IN_DETAIL} more" if len(passed) > SHOWN_IN_DETAIL else ""
    owe(
        actor=actor,
        kind="staff_left",
        title=f"{left.shown_name} left: {len(passed)} pieces of work went to {to}"[:160],
        detail="\n".join(passed[:SHOWN_IN_DETAIL]) + more,
        band="R3",
        site=left.home_site,
        pool="lead",
        subject_kind="staff",
        subject_ref=left.public_id,
        url=f"/staff/{left.public_id}/",
        once_key=f"staff-left:{left.pk}",
    )


@transaction.atomic
def follow_failed_check(event: CompetencyFailed) -> None:
    """Owe the retraining of somebody who did not pass a check, to their supervisor or the lead."""
    check = failed_check(event.sign_off_id)
    staff = check.staff
    supervisor = staff.supervisor if staff.supervisor and staff.supervisor.is_active else None
    owe(
        actor=the_system(now=clock.now(), zone=staff.home_site.zone if staff.home_site else NO_SITE_ZONE),
        kind="retrain",
        title=f"Retrain {staff.shown_name}: {check.act_name}, not passed"[:160],
        detail=f"Checked by {check.assessed_by.shown_name}. They may not do it until they are signed off anew."
        + (f" {check.restriction}" if check.restriction else ""),
        band="R4",
        site=staff.home_site,
        pool="lead",
        owner=supervisor,
        subject_kind="staff",
        subject_ref=staff.public_id,
        url=f"/staff/{staff.public_id}/",
        once_key=f"retrain:{staff.pk}:{check.act}",
    )
