"""Messages to and from partners: what waits, what was refused and why, repair and resend."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from mainstay.foundation.pages import StaffRequest, attempt, page, redirect_to, staff_page
from mainstay.interop import actions, queries
from mainstay.interop.forms import ReasonForm, RepairForm
from mainstay.interop.models import InboundMessage, OutboundMessage
from mainstay.interop.permissions import MEND

LISTS = ("waiting", "refused", "warned", "done", "dead")


@require_GET
@staff_page(MEND)
def messages(request: StaffRequest) -> HttpResponse:
    """The lists of messages: waiting, refused, warned about, done, dead letters."""
    which = request.GET.get("list", "waiting")
    which = which if which in LISTS else "waiting"
    typed = request.GET.get("page", "1")
    number = int(typed) if typed.isdecimal() else 1
    rows = queries.dead_rows(number=number) if which == "dead" else queries.outbound_rows(which, number=number)
    return page(request, "interop/messages.html", {"which": which, "rows": rows, "counts": queries.traffic_counts()})


@require_GET
@staff_page(MEND)
def outbound_message(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """One message of ours: its way, what was answered, its segments."""
    return _outbound_page(request, queries.outbound_named(public_id))


@require_POST
@staff_page(MEND)
def repair_outbound(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Send an edited copy of a refused message."""
    message, form = queries.outbound_named(public_id), RepairForm(request.POST)
    if form.is_valid():
        copy = attempt(form, actions.resend_repaired, actor=request.actor, message=message, **form.cleaned_data)
        if copy:
            return redirect_to(request, "outbound-message", copy.public_id)
    return _outbound_page(request, message, repair=form)


@require_POST
@staff_page(MEND)
def withdraw_outbound(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Let a message not be sent any more."""
    message, form = queries.outbound_named(public_id), ReasonForm(request.POST)
    if form.is_valid() and attempt(
        form, actions.withdraw_message, actor=request.actor, message=message, **form.cleaned_data
    ):
        return redirect_to(request, "outbound-message", public_id)
    return _outbound_page(request, message, reason=form)


@require_POST
@staff_page(MEND)
def send_outbound_now(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Let a waiting message go out now."""
    actions.send_now(actor=request.actor, message=queries.outbound_named(public_id))
    return redirect_to(request, "outbound-message", public_id)


@require_GET
@staff_page(MEND)
def inbound_message(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """One message that came: what is wrong with it, its segments, its copies."""
    return _inbound_page(request, queries.inbound_named(public_id))


@require_POST
@staff_page(MEND)
def repair_inbound(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Read an edited copy of a message that was refused."""
    message, form = queries.inbound_named(public_id), RepairForm(request.POST)
    del form.fields["reason"]
    if form.is_valid():
        outcome = attempt(
            form, actions.read_repaired, actor=request.actor, message=message, text=form.cleaned_data["text"]
        )
        if outcome:
            return redirect_to(request, "inbound-message", outcome.message.public_id)
    return _inbound_page(request, message, repair=form)


@require_POST
@staff_page(MEND)
def put_inbound_aside(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Put a dead letter aside."""
    message, form = queries.inbound_named(public_id), ReasonForm(request.POST)
    if form.is_valid() and attempt(form, actions.put_aside, actor=request.actor, message=message, **form.cleaned_data):
        return redirect_to(request, "inbound-message", public_id)
    return _inbound_page(request, message, reason=form)


def _outbound_page(request: StaffRequest, message: OutboundMessage, **refused: Any) -> HttpResponse:
    read = queries.readable(bytes(message.body))
    context = {
        "message": message,
        "read": read,
        "steps": message.steps.select_related("by").order_by("pk"),
        "replies": [queries.readable(bytes(one.body)) for one in message.replies.order_by("-pk")[:3]],
        "copies": message.repairs.all(),
        "repair": RepairForm(initial={"text": "\n".join(read.lines)}),
        "reason": ReasonForm(),
        **refused,
    }
    return page(request, "interop/outbound_message.html", context, status=422 if refused else 200)


def _inbound_page(request: StaffRequest, message: InboundMessage, **refused: Any) -> HttpResponse:
    read = queries.readable(bytes(message.body))
    outcomes = list(message.outcomes.select_related("by", "patient"))
    context = {
        "message": message,
        "read": read,
        "outcomes": outcomes,
        "copies": message.repairs.all(),
        "is_open": not any(one.code == "AA" or one.is_dismissed for one in outcomes) and not message.repairs.exists(),
        "repair": RepairForm(initial={"text": "\n".join(read.lines)}),
        "reason": ReasonForm(),
        **refused,
    }
    return page(request, "interop/inbound_message.html", context, status=422 if refused else 200)
