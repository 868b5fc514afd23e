"""The huddle sheet of one day, by provider."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from uuid import UUID

from django.db.models import QuerySet

from mainstay.foundation.errors import NotFound
from mainstay.practice.models import Site
from mainstay.rooming.models import PreVisitPlan
from mainstay.visits.lifecycle import Stage
from mainstay.visits.models import Visit


@dataclass(frozen=True, slots=True)
class HuddleLine:
    """One visit of the sheet: its plan, if one was made, as labels and words."""

    visit: Visit
    plan: PreVisitPlan | None
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class HuddleGroup:
    """The visits of one provider, in the order of the day."""

    name: str
    lines: tuple[HuddleLine, ...]


def visits_to_plan(site: Site, day: date) -> QuerySet[Visit]:
    """The visits expected at a site on a day."""
    gone = [Stage.CANCELLED, Stage.NO_SHOW, Stage.LEFT]
    rows = Visit.objects.filter(site=site, day=day).exclude(stage__in=gone)
    return rows.select_related("patient", "visit_type", "provider").order_by("expected_at", "pk")


def day_to_plan(site: Site, *, today: date) -> date:
    """The next day with visits after today; tomorrow when nothing is booked."""
    later = Visit.objects.filter(site=site, day__gt=today, stage=Stage.EXPECTED).order_by("day")
    return later.values_list("day", flat=True).first() or today + timedelta(days=1)


def huddle_groups(site: Site, day: date) -> Sequence[HuddleGroup]:
    """The sheet of one day: by provider, each visit with what it needs. Two queries."""
    rows = visits_to_plan(site, day).select_related("patient", "visit_type", "provider", "plan__reviewed_by")
    ordered = sorted(rows, key=lambda v: (v.provider.family_name if v.provider else "", v.provider_id or 0))
    return [
        HuddleGroup(visits[0].provider.shown_name if visits[0].provider else "", tuple(map(_line, visits)))
        for visits in (list(group) for _, group in groupby(ordered, key=lambda v: v.provider_id))
    ]


def _line(visit: Visit) -> HuddleLine:
    plan = getattr(visit, "plan", None)
    parts = tuple(tuple(line.split(": ", 1)) for line in plan.text.splitlines() if ": " in line) if plan else ()
    return HuddleLine(visit, plan, parts)


def plan_for(public_id: UUID) -> PreVisitPlan:
    """One visit's plan. Raises `NotFound`."""
    plan = PreVisitPlan.objects.filter(public_id=public_id).first()
    if plan is None:
        raise NotFound("There is no such plan.")
    return plan
