"""The inbox, one conversation, what came in by another way."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from mainstay.foundation.pages import StaffRequest, attempt, page, redirect_to, staff_page
from mainstay.messages import actions, queries
from mainstay.messages.forms import (
    AnswerForm,
    CloseForm,
    NewMessageForm,
    RelayForm,
    SplitForm,
    TextForm,
)
from mainstay.messages.models import Thread
from mainstay.messages.permissions import ANSWER_CLINICALLY, RELAY, TAKE_CALLS
from mainstay.messages.rules import categories
from mainstay.people.queries import banner_for, open_chart
from mainstay.work.lifecycle import Band
from mainstay.work.queries import BandClock, band_clocks, pool_title, spell_left

PER_PAGE = 40
ANSWER = "answer_%s"
"""Ids of the fields of the answer: the note for colleagues has a field of the same name."""


@require_GET
@staff_page(TAKE_CALLS)
def inbox(request: StaffRequest) -> HttpResponse:
    """Open conversations by category, band first, each with its owner and clock."""
    actor, show = request.actor, "all" if request.GET.get("show") == "all" else "pools"
    category = request.GET.get("category", "")
    category = category if category in categories() else ""
    found = queries.threads_open(actor, category=category, show=show)
    rows = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    counted = queries.open_by_category(actor, show=show)
    context = {
        "show": show,
        "category": category,
        "rows": rows,
        "lines": [_line(t, actor.now) for t in rows],
        "categories": [(c.code, c.title, counted[c.code]) for c in categories().values() if c.code in counted],
        "unfinished": queries.unfinished_calls(actor),
        "now": actor.now,
    }
    return page(request, "messages/inbox.html", context)


def _line(one: Thread, now: datetime) -> tuple[Thread, str, str, str, BandClock]:
    """A conversation as the list shows it: its category, the time left, whose it is, its band in words."""
    left = spell_left(one.due_at or one.opened_at, now)
    return one, categories()[one.category].title, left, pool_title(one.pool), band_clocks()[Band(one.band)]


@require_GET
@staff_page(TAKE_CALLS)
def thread(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """One conversation."""
    shown = queries.thread_for(request.actor, public_id)
    if shown.patient is not None:
        open_chart(request.actor, shown.patient.public_id, what="message")
    return _thread(request, shown)


def _thread(request: StaffRequest, shown: Thread, form: Form | None = None, **given: object) -> HttpResponse:
    actor = request.actor
    context = {
        "thread": shown,
        "banner": banner_for(actor, shown.patient) if shown.patient else None,
        "category": categories()[shown.category],
        "band_title": band_clocks()[Band(shown.band)].short,
        "left": spell_left(shown.due_at or shown.opened_at, actor.now),
        "pool": pool_title(shown.pool),
        "messages_shown": queries.messages_of(shown),
        "parts": [(part, categories()[part.category].title) for part in shown.parts.all()],
        "may_answer": actor.may(ANSWER_CLINICALLY),
        "may_relay": queries.may_relay(actor, shown),
        "may_close": queries.may_close_thread(actor, shown),
        "text_form": TextForm(),
        "answer_form": AnswerForm(thread=shown, auto_id=ANSWER),
        "is_stop": queries.stops_booking(shown),
        "relay_form": RelayForm(initial={"told_to": shown.patient.called_name if shown.patient else ""}),
        "close_form": CloseForm(),
        "split_form": SplitForm(),
        **given,
    }
    return page(request, "messages/thread.html", context, form=form)


@staff_page(TAKE_CALLS)
def new_message(request: StaffRequest, patient_id: UUID | None = None) -> HttpResponse:
    """Take in a voicemail, a fax or a word at the desk."""
    patient = open_chart(request.actor, patient_id, what="message") if patient_id else None
    form = NewMessageForm(request.POST or None)
    if form.is_valid():
        made = attempt(form, actions.receive_message, actor=request.actor, patient=patient, **form.cleaned_data)
        if made:
            return redirect_to(request, "thread", made.public_id)
    banner = banner_for(request.actor, patient) if patient else None
    return page(request, "messages/new_message.html", {"banner": banner}, form=form)


@require_POST
@staff_page(TAKE_CALLS)
def write(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Add what the patient wrote next, or a word among colleagues."""
    shown, form = queries.thread_for(request.actor, public_id), TextForm(request.POST)
    action = actions.add_message if request.POST.get("from") == "patient" else actions.write_note
    if form.is_valid() and attempt(form, action, actor=request.actor, thread=shown, **form.cleaned_data):
        return redirect_to(request, "thread", public_id)
    return _thread(request, shown, form, text_form=form)


@require_POST
@staff_page(ANSWER_CLINICALLY)
def answer(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """A clinician answers."""
    shown = queries.thread_for(request.actor, public_id)
    form = AnswerForm(request.POST, thread=shown, auto_id=ANSWER)
    if form.is_valid() and attempt(form, actions.answer_thread, actor=request.actor, thread=shown, **form.cleaned_data):
        return redirect_to(request, "thread", public_id)
    return _thread(request, shown, form, answer_form=form)


@require_POST
@staff_page(RELAY)
def relay(request: StaffRequest, public_id: UUID, message_id: UUID) -> HttpResponse:
    """Say that a clinician's words were read out."""
    shown, form = queries.thread_for(request.actor, public_id), RelayForm(request.POST)
    message = queries.message_for(shown, message_id)
    if form.is_valid() and attempt(
        form, actions.relay_message, actor=request.actor, message=message, read_out=form.read_out()
    ):
        return redirect_to(request, "thread", public_id)
    return _thread(request, shown, form, relay_form=form)


@require_POST
@staff_page(TAKE_CALLS)
def split(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Make one message several conversations."""
    shown, form = queries.thread_for(request.actor, public_id), SplitForm(request.POST)
    if form.is_valid() and attempt(form, actions.split_thread, actor=request.actor, thread=shown, parts=form.parts()):
        return redirect_to(request, "messages")
    return _thread(request, shown, form, split_form=form)


@require_POST
@staff_page(TAKE_CALLS)
def close(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Close a conversation."""
    shown, form = queries.thread_for(request.actor, public_id), CloseForm(request.POST)
    if form.is_valid() and attempt(form, actions.close_thread, actor=request.actor, thread=shown, **form.cleaned_data):
        return redirect_to(request, "messages")
    return _thread(request, shown, form, close_form=form)
