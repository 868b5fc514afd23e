"""Screenings: asked, scored, and what must not wait taken to a person at once."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from mainstay.chart import actions as chart_actions
from mainstay.chart.actions import Measured
from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.findings import NOTHING_CONFIRMED, Finding
from mainstay.rooming.actions.intake import opened_intake
from mainstay.rooming.actions.loops import open_loops
from mainstay.rooming.models import ScreeningResult
from mainstay.rooming.permissions import ROOM_PATIENT
from mainstay.rooming.screenings import score, tool
from mainstay.visits import actions as visit_actions
from mainstay.visits.models import TaskState, Visit


@transaction.atomic
def take_screening(
    *,
    actor: Actor,
    visit: Visit,
    code: str,
    answers: Mapping[str, int | str | None],
    language: str = "en",
    told_by: str = "patient",
) -> tuple[ScreeningResult, list[Finding], tuple[str, ...]]:
    """Score a screening and keep it; returns it, what somebody must hear, and the tools that must follow.

    An answer that must not wait (thoughts of self-harm) opens a loop and goes to a person at once.
    Raises `InvalidInput` for an unknown tool or when nothing is answered, `StopFound` for an answer that is none of
    its choices.
    """
    actor.may(ROOM_PATIENT).or_raise()
    opened_intake(visit)
    try:
        asked = tool(code)
    except KeyError:
        raise InvalidInput("There is no such screening.") from None
    if all(answers.get(item.code) in (None, "") for item in asked.items):
        raise InvalidInput("Nothing is answered yet. Ask, or write down why the patient would rather not answer.")
    result = score(asked, answers, sex=visit.patient.sex)
    alerts = NOTHING_CONFIRMED.answer(result.findings)
    row = ScreeningResult.objects.create(
        patient=visit.patient,
        visit=visit,
        tool=code,
        version=asked.effective.isoformat(),
        language=language,
        answers=[_number(answers.get(item.code)) for item in asked.items],
        total=result.total,
        band=result.band.en if result.band else "",
        is_complete=result.is_complete,
        taken_by_id=actor.staff_id,
        taken_at=actor.now,
        told_by=told_by,
    )
    if result.total is not None:
        total = Measured(key=code, loinc=asked.loinc_total, value=result.total, unit="{score}", text=row.band)  # type: ignore[arg-type]  # a tool with a total has its code
        chart_actions.record_observations(
            actor=actor, patient=visit.patient, panel="screening", measured=[total], visit_ref=visit.public_id
        )
    open_loops(actor=actor, visit=visit, alerts=alerts, screening=row, now_codes=result.now)
    if result.is_complete:
        _tick(actor, visit, code)
    return row, list(alerts), result.follow_on


@transaction.atomic
def decline_screening(*, actor: Actor, visit: Visit, code: str, reason: str) -> ScreeningResult:
    """Write down that the patient would not answer, and why."""
    actor.may(ROOM_PATIENT).or_raise()
    opened_intake(visit)
    if not reason.strip():
        raise InvalidInput("Say why it was not answered.", field="reason")
    for task in visit.tasks.filter(screening=code, state=TaskState.TO_DO):
        visit_actions.skip_task(actor=actor, visit=visit, step=task.step, reason=f"Declined: {reason.strip()}")
    return ScreeningResult.objects.create(
        patient=visit.patient,
        visit=visit,
        tool=code,
        version=tool(code).effective.isoformat(),
        declined_reason=reason.strip()[:160],
        taken_by_id=actor.staff_id,
        taken_at=actor.now,
    )


def _number(answer: int | str | None) -> int | None:
    return int(answer) if answer not in (None, "") else None


def _tick(actor: Actor, visit: Visit, code: str) -> None:
    for task in visit.tasks.filter(screening=code, state=TaskState.TO_DO):
        visit_actions.finish_task(actor=actor, visit=visit, step=task.step)
