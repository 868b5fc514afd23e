"""The queue, one item, what we are owed, and hand-offs."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from mainstay.foundation.drafts import parked_drafts
from mainstay.foundation.errors import NotFound
from mainstay.foundation.pages import StaffRequest, attempt, page, redirect_to, staff_page
from mainstay.work import actions, queries
from mainstay.work.forms import AssignForm, ExtendForm, GiveBackForm, OutcomeForm, ReadBackForm, ReasonForm
from mainstay.work.lines import queue_line
from mainstay.work.models import Expectation, WorkItem
from mainstay.work.permissions import ASSIGN, DO, DROP, HAND_OFF

SHOWN = ("pools", "mine", "all", "late")
PER_PAGE = 40
BY_REASON: dict[str, Callable[..., WorkItem]] = {"drop": actions.drop_work, "give_back": actions.give_back_work}


@require_GET
@staff_page(DO)
def queue(request: StaffRequest) -> HttpResponse:
    """The queue: mine and my pools' first, by band, then by clock."""
    actor = request.actor
    show = request.GET.get("show", "pools")
    show = show if show in SHOWN else "pools"
    rows = Paginator(queries.work_waiting(actor, show=show), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "show": show,
        "rows": rows,
        "lines": [queue_line(item, actor) for item in rows],
        "counts": queries.work_counts(actor),
        "handoffs": queries.handoffs_waiting(actor),
        "overloads": queries.overloads(actor),
        "parked": parked_drafts(actor),
        "now": actor.now,
    }
    return page(request, "work/queue.html", context)


@require_GET
@staff_page(DO)
def item(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """One item: what it is, whose it is, what happened to it."""
    return _item(request, queries.work_item(request.actor, public_id))


def _item(request: StaffRequest, shown: WorkItem, **given: Form) -> HttpResponse:
    people = queries.people_to_give_to(request.actor)
    forms = {"outcome": OutcomeForm(), "reason": ReasonForm(), "assign": AssignForm(people=people), **given}
    context = {
        "line": queue_line(shown, request.actor),
        "steps": shown.steps.select_related("by").order_by("pk"),
        "may_drop": request.actor.may(DROP),
        "may_assign": request.actor.may(ASSIGN),
        "now": request.actor.now,
        **forms,
        "form": next(iter(given.values()), None),
    }
    return page(request, "work/item.html", context, status=422 if given else 200)


@require_POST
@staff_page(DO)
def seen(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Say that you have seen that something is late."""
    shown = queries.work_item(request.actor, public_id)
    actions.see_alarms(actor=request.actor, item=shown)
    return redirect_to(request, "work-item", public_id)


@require_POST
@staff_page(DO)
def take(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Take an item; it opens where it is done."""
    taken = actions.take_work(actor=request.actor, item=queries.work_item(request.actor, public_id))
    return redirect_to(request, request.POST.get("then") == "open" and taken.url or "work")


@require_POST
@staff_page(DO)
def finish(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Say that an item is done."""
    shown, form = queries.work_item(request.actor, public_id), OutcomeForm(request.POST)
    if form.is_valid() and attempt(form, actions.finish_work, actor=request.actor, item=shown, **form.cleaned_data):
        return redirect_to(request, "work")
    return _item(request, shown, outcome=form)


@require_POST
@staff_page(DO)
def put_aside(request: StaffRequest, public_id: UUID, how: str) -> HttpResponse:
    """Give an item back, or drop it with a reason."""
    shown = queries.work_item(request.actor, public_id)
    form = (ReasonForm if how == "drop" else GiveBackForm)(request.POST)
    if form.is_valid() and attempt(form, BY_REASON[how], actor=request.actor, item=shown, **form.cleaned_data):
        return redirect_to(request, "work")
    return _item(request, shown, reason=form)


@require_POST
@staff_page(ASSIGN)
def assign(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Give an item to somebody."""
    shown = queries.work_item(request.actor, public_id)
    form = AssignForm(request.POST, people=queries.people_to_give_to(request.actor))
    if form.is_valid() and attempt(form, actions.assign_work, actor=request.actor, item=shown, **form.cleaned_data):
        return redirect_to(request, "work-item", public_id)
    return _item(request, shown, assign=form)


@require_POST
@staff_page(HAND_OFF)
def acknowledge(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Acknowledge a hand-off, with what is read back."""
    form = ReadBackForm(request.POST)
    said = form.cleaned_data["read_back"] if form.is_valid() else ""
    handoff = queries.handoff_for(request.actor, public_id)
    actions.acknowledge_handoff(actor=request.actor, handoff=handoff, read_back=said)
    return redirect_to(request, "work")


@require_GET
@staff_page(DO)
def expectations(request: StaffRequest) -> HttpResponse:
    """What we are owed, the overdue first."""
    return _expectations(request)


def _expectations(request: StaffRequest, form: Form | None = None, at: UUID | None = None) -> HttpResponse:
    rows = Paginator(queries.expectations_open(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    lines = [(row, queries.spell_left(row.expected_by, request.actor.now)) for row in rows]
    context = {"rows": rows, "lines": lines, "may_drop": request.actor.may(DROP), "wrong": at}
    return page(request, "work/expectations.html", context, form=form)


@require_POST
@staff_page(DO)
def settle_expectation(request: StaffRequest, public_id: UUID, how: str) -> HttpResponse:
    """It came, we wait longer, or we stop waiting."""
    awaited = queries.expectation_for(request.actor, public_id)
    form = {"met": GiveBackForm, "extend": ExtendForm, "give_up": ReasonForm}[how](request.POST)
    if form.is_valid() and _settle(request, awaited, form, how):
        return redirect_to(request, "expectations")
    return _expectations(request, form, public_id)


def _settle(request: StaffRequest, awaited: Expectation, form: Form, how: str) -> Expectation | None:
    said = {"actor": request.actor, "expectation": awaited, "reason": form.cleaned_data["reason"]}
    if how == "met":
        return attempt(form, actions.meet_expectation, **said)
    if how == "give_up":
        return attempt(form, actions.give_up_expectation, **said)
    if isinstance(form, ExtendForm):
        return attempt(form, actions.extend_expectation, until=form.until_moment(request.actor.zone), **said)
    raise NotFound()
