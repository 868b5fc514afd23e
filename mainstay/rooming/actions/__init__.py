"""What people do between the waiting room and the provider."""

from mainstay.rooming.actions.handing_off import acknowledge, hand_off_to_provider
from mainstay.rooming.actions.huddle import build_huddle, note_for_huddle, write_plan_line
from mainstay.rooming.actions.intake import (
    Reason,
    identify_patient,
    record_panel,
    record_reason,
    stop_for_wrong_patient,
)
from mainstay.rooming.actions.loops import (
    answer_loop,
    answer_together,
    close_loop,
    open_loops,
    tell_provider,
    tell_together,
)
from mainstay.rooming.actions.notes import amend_note, owe_notes, sign_note, write_note
from mainstay.rooming.actions.screening import decline_screening, take_screening

__all__ = [
    "build_huddle",
    "note_for_huddle",
    "Reason",
    "acknowledge",
    "amend_note",
    "answer_loop",
    "answer_together",
    "close_loop",
    "decline_screening",
    "hand_off_to_provider",
    "identify_patient",
    "stop_for_wrong_patient",
    "open_loops",
    "owe_notes",
    "record_panel",
    "record_reason",
    "sign_note",
    "take_screening",
    "tell_provider",
    "tell_together",
    "write_note",
    "write_plan_line",
]
