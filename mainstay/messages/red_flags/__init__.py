"""Red flags: a script that only asks, bands that only rise, and lay words that must not wait. Pure, no database."""

from mainstay.messages.red_flags.arrival import (
    ArrivalDecision,
    Place,
    Precautions,
    arrival_questions,
    arrival_screen,
)
from mainstay.messages.red_flags.bands import BandDecision, band, questions_for, raised
from mainstay.messages.red_flags.complaints import (
    SignFound,
    before_booking,
    complaint_band,
    mentions,
    read_complaint,
    signs,
    signs_in,
)
from mainstay.messages.red_flags.model import NOTHING_KNOWN, Facts, Question, Say, Script, Topic, Words, script
from mainstay.messages.red_flags.words import Phrase, read_phrase

__all__ = [
    "NOTHING_KNOWN",
    "ArrivalDecision",
    "BandDecision",
    "Facts",
    "Phrase",
    "Place",
    "Precautions",
    "Question",
    "Say",
    "Script",
    "SignFound",
    "Topic",
    "Words",
    "arrival_questions",
    "arrival_screen",
    "band",
    "before_booking",
    "complaint_band",
    "mentions",
    "questions_for",
    "raised",
    "read_complaint",
    "read_phrase",
    "script",
    "signs",
    "signs_in",
]
