"""Conversations: the inbox, one thread, who may relay."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from mainstay.authority.queries import Order, may_do_act
from mainstay.foundation.actor import Actor
from mainstay.foundation.decisions import Decision, no
from mainstay.foundation.errors import NotFound
from mainstay.messages.models import Message, Thread
from mainstay.messages.permissions import ANSWER_CLINICALLY, RELAY, TAKE_CALLS
from mainstay.messages.rules import categories
from mainstay.work.queries import pools_of

RELAY_ACTS = {"RES": "relay_positive_result", "LAB": "relay_positive_result"}
RELAY_ACT = "relay_signed_advice"
"""The regulated act of reading out, by category; a result may be a positive one, which law treats apart."""


def threads_open(actor: Actor, *, category: str = "", show: str = "pools") -> QuerySet[Thread]:
    """Open conversations of this site in the order of the queue. `show`: `pools` or `all`."""
    rows = Thread.objects.filter(closed_at=None).select_related("patient", "work_item__owner", "call")
    if actor.site_id is not None:
        rows = rows.filter(Q(site=None) | Q(site_id=actor.site_id))
    if category:
        rows = rows.filter(category=category)
    if show == "pools":
        rows = rows.filter(Q(pool__in=pools_of(actor.roles)) | Q(work_item__owner_id=actor.staff_id))
    return rows.order_by("band", "due_at", "opened_at", "pk")


def open_by_category(actor: Actor, *, show: str) -> Mapping[str, int]:
    """How many conversations are open in each category."""
    rows = threads_open(actor, show=show).select_related(None).order_by().values("category").annotate(n=Count("pk"))
    return {r["category"]: r["n"] for r in rows}


def threads_on(actor: Actor) -> QuerySet[Thread]:
    """The open conversations of this person's pools."""
    return threads_open(actor).select_related(None).order_by()


def thread_for(actor: Actor, public_id: UUID) -> Thread:
    """One conversation. Raises `NotPermitted` and `NotFound`."""
    actor.may(TAKE_CALLS).or_raise()
    related = ("patient", "work_item__owner", "call", "site", "disposed_by", "split_from")
    thread = Thread.objects.select_related(*related).filter(public_id=public_id).first()
    if thread is None:
        raise NotFound("There is no such conversation.")
    return thread


def messages_of(thread: Thread) -> QuerySet[Message]:
    """The messages of a conversation, oldest first, with who read them to whom."""
    return thread.messages.select_related("written_by").prefetch_related("relays__by").order_by("sent_at", "pk")


def message_for(thread: Thread, public_id: UUID) -> Message:
    """One message of a conversation. Raises `NotFound`."""
    found = thread.messages.select_related("written_by").filter(public_id=public_id).first()
    if found is None:
        raise NotFound("There is no such message.")
    return found


def may_relay(actor: Actor, thread: Thread) -> Decision:
    """Whether somebody may read a clinician's signed words to a patient here today, and who could instead."""
    by_role = actor.may(RELAY)
    return may_do_act(actor, RELAY_ACTS.get(thread.category, RELAY_ACT), order=Order.SIGNED) if by_role else by_role


def may_close_thread(actor: Actor, thread: Thread) -> Decision:
    """Whether somebody may close a conversation: a symptom waits for a clinician's disposition."""
    category = categories()[thread.category]
    if category.needs_disposition and not thread.disposition and not actor.may(ANSWER_CLINICALLY):
        return no(
            f"{category.title}: a clinician has to say what was decided before this is closed.",
            who_could=("a nurse", "a provider"),
        )
    return actor.may(TAKE_CALLS)
