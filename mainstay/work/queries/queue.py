"""The one queue: clinical band first, then the soonest due, then the oldest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from mainstay.foundation.actor import Actor
from mainstay.foundation.compiled import asking, compiled, form_of
from mainstay.foundation.errors import NotFound
from mainstay.practice.models import Site
from mainstay.work.lifecycle import CLINICAL_BANDS, ExpectationState, WorkState
from mainstay.work.models import Alarm, Expectation, Handoff, WorkItem
from mainstay.work.permissions import ASSIGN, DO
from mainstay.work.rules import Load, overload_of, pools_of
from mainstay.workforce.models import Staff

WAITING = (WorkState.OPEN, WorkState.TAKEN)
LEAD_TOLD = 2


def work_waiting(actor: Actor, *, show: str = "pools") -> QuerySet[WorkItem]:
    """Open work of this site in the order of the queue.

    `show`: `mine`, `pools` (mine, and what nobody of my pools has taken), `all`, or `late` (the lead was told).
    """
    rows = WorkItem.objects.filter(state__in=WAITING).select_related("patient", "owner", "site")
    if actor.site_id is not None:
        rows = rows.filter(Q(site=None) | Q(site_id=actor.site_id) | Q(owner_id=actor.staff_id))
    if show == "mine":
        rows = rows.filter(owner_id=actor.staff_id)
    if show == "pools":
        rows = rows.filter(_for_me(actor))
    if show == "late":
        rows = rows.filter(escalated_to__gte=LEAD_TOLD)
    return rows.order_by("band", "due_at", "received_at", "pk")


def _for_me(actor: Actor) -> Q:
    unowned = Q(owner=None) & (Q(pool__in=pools_of(actor.roles)) | Q(pool=""))
    return Q(owner_id=actor.staff_id) | unowned


def work_owed(site: Site, kind: str) -> QuerySet[WorkItem]:
    """Everything of one kind that is open at a site, whoever owes it, the soonest due first."""
    rows = WorkItem.objects.filter(site=site, kind=kind, state__in=WAITING).select_related("patient", "owner")
    return rows.order_by("due_at", "pk")


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """How much waits, by what can be shown."""

    mine: int
    pools: int
    all: int
    late: int


def work_counts(actor: Actor) -> WorkCounts:
    """How much waits under each filter of the queue, in one query."""
    waiting = work_waiting(actor, show="all").select_related(None).order_by()
    found = waiting.aggregate(
        mine=Count("pk", filter=Q(owner_id=actor.staff_id)),
        pools=Count("pk", filter=_for_me(actor)),
        everything=Count("pk"),
        late=Count("pk", filter=Q(escalated_to__gte=LEAD_TOLD)),
    )
    return WorkCounts(found["mine"], found["pools"], found["everything"], found["late"])


@dataclass(frozen=True, slots=True)
class WorkOnMe:
    """What the frame of every page says of work: how much waits, and what I was told is late and have not seen."""

    waiting: int = 0
    told: tuple[Alarm, ...] = ()


def work_on_me(actor: Actor) -> WorkOnMe:
    """What is mine or waits for my pools, and late items I was told of. One query, two while something is told."""
    if not actor.may(DO):
        return WorkOnMe()
    found = dict(_waiting_on(actor.staff_id, actor.site_id, form=form_of(actor)))
    late: tuple[Alarm, ...] = ()
    if True in found:
        shown = (
            _unseen_by(actor.staff_id).filter(item__state__in=WAITING).select_related("item__patient", "item__owner")
        )
        late = tuple({one.item_id: one for one in shown.order_by("level", "told_at")}.values())
    return WorkOnMe(sum(found.values()), late)


@compiled
def _waiting_on(staff_id: int | None, site_id: int | None, *, form: Actor) -> QuerySet[WorkItem, tuple[bool, int]]:
    """How many items wait for one person, by whether they were told that it is late."""
    actor = asking(form, staff_id, site_id)
    told = Exists(_unseen_by(staff_id).filter(item=OuterRef("pk")))
    rows = WorkItem.objects.filter(state__in=WAITING).annotate(is_told=told)
    here = Q(site=None) | Q(site_id=actor.site_id) | Q(owner_id=actor.staff_id) if actor.site_id is not None else Q()
    rows = rows.filter(_for_me(actor) & here | Q(is_told=True))
    return rows.values("is_told").annotate(n=Count("pk")).values_list("is_told", "n")


def _unseen_by(staff_id: int | None) -> QuerySet[Alarm]:
    return Alarm.objects.filter(staff_id=staff_id, seen_at=None)


def work_badge(actor: Actor) -> int:
    """The number beside Work in the rail."""
    return work_on_me(actor).waiting


def work_item(actor: Actor, public_id: UUID) -> WorkItem:
    """One item with its moves. Raises `NotPermitted` and `NotFound`."""
    actor.may(DO).or_raise()
    rows = WorkItem.objects.select_related("patient", "owner", "site")
    item = rows.filter(public_id=public_id).first()
    if item is None:
        raise NotFound("There is no such work.")
    return item


def open_item_of(once_key: str) -> WorkItem | None:
    """The open item of one cause, if there is one."""
    return WorkItem.objects.filter(once_key=once_key, state__in=WAITING).select_related("owner").first()


def open_causes(prefix: str) -> list[str]:
    """The once-keys of open items that begin with something: every open question of one conversation."""
    return list(
        WorkItem.objects.filter(once_key__startswith=prefix, state__in=WAITING).values_list("once_key", flat=True)
    )


def expectations_open(actor: Actor) -> QuerySet[Expectation]:
    """What we are owed, the overdue first, then by when it should come."""
    actor.may(DO).or_raise()
    open_states = [ExpectationState.OVERDUE, ExpectationState.AWAITED]
    rows = Expectation.objects.filter(state__in=open_states).select_related("patient", "work_item__owner")
    return rows.order_by("-state", "expected_by", "pk")


def expectation_for(actor: Actor, public_id: UUID) -> Expectation:
    """One expectation. Raises `NotPermitted` and `NotFound`."""
    actor.may(DO).or_raise()
    found = Expectation.objects.select_related("patient").filter(public_id=public_id).first()
    if found is None:
        raise NotFound("There is no such expectation.")
    return found


def handoffs_waiting(actor: Actor) -> Sequence[Handoff]:
    """Hand-offs somebody waits for me to acknowledge, the urgent first, then the oldest."""
    rows = Handoff.objects.filter(given_to_id=actor.staff_id, acknowledged_at=None, withdrawn_at=None)
    return list(rows.select_related("patient", "given_by").order_by("-is_urgent", "given_at"))


def handoff_for(actor: Actor, public_id: UUID) -> Handoff:
    """One hand-off given to this person. Raises `NotFound`."""
    found = Handoff.objects.select_related("patient", "given_by").filter(public_id=public_id).first()
    if found is None or found.given_to_id != actor.staff_id:
        raise NotFound("There is no such hand-off to you.")
    return found


@dataclass(frozen=True, slots=True)
class Overload:
    """Somebody with more than they can do well, and why."""

    load: Load
    reasons: tuple[str, ...]

    @property
    def shown(self) -> str:
        """The reasons as one phrase."""
        return ", ".join(self.reasons)


def overloads(actor: Actor) -> Sequence[Overload]:
    """Who has more than they can do well, for somebody who may re-assign; empty for everybody else."""
    if not actor.may(ASSIGN):
        return []
    rows = (
        work_waiting(actor, show="all")
        .exclude(owner=None)
        .order_by()
        .values("owner_id", "owner__shown_name")
        .annotate(
            items=Count("pk"),
            urgent=Count("pk", filter=Q(band__in=CLINICAL_BANDS)),
            overdue=Count("pk", filter=Q(due_at__lt=actor.now)),
        )
    )
    loads = (Load(r["owner_id"], r["owner__shown_name"], r["items"], r["urgent"], r["overdue"]) for r in rows)
    found = (Overload(load, overload_of(load)) for load in loads)
    return sorted((o for o in found if o.reasons), key=lambda o: -o.load.open_items)


def people_to_give_to(actor: Actor) -> QuerySet[Staff]:
    """Everybody work can be given to at this site."""
    staff = Staff.objects.filter(is_active=True).order_by("family_name", "given_name")
    here = Q(home_site_id=actor.site_id) | Q(sites=actor.site_id)
    return staff.filter(here).distinct() if actor.site_id else staff
