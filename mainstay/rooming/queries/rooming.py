"""One rooming: the intake, the loops around abnormal values, screenings and notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from mainstay.chart.models import Observation
from mainstay.foundation.errors import NotFound
from mainstay.foundation.history import staff_of
from mainstay.rooming.models import AbnormalLoop, Intake, ProviderNote, ScreeningResult
from mainstay.rooming.screenings import Tool, tool, tools
from mainstay.visits.models import TaskState, Visit, VisitTask
from mainstay.workforce.models import Staff


def intake_of(visit: Visit) -> Intake | None:
    """The rooming of a visit, if it was begun."""
    rows = Intake.objects.select_related("handoff__given_to", "handoff__acknowledged_by", "started_by")
    return rows.filter(visit=visit).first()


def last_saved(intake: Intake) -> tuple[str, datetime]:
    """Who saved a rooming last (empty where the program did), and when."""
    versions: QuerySet[Any] = intake.events.select_related("pgh_context")  # type: ignore[attr-defined]  # added by pghistory
    last = versions.latest("pgh_id")
    who = Staff.objects.filter(pk=staff_of(last)).values_list("shown_name", flat=True).first()
    return who or "", last.pgh_created_at


def loops_of(visit: Visit) -> Sequence[AbnormalLoop]:
    """The abnormal values of a visit, the urgent and open ones first."""
    rows = AbnormalLoop.objects.filter(visit=visit).select_related("told_to", "observation", "recheck")
    return sorted(rows, key=lambda loop: (loop.state == "closed", not loop.is_now, loop.pk))


def loop_for(visit: Visit, public_id: UUID) -> AbnormalLoop:
    """One abnormal value of a visit. Raises `NotFound`."""
    loop = AbnormalLoop.objects.select_related("observation").filter(visit=visit, public_id=public_id).first()
    if loop is None:
        raise NotFound()
    return loop


def loops_like(loop: AbnormalLoop) -> Sequence[AbnormalLoop]:
    """The abnormal values of the same visit that stand where this one stands, itself among them."""
    return list(AbnormalLoop.objects.filter(visit_id=loop.visit_id, state=loop.state).order_by("-is_now", "pk"))


def screenings_of(visit: Visit) -> Sequence[ScreeningResult]:
    """The screenings taken at a visit."""
    return list(ScreeningResult.objects.filter(visit=visit).select_related("taken_by").order_by("taken_at"))


def screenings_to_take(visit: Visit) -> Sequence[Tool]:
    """The screenings still to take: those the playbook asks for, and those a score has made necessary."""
    asked = visit.tasks.filter(state=TaskState.TO_DO).exclude(screening="").values_list("screening", flat=True)
    codes = dict.fromkeys(asked)
    taken = {row.tool: row for row in screenings_of(visit)}
    for row in taken.values():
        codes.update(dict.fromkeys(_follow_on(row)))
    return [tool(code) for code in codes if code in tools() and code not in taken]


def _follow_on(row: ScreeningResult) -> list[str]:
    if row.total is None:
        return []
    rules = tool(row.tool).rules
    return [
        r.follow_on for r in rules if r.follow_on and r.total_at_least is not None and row.total >= r.total_at_least
    ]


def notes_of(visit: Visit) -> Sequence[ProviderNote]:
    """The notes of a visit, the newest first."""
    return list(ProviderNote.objects.filter(visit=visit).select_related("author").order_by("-pk"))


def note_for(visit: Visit, public_id: UUID) -> ProviderNote:
    """One note of a visit. Raises `NotFound`."""
    note = ProviderNote.objects.select_related("author").filter(visit=visit, public_id=public_id).first()
    if note is None:
        raise NotFound()
    return note


def measured_again(loop: AbnormalLoop) -> Observation | None:
    """The latest value of the same kind measured at this visit after the loop was answered, if there is one."""
    if loop.observation is None or loop.answered_at is None:
        return None
    rows = Observation.objects.filter(
        patient_id=loop.observation.patient_id, key=loop.observation.key, effective_at__gt=loop.answered_at
    )
    return rows.exclude(status="entered-in-error").order_by("-effective_at").first()


STAGE_TITLES = {
    "prepare_room": "Before the patient is in the room",
    "arrive": "At the desk",
    "room": "In the room",
    "measure": "Measure",
    "screen": "Ask",
    "collect": "Collect",
    "give": "Give",
    "assist": "With the provider",
    "teach": "Teach",
    "book": "Book",
    "clean_up": "Afterwards",
}
OURS = frozenset({"room", "measure", "screen", "collect", "give"})
"""The stages a medical assistant works through in the room."""


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """The playbook's steps of one stage; `is_ours` while somebody is roomed."""

    title: str
    tasks: tuple[VisitTask, ...]
    is_ours: bool

    @property
    def done(self) -> int:
        """How many are dealt with."""
        return sum(task.state != TaskState.TO_DO for task in self.tasks)


def tasks_by_stage(visit: Visit) -> list[TaskGroup]:
    """What the playbook asks of a visit, by stage, in order. One query."""
    tasks = list(visit.tasks.select_related("done_by").order_by("position"))
    stages = dict.fromkeys(task.stage for task in tasks)
    return [
        TaskGroup(STAGE_TITLES.get(stage, stage), tuple(t for t in tasks if t.stage == stage), stage in OURS)
        for stage in stages
    ]
