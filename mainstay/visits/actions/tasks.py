"""The steps a playbook asks of one visit, and what became of each."""

from __future__ import annotations

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.moves import locked
from mainstay.visits.actions.board import nudge_board
from mainstay.visits.models import TaskState, Visit, VisitTask
from mainstay.visits.permissions import ROOM
from mainstay.visits.playbooks import Traits, playbooks, select_steps


@transaction.atomic
def plan_tasks(*, actor: Actor, visit: Visit, traits: Traits) -> list[VisitTask]:
    """Ask of a visit what its playbook selects for this patient; steps already there stay as they are."""
    book = playbooks().get(visit.visit_type.playbook)
    if book is None:
        return []
    there = set(visit.tasks.values_list("step", flat=True))
    return VisitTask.objects.bulk_create(
        VisitTask(
            visit=visit,
            step=plan.code,
            stage=plan.stage,
            title=plan.title,
            act=plan.act,
            panel=plan.panel,
            form=plan.form,
            screening=plan.screening,
            supplies=", ".join(plan.supplies)[:240],
            minutes=plan.minutes,
            position=plan.position,
            is_required=plan.is_required,
        )
        for plan in select_steps(book, traits, on=visit.day)
        if plan.code not in there
    )


@transaction.atomic
def finish_task(*, actor: Actor, visit: Visit, step: str) -> VisitTask:
    """Tick one step; ticking it again changes nothing."""
    actor.may(ROOM).or_raise()
    task = locked(VisitTask.objects.all(), visit=visit, step=step)
    if task.state != TaskState.DONE:
        task.state, task.reason = TaskState.DONE, ""
        task.done_by_id, task.done_at = actor.staff_id, actor.now
        task.save()
        nudge_board(visit.site_id)
    return task


@transaction.atomic
def skip_task(*, actor: Actor, visit: Visit, step: str, reason: str) -> VisitTask:
    """Say that one step is not done this time, and why."""
    actor.may(ROOM).or_raise()
    if not reason.strip():
        raise InvalidInput("Say why this is not done.", field="reason")
    task = locked(VisitTask.objects.all(), visit=visit, step=step)
    task.state, task.reason = TaskState.NOT_DONE, reason.strip()[:160]
    task.done_by_id, task.done_at = actor.staff_id, actor.now
    task.save()
    nudge_board(visit.site_id)
    return task


@transaction.atomic
def reopen_task(*, actor: Actor, visit: Visit, step: str) -> VisitTask:
    """Take back a tick, or a "not done"."""
    actor.may(ROOM).or_raise()
    task = locked(VisitTask.objects.all(), visit=visit, step=step)
    if task.state == TaskState.TO_DO:
        raise IllegalMove("This step is still to do.")
    task.state, task.reason, task.done_by, task.done_at = TaskState.TO_DO, "", None, None
    task.save()
    nudge_board(visit.site_id)
    return task
