"""Which steps a visit asks for, and which screenings are due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from mainstay.foundation.ages import Period
from mainstay.visits.playbooks.model import Playbook, ScreeningDue, Stage, Step, StepPlan, Traits, When
from mainstay.visits.playbooks.tables import ScreeningInterval, screening_intervals, trait_kinds

SEX_WORDS = {"female": "for female patients", "male": "for male patients"}
EARLY = Period(1, "m")
"""How long before its age a screening tied to an age may be done and count."""
CHECK_WINDOW = Period(4, "m")
"""How long after its age a screening tied to an age is still asked for."""


def _holds(when: When | None, traits: Traits, on: date, *codes: str) -> tuple[bool, bool, str]:
    """Whether a condition holds, whether that is certain, and why, in words.

    `codes` name what counts as done before: the step itself, or the screening, panel or form it opens.
    A sex-limited step for somebody whose sex is not recorded is offered, not demanded.
    """
    if when is None:
        return True, True, ""
    reasons: list[str] = []
    is_certain = True
    if when.age:
        if traits.born is None or not when.age.holds(traits.born, on):
            return False, True, ""
        reasons.append(str(when.age))
    if when.sex and when.sex != traits.sex:
        if traits.sex in SEX_WORDS:
            return False, True, ""
        is_certain = False
        reasons.append("sex not recorded")
    if when.is_pregnant is not None:
        if when.is_pregnant != traits.counts_as_pregnant:
            return False, True, ""
        reasons.append("pregnant" if when.is_pregnant else "not pregnant")
    if when.is_first_visit is not None:
        if when.is_first_visit != traits.is_first_visit:
            return False, True, ""
        reasons.append("first visit" if when.is_first_visit else "seen before")
    if when.none_of & traits.marks or not when.all_of <= traits.marks:
        return False, True, ""
    present = (when.any_of & traits.marks) | when.all_of
    if when.any_of and not when.any_of & traits.marks:
        return False, True, ""
    reasons += sorted(trait_kinds()[mark].title.lower() for mark in present)
    if when.not_done_for:
        last = max((traits.last_done[code] for code in codes if code in traits.last_done), default=None)
        if last is not None and on < when.not_done_for.after(last):
            return False, True, ""
        reasons.append(f"last done {last.isoformat()}" if last else "not done before")
    return True, is_certain, ", ".join(reasons)


def _done_as(step: Step) -> tuple[str, ...]:
    return tuple(filter(None, (step.code, step.screening, step.panel, step.form)))


def _age_point(interval: ScreeningInterval, traits: Traits, on: date) -> str:
    """The age this screening is due at now, in words, or nothing."""
    if traits.born is None:
        return ""
    last = traits.last_done.get(interval.code)
    for age in interval.at_ages:
        point = age.after(traits.born)
        start = EARLY.before(point)
        if start <= on <= CHECK_WINDOW.after(point) and (last is None or last < start):
            return f"due at {age}"
    return ""


def _interval_reason(interval: ScreeningInterval, traits: Traits, on: date) -> str:
    """Why an interval makes its screening due today, or nothing."""
    holds, _, why = _holds(interval.when, traits, on, interval.code)
    if not holds:
        return ""
    if interval.at_ages:
        return _age_point(interval, traits, on)
    last = traits.last_done.get(interval.code)
    if interval.after_tool and interval.after_within:
        asked = traits.last_done.get(interval.after_tool)
        scored = traits.scores.get(interval.after_tool)
        recent = asked is not None and on <= interval.after_within.after(asked)
        answered = last is not None and asked is not None and last >= asked
        if scored is None or scored < interval.after_score or not recent or answered:
            return ""
        return f"{interval.after_tool} scored {scored}"
    if interval.every and last is not None and on < interval.every.after(last):
        return ""
    return ", ".join(filter(None, (why, f"last done {last.isoformat()}" if last else "not done before")))


def screenings_due(traits: Traits, *, on: date) -> tuple[ScreeningDue, ...]:
    """The screenings a patient is due for on a day, one each, in the order of the table."""
    due: dict[str, ScreeningDue] = {}
    for interval in screening_intervals():
        reason = _interval_reason(interval, traits, on)
        if reason and interval.code not in due:
            due[interval.code] = ScreeningDue(
                interval.code, interval.title, interval.minutes, interval.is_reminder, reason
            )
    return tuple(due.values())


def _screening_steps(playbook: Playbook, traits: Traits, on: date) -> Iterable[tuple[Step, str]]:
    for due in screenings_due(traits, on=on):
        if due.code in playbook.screenings:
            title = f"Due: {due.title}" if due.is_reminder else f"Ask the questions: {due.title}"
            yield (
                Step(
                    code=f"screen_{due.code.replace('-', '_')}",
                    stage=Stage.SCREEN,
                    title=title,
                    minutes=due.minutes,
                    screening="" if due.is_reminder else due.code,
                    is_required=not due.is_reminder,
                ),
                due.reason,
            )


def select_steps(playbook: Playbook, traits: Traits, *, on: date) -> tuple[StepPlan, ...]:
    """What this visit asks for this patient on this day, in order, each step once.

    A step named twice keeps its first place and is required if either asks for it. Steps are ordered by stage,
    then as the playbook lists them.
    """
    chosen: dict[str, tuple[Step, bool, str]] = {}
    candidates = [(step, *_holds(step.when, traits, on, *_done_as(step))) for step in playbook.steps]
    candidates += [(step, True, True, why) for step, why in _screening_steps(playbook, traits, on)]
    for step, holds, is_certain, why in candidates:
        if not holds:
            continue
        required = step.is_required and is_certain
        if step.code in chosen:
            first, first_required, first_why = chosen[step.code]
            chosen[step.code] = (first, first_required or required, first_why or why)
        else:
            chosen[step.code] = (step, required, why)
    ordered = sorted(chosen.values(), key=lambda entry: entry[0].stage.rank)
    return tuple(
        StepPlan(
            position=position,
            code=step.code,
            stage=step.stage,
            title=step.title,
            minutes=step.minutes,
            act=step.act,
            panel=step.panel,
            form=step.form,
            screening=step.screening,
            leaflet=step.leaflet,
            supplies=step.supplies,
            is_required=required,
            reason=why,
        )
        for position, (step, required, why) in enumerate(ordered, start=1)
    )


def supplies_needed(steps: Iterable[StepPlan]) -> tuple[str, ...]:
    """Everything the steps need to have ready, each once, in order of first use."""
    return tuple(dict.fromkeys(item for step in steps for item in step.supplies))


def staff_minutes(steps: Iterable[StepPlan]) -> int:
    """Planned minutes of the required steps, without the provider."""
    return sum(step.minutes for step in steps if step.is_required)
