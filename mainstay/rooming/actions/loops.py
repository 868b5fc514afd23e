"""An abnormal value until it is closed: told whom, when, what they said, when to check again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta

from django.db import transaction

from mainstay.chart.models import Observation
from mainstay.chart.queries import Urgency, how_urgent
from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.findings import Finding
from mainstay.foundation.moves import begin, locked, take_step
from mainstay.rooming.lifecycle import LoopState, loop_lifecycle
from mainstay.rooming.models import AbnormalLoop, ScreeningResult
from mainstay.rooming.permissions import ANSWER, ROOM_PATIENT
from mainstay.rooming.wording import in_brief
from mainstay.visits import actions as visit_actions
from mainstay.visits.models import SignalKind, Visit
from mainstay.work import actions as work_actions
from mainstay.workforce.models import Staff

HALVES = {"systolic": "blood_pressure", "diastolic": "blood_pressure"}


def open_loops(
    *,
    actor: Actor,
    visit: Visit,
    alerts: Iterable[Finding],
    observations: Sequence[Observation] = (),
    screening: ScreeningResult | None = None,
    now_codes: Collection[str] = (),
) -> list[AbnormalLoop]:
    """Open a loop for every alert a provider must hear of now or before the visit, and call it out on the board.

    What is only to be said at the hand-off opens none. The same code is open once a visit. `now_codes` are codes to act
    on now, besides those that say so themselves.
    """
    by_key = {HALVES.get(row.key, row.key): row for row in observations} | {row.key: row for row in observations}
    opened = []
    for alert in alerts:
        urgency = how_urgent(alert)
        if urgency is Urgency.HANDOFF:
            continue
        is_now = urgency is Urgency.NOW or alert.code in now_codes
        loop, is_new = AbnormalLoop.objects.get_or_create(
            visit=visit,
            code=alert.code[:60],
            state__in=[LoopState.OPEN, LoopState.TOLD],
            defaults={
                "observation": by_key.get(alert.field),
                "screening": screening,
                "message": alert.message[:240],
                "is_now": is_now,
                "opened_at": actor.now,
                "state": LoopState.OPEN,
            },
        )
        if not is_new:
            continue
        begin(loop, loop_lifecycle, actor=actor)
        _call_out(actor, visit, loop, is_self_harm=screening is not None and is_now)
        opened.append(loop)
    return opened


def _call_out(actor: Actor, visit: Visit, loop: AbnormalLoop, *, is_self_harm: bool) -> None:
    kind = SignalKind.STOP_AND_FETCH if loop.is_now else SignalKind.ABNORMAL_VITAL
    visit_actions.raise_signal(
        actor=actor,
        visit=visit,
        kind=SignalKind.SELF_HARM if is_self_harm else kind,
        text=in_brief(loop.message),
        severity="stop" if loop.is_now else "confirm",
        source_ref=f"loop:{loop.pk}",
    )
    if loop.is_now:
        work_actions.owe(
            actor=actor,
            kind="abnormal_value",
            title=f"Fetch the provider: {in_brief(loop.message)}",
            detail=loop.message,
            band="R1",
            patient=visit.patient,
            site=visit.site,
            pool="clinical",
            owner=visit.provider,
            subject_kind="visit",
            subject_ref=visit.public_id,
            once_key=f"loop:{loop.pk}",
        )


@transaction.atomic
def tell_provider(*, actor: Actor, loop: AbnormalLoop, to: Staff, how: str) -> AbnormalLoop:
    """Write down who was told, when and how (in_person, phone, secure_message)."""
    actor.may(ROOM_PATIENT).or_raise()
    fresh = locked(AbnormalLoop.objects.select_related("visit"), pk=loop.pk)
    take_step(fresh, loop_lifecycle, "tell", actor=actor, reason=f"told staff {to.pk}, {how}")
    fresh.told_to, fresh.told_by_id, fresh.told_at, fresh.told_how = to, actor.staff_id, actor.now, how[:20]
    fresh.save()
    return fresh


@transaction.atomic
def tell_together(*, actor: Actor, loops: Sequence[AbnormalLoop], to: Staff, how: str) -> list[AbnormalLoop]:
    """Write down that several values were told in one breath; all of them or none."""
    return [tell_provider(actor=actor, loop=loop, to=to, how=how) for loop in loops]


@transaction.atomic
def answer_together(
    *, actor: Actor, loops: Sequence[AbnormalLoop], answer: str, recheck_minutes: int | None = None
) -> list[AbnormalLoop]:
    """Write down one answer for several values; all of them or none."""
    return [answer_loop(actor=actor, loop=loop, answer=answer, recheck_minutes=recheck_minutes) for loop in loops]


@transaction.atomic
def answer_loop(*, actor: Actor, loop: AbnormalLoop, answer: str, recheck_minutes: int | None = None) -> AbnormalLoop:
    """Write down what the provider said, word for word, and when to check again.

    The provider answers for themselves; a medical assistant writes down the answer of whom they told.
    """
    if not answer.strip():
        raise InvalidInput("Write what the provider said, word for word.", field="answer")
    if not actor.may(ANSWER):
        actor.may(ROOM_PATIENT).or_raise()
    fresh = locked(AbnormalLoop.objects.select_related("visit__site"), pk=loop.pk)
    take_step(fresh, loop_lifecycle, "answer", actor=actor)
    fresh.answer, fresh.answered_at = answer.strip()[:300], actor.now
    if recheck_minutes:
        fresh.recheck_due_at = actor.now + timedelta(minutes=recheck_minutes)
        visit_actions.raise_signal(
            actor=actor,
            visit=fresh.visit,
            kind=SignalKind.RECHECK_DUE,
            text="Check again",
            severity="confirm",
            until=fresh.recheck_due_at,
            source_ref=f"loop:{fresh.pk}",
        )
    fresh.save()
    return fresh


@transaction.atomic
def close_loop(
    *, actor: Actor, loop: AbnormalLoop, reason: str = "", recheck: Observation | None = None
) -> AbnormalLoop:
    """Close a loop that was answered: with the value measured again if one was due, or with the reason it was not."""
    fresh = locked(AbnormalLoop.objects.select_related("visit"), pk=loop.pk)
    if fresh.recheck_due_at and recheck is None and not reason.strip():
        raise InvalidInput("It was to be checked again. Measure it, or say why not.", field="reason")
    take_step(fresh, loop_lifecycle, "close", actor=actor, reason=reason[:300])
    fresh.recheck, fresh.closed_at, fresh.closed_reason = recheck, actor.now, reason.strip()[:200]
    fresh.save()
    for kind in (
        SignalKind.STOP_AND_FETCH, SignalKind.ABNORMAL_VITAL, SignalKind.SELF_HARM, SignalKind.RECHECK_DUE,
    ):  # fmt: skip
        visit_actions.clear_signal(actor=actor, visit=fresh.visit, kind=kind, source_ref=f"loop:{fresh.pk}")
    work_actions.finish_cause(actor=actor, once_key=f"loop:{fresh.pk}", outcome=fresh.answer)
    return fresh
