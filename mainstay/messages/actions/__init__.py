"""What people do on the phone and in messages."""

from mainstay.messages.actions.calling_out import Tried, note_call_attempt
from mainstay.messages.actions.calls import (
    CallerSaid,
    Ending,
    answer_questions,
    begin_call,
    end_call,
    name_patient,
    name_proxy,
    note_caller,
    note_reason,
)
from mainstay.messages.actions.refills import SentRefill, send_refill
from mainstay.messages.actions.stops import ask_before_booking, settle_booking
from mainstay.messages.actions.threads import (
    Matter,
    ReadOut,
    add_message,
    answer_thread,
    close_thread,
    receive_message,
    relay_message,
    split_thread,
    write_note,
)

__all__ = [
    "SentRefill",
    "Tried",
    "note_call_attempt",
    "send_refill",
    "CallerSaid",
    "Ending",
    "Matter",
    "ReadOut",
    "add_message",
    "answer_questions",
    "answer_thread",
    "ask_before_booking",
    "begin_call",
    "close_thread",
    "end_call",
    "name_patient",
    "name_proxy",
    "note_caller",
    "note_reason",
    "receive_message",
    "relay_message",
    "settle_booking",
    "split_thread",
    "write_note",
]
