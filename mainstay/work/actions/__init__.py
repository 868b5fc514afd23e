"""What people do with work: owe, take, finish, hand off; expect, and escalate."""

from mainstay.work.actions.escalating import escalate_work
from mainstay.work.actions.expecting import (
    expect,
    extend_expectation,
    give_up_expectation,
    meet_expectation,
    raise_what_never_came,
)
from mainstay.work.actions.handing_off import acknowledge_handoff, hand_off
from mainstay.work.actions.queue import (
    OwedTo,
    assign_work,
    drop_work,
    finish_cause,
    finish_work,
    give_back_work,
    owe,
    owe_each,
    raise_work,
    take_work,
)
from mainstay.work.actions.settling import Note, finish_each, note_on_each, waiting_of
from mainstay.work.actions.telling import follow_failed_check, hand_over_work_of, see_alarms, tell_who_is_next

__all__ = [
    "Note",
    "OwedTo",
    "acknowledge_handoff",
    "assign_work",
    "drop_work",
    "escalate_work",
    "expect",
    "extend_expectation",
    "finish_cause",
    "finish_each",
    "follow_failed_check",
    "finish_work",
    "give_back_work",
    "give_up_expectation",
    "hand_off",
    "hand_over_work_of",
    "see_alarms",
    "tell_who_is_next",
    "meet_expectation",
    "note_on_each",
    "owe",
    "owe_each",
    "raise_what_never_came",
    "raise_work",
    "take_work",
    "waiting_of",
]
