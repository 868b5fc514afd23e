"""The huddle sheet: what tomorrow's patients need, built overnight and edited by the team."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.moves import locked
from mainstay.foundation.outbox import publish
from mainstay.people.queries import needs_of
from mainstay.practice.models import Site
from mainstay.rooming.events import HuddleBuilt
from mainstay.rooming.models import PreVisitPlan
from mainstay.rooming.permissions import HUDDLE
from mainstay.rooming.queries.huddle import visits_to_plan
from mainstay.visits.models import LooseEnd, Visit
from mainstay.visits.queries import foreseen
from mainstay.work.models import Expectation, WorkItem


@transaction.atomic
def build_huddle(*, actor: Actor, site: Site, day: date) -> int:
    """Write what every expected visit of a day needs; notes of the team stay. Returns how many visits."""
    actor.may(HUDDLE).or_raise()
    visits = list(visits_to_plan(site, day))
    for visit in visits:
        PreVisitPlan.objects.update_or_create(
            visit=visit, defaults={"text": "\n".join(_lines(visit)), "made_at": actor.now}
        )
    publish(HuddleBuilt(site_id=site.pk, day=day.isoformat()))
    return len(visits)


@transaction.atomic
def write_plan_line(*, actor: Actor, visit: Visit, label: str, words: str) -> None:
    """Put one line into the plan of a visit, in place of the line of the same label; without words there is none."""
    actor.may(HUDDLE).or_raise()
    plan = PreVisitPlan.objects.select_for_update().filter(visit=visit).first()
    if plan is None:
        return
    kept = [line for line in plan.text.splitlines() if not line.startswith(f"{label}: ")]
    plan.text = "\n".join([*kept, f"{label}: {words}"] if words else kept)
    plan.save(update_fields=["text"])


def _lines(visit: Visit) -> list[str]:
    ahead = foreseen(visit)
    needs = [f"{need.get_kind_display()}: {need.detail}".rstrip(": ") for need in needs_of(visit.patient)]
    if visit.patient.language not in ("", "en") and not any(n.startswith("Interpreter") for n in needs):
        needs.insert(0, f"Interpreter ({visit.patient.language})")
    awaited = Expectation.objects.filter(patient=visit.patient, state__in=["awaited", "overdue"])
    owed = WorkItem.objects.filter(patient=visit.patient, state__in=["open", "taken"])
    ends = LooseEnd.objects.filter(visit__patient=visit.patient, settled_at=None)
    still = [
        *(f"{e.title} ({e.state})" for e in awaited.order_by("expected_by")),
        *(item.title for item in owed.exclude(kind="never_came").order_by("band", "due_at")),
        *(end.text for end in ends.order_by("pk")),
    ]
    parts = (
        ("Needs", needs),
        ("Do", ahead.steps),
        ("Have ready", ahead.supplies),
        ("Due", ahead.screenings),
        ("Still open", still),
    )
    return [f"{label}: {'; '.join(said)}" for label, said in parts if said]


@transaction.atomic
def note_for_huddle(*, actor: Actor, plan: PreVisitPlan, note: str) -> PreVisitPlan:
    """Write the team's word on one visit, and who looked at it."""
    actor.may(HUDDLE).or_raise()
    fresh = locked(PreVisitPlan.objects.all(), pk=plan.pk)
    fresh.huddle_note = note.strip()[:300]
    fresh.reviewed_by_id, fresh.reviewed_at = actor.staff_id, actor.now
    fresh.save()
    return fresh
