"""Calls we make, and refills held against the protocol."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from mainstay.foundation.pages import StaffRequest, attempt, page, redirect_to, staff_page
from mainstay.messages import actions, queries
from mainstay.messages.forms import RefillForm, TriedForm
from mainstay.messages.models import Reached
from mainstay.messages.permissions import TAKE_CALLS
from mainstay.messages.rules_calls import ATTEMPTS_BEFORE_LETTER
from mainstay.people.models import Channel
from mainstay.people.queries import banner_for, open_chart, ways_to_reach
from mainstay.work.queries import work_item


@staff_page(TAKE_CALLS)
def call_out(request: StaffRequest, item_id: UUID) -> HttpResponse:
    """Call somebody about something owed, and write down what came of it."""
    item = work_item(request.actor, item_id)
    form = TriedForm(request.POST or None)
    if form.is_valid():
        tried = actions.Tried(**form.cleaned_data)
        if attempt(form, actions.note_call_attempt, actor=request.actor, item=item, tried=tried):
            return redirect_to(request, "work-item" if tried.outcome == Reached.SPOKE else "call-out", item_id)
    patient = open_chart(request.actor, item.patient.public_id, what="call") if item.patient else None
    so_far = list(item.call_attempts.select_related("by").order_by("at"))
    missed = sum(one.outcome != Reached.SPOKE for one in so_far)
    context = {
        "item": item,
        "banner": banner_for(request.actor, patient) if patient else None,
        "numbers": [one for one in ways_to_reach(patient) if one.channel != Channel.EMAIL] if patient else [],
        "tried": so_far,
        "left": max(0, ATTEMPTS_BEFORE_LETTER - missed),
    }
    return page(request, "messages/call_out.html", context, form=form)


@staff_page(TAKE_CALLS)
def refill(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Hold a request for a refill against the protocol, and send it to whoever approves or decides."""
    thread = queries.thread_for(request.actor, public_id)
    patient = open_chart(request.actor, thread.patient.public_id, what="refill") if thread.patient else None
    medicines = queries.refillable(patient) if patient else []
    chosen = next((m for m in medicines if str(m.public_id) == request.GET.get("medicine")), None)
    form, said = RefillForm(request.POST or None, medication=chosen), queries.RefillSaid()
    if chosen and form.is_valid():
        said = form.said()
        given = {"thread": thread, "medication": chosen, "said": said}
        if "send" in request.POST and attempt(form, actions.send_refill, actor=request.actor, **given):
            return redirect_to(request, "thread", public_id)
    context = {
        "thread": thread,
        "banner": banner_for(request.actor, patient) if patient else None,
        "medicines": medicines,
        "chosen": chosen,
        "check": queries.refill_check(chosen.patient, chosen, said, on=request.actor.today) if chosen else None,
    }
    return page(request, "messages/refill.html", context, form=form)
