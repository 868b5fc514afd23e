"""What people look up about calls and messages."""

from mainstay.messages.queries.calls import (
    answers_of,
    band_of_call,
    call_for,
    clinicians_at,
    colleagues_at,
    facts_of,
    recent_calls,
    unfinished_calls,
)
from mainstay.messages.queries.facts import facts_about, facts_with
from mainstay.messages.queries.refills import ASKED, RefillSaid, questions_for_refill, refill_check, refillable
from mainstay.messages.queries.stops import (
    Awaited,
    answer_awaited,
    clinicians_answer,
    clinicians_leave,
    leave_for_call,
    stops_booking,
    words_of,
)
from mainstay.messages.queries.threads import (
    may_close_thread,
    may_relay,
    message_for,
    messages_of,
    open_by_category,
    thread_for,
    threads_on,
    threads_open,
)

__all__ = [
    "ASKED",
    "Awaited",
    "answer_awaited",
    "clinicians_answer",
    "clinicians_leave",
    "leave_for_call",
    "stops_booking",
    "words_of",
    "RefillSaid",
    "questions_for_refill",
    "refill_check",
    "refillable",
    "answers_of",
    "band_of_call",
    "call_for",
    "clinicians_at",
    "colleagues_at",
    "facts_about",
    "facts_of",
    "facts_with",
    "may_close_thread",
    "may_relay",
    "message_for",
    "messages_of",
    "open_by_category",
    "recent_calls",
    "thread_for",
    "threads_on",
    "threads_open",
    "unfinished_calls",
]
