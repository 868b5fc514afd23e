"""Who in the whole practice is due for a vaccine, and how far the reckoning has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from mainstay.immunizations.forecast import Forecast, SeriesStatus, needs_shared_decision
from mainstay.immunizations.models import DueRun, DueVaccine, RunState
from mainstay.immunizations.rules.due import HORIZON_DAYS, Pressing, how_pressing
from mainstay.immunizations.words import group_label
from mainstay.people.models import Patient


@dataclass(frozen=True, slots=True)
class DueRow:
    """What of a forecast goes into the practice's list."""

    group: str
    dose_number: int
    earliest: date
    recommended: date
    past_due: date | None
    is_shared_decision: bool


def due_rows(forecast: Forecast, on: date) -> dict[str, DueRow]:
    """The groups of a forecast that ask for a dose by the horizon, by name."""
    horizon = (on + timedelta(days=HORIZON_DAYS)).toordinal()
    return {
        group.group.name: DueRow(
            group.group.name,
            group.number or 1,
            date.fromordinal(group.earliest),
            date.fromordinal(group.recommended),
            date.fromordinal(group.past_due) if group.past_due else None,
            needs_shared_decision(group),
        )
        for group in forecast.groups
        if group.status is SeriesStatus.NOT_COMPLETE and group.earliest and group.recommended <= horizon
    }


_NOW = (Pressing.OVERDUE, Pressing.DUE)
_MOST_ON_BOARD = 2


def due_in_words(rows: Sequence[DueRow], *, on: date) -> str:
    """The vaccines that are due on a day, overdue ones first: "MMR (overdue), HPV (talk with the provider first)"."""
    return ", ".join(group_label(row.group) + _remark(state, row) for state, row in _due_now(rows, on))


def due_in_brief(rows: Sequence[DueRow], *, on: date) -> str:
    """The same for the board: short names, the first few of them, and how many more there are."""
    names = [group_label(row.group).split(" (")[0] for _, row in _due_now(rows, on)]
    more = len(names) - _MOST_ON_BOARD
    return ", ".join(names) if more < 2 else f"{', '.join(names[:_MOST_ON_BOARD])} and {more} more"


def _due_now(rows: Sequence[DueRow], on: date) -> list[tuple[Pressing, DueRow]]:
    pressing = [(how_pressing(row.earliest, row.recommended, row.past_due, on=on), row) for row in rows]
    now = [item for item in pressing if item[0] in _NOW]
    return sorted(now, key=lambda item: (item[1].is_shared_decision, _NOW.index(item[0]), item[1].group))


def _remark(state: Pressing, row: DueRow) -> str:
    if row.is_shared_decision:
        return " (talk with the provider first)"
    return " (overdue)" if state is Pressing.OVERDUE else ""


def patients_to_reckon() -> QuerySet[Patient]:
    """Everybody alive with a chart of their own, in the order a run goes through them."""
    return Patient.objects.filter(deceased_on=None, merged_into=None, withdrawn_at=None).order_by("pk")


def stretch_after(position: int, size: int) -> Sequence[Patient]:
    """The next patients of a run. One statement."""
    rows = patients_to_reckon().filter(pk__gt=position)
    return list(rows.only("pk", "birth_date", "sex", "race")[:size])


def rows_on_list(patients: Sequence[Patient]) -> Mapping[int, Mapping[str, DueVaccine]]:
    """What the list says about these patients now. One statement."""
    found: dict[int, dict[str, DueVaccine]] = {patient.pk: {} for patient in patients}
    for row in DueVaccine.objects.filter(patient_id__in=found):
        found[row.patient_id][row.group] = row
    return found


def run_in_hand() -> DueRun | None:
    """The run that is under way or was stopped before its end; None when the last one is finished."""
    last = DueRun.objects.order_by("-pk").first()
    return last if last is not None and last.state != RunState.FINISHED else None


def last_finished_run() -> DueRun | None:
    """The last run that went through everybody."""
    return DueRun.objects.filter(state=RunState.FINISHED).order_by("-pk").first()
