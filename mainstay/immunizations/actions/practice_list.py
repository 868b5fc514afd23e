"""The due-and-overdue list of the practice: reckoned for everybody in the background, and for one patient at once.

A run goes through the patients in the order of their keys, a stretch at a time. What a stretch finds, its row and the
run's new position are written in one transaction, so a run that dies goes on where it stopped: nobody is missed or
done twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.moves import in_turn, locked
from mainstay.immunizations.forecast import forecast_person
from mainstay.immunizations.models import DueRun, DueRunPart, DueVaccine, RunState
from mainstay.immunizations.permissions import RECKON
from mainstay.immunizations.queries.due import known_people
from mainstay.immunizations.queries.practice_list import (
    DueRow,
    due_rows,
    patients_to_reckon,
    rows_on_list,
    run_in_hand,
    stretch_after,
)
from mainstay.immunizations.queries.schedules import governing_schedule
from mainstay.people.models import Patient

STRETCH = 500
"""How many patients are dealt with in one transaction."""
_FIELDS = ("dose_number", "earliest", "recommended", "past_due", "is_shared_decision")
_UPSERT = """
INSERT INTO immunizations_duevaccine
  (reckoned_on, patient_id, "group", dose_number, earliest, recommended, past_due, is_shared_decision)
SELECT %s, * FROM unnest(%s::bigint[], %s::text[], %s::smallint[], %s::date[], %s::date[], %s::date[], %s::boolean[])
ON CONFLICT (patient_id, "group") DO UPDATE SET (reckoned_on, dose_number, earliest, recommended, past_due,
  is_shared_decision) = (excluded.reckoned_on, excluded.dose_number, excluded.earliest, excluded.recommended,
  excluded.past_due, excluded.is_shared_decision)
"""


@transaction.atomic
def start_due_run(*, actor: Actor) -> DueRun:
    """Start reckoning what is due for everybody as of today, or go on with a run that was stopped.

    A run of an earlier day that never ended is closed as stopped and a new one begun.
    """
    actor.may(RECKON).or_raise()
    open_run = run_in_hand()
    if open_run is not None:
        run = locked(DueRun.objects.all(), pk=open_run.pk)
        if run.as_of == actor.today:
            run.state, run.stopped_by_id, run.moved_at = RunState.RUNNING, None, actor.now
            run.save()
            return run
        run.state = RunState.STOPPED
        run.save()
    return DueRun.objects.create(
        as_of=actor.today,
        total=patients_to_reckon().count(),
        started_at=actor.now,
        moved_at=actor.now,
        started_by_id=actor.staff_id,
    )


@transaction.atomic
def stop_due_run(*, actor: Actor, run: DueRun) -> DueRun:
    """Stop a run after the stretch it is at; it can go on later. Raises `InvalidInput` when it does not run."""
    actor.may(RECKON).or_raise()
    fresh = locked(DueRun.objects.all(), pk=run.pk)
    if fresh.state != RunState.RUNNING:
        raise InvalidInput("Nothing is being reckoned now.")
    fresh.state, fresh.stopped_by_id = RunState.STOPPED, actor.staff_id
    fresh.save()
    return fresh


@transaction.atomic
def reckon_stretch(*, actor: Actor, run: DueRun, size: int = STRETCH) -> DueRun:
    """Deal with the next patients of a run; it is finished when there are none left.

    The run's row is locked for as long, so two workers never take the same stretch.
    """
    actor.may(RECKON).or_raise()
    fresh = locked(DueRun.objects.all(), pk=run.pk)
    if fresh.state != RunState.RUNNING:
        return fresh
    patients = stretch_after(fresh.position, size)
    fresh.moved_at = actor.now
    if not patients:
        fresh.state, fresh.finished_at = RunState.FINISHED, actor.now
    else:
        _write_due(patients, fresh.as_of)
        first, last = patients[0].pk, patients[-1].pk
        DueRunPart.objects.create(run=fresh, first=first, last=last, patients=len(patients), at=actor.now)
        fresh.position = last
        fresh.done += len(patients)
    fresh.save()
    return fresh


@transaction.atomic
def refresh_due(*, actor: Actor, patient: Patient) -> int:
    """Reckon one patient anew, because a dose, a problem or the like changed. Returns how many groups are on the list.

    Two refreshments of one patient take turns, so that they do not write over each other.
    """
    fresh = in_turn(Patient.objects.all(), pk=patient.pk)
    if fresh.deceased_on is not None or fresh.merged_into_id is not None or fresh.withdrawn_at is not None:
        DueVaccine.objects.filter(patient=fresh).delete()
        return 0
    _write_due([fresh], actor.today)
    return DueVaccine.objects.filter(patient=fresh).count()


def _write_due(patients: Sequence[Patient], on: date) -> None:
    """Bring the list in line with what the schedule says: rows that have not changed are not written."""
    schedule = governing_schedule()
    known = known_people(patients, on, schedule)
    listed = rows_on_list(patients)
    fresh: list[tuple[int, DueRow]] = []
    gone: list[int] = []
    for patient in patients:
        wanted = due_rows(forecast_person(known[patient.pk].person, schedule, on), on)
        there = listed[patient.pk]
        gone += [row.pk for group, row in there.items() if group not in wanted]
        fresh += [
            (patient.pk, row)
            for group, row in wanted.items()
            if group not in there or any(getattr(there[group], name) != getattr(row, name) for name in _FIELDS)
        ]
    if gone:
        DueVaccine.objects.filter(pk__in=gone).delete()
    _put_on_list(fresh, on)


def _put_on_list(rows: Sequence[tuple[int, DueRow]], on: date) -> None:
    """Write rows in one statement, column by column: a practice has a million of them."""
    if not rows:
        return
    columns: list[list[Any]] = [[pk for pk, _ in rows], [row.group for _, row in rows]]
    columns += [[getattr(row, name) for _, row in rows] for name in _FIELDS]
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, [on, *columns])
