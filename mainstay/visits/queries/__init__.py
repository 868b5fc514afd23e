"""What people look up about visits."""

from mainstay.visits.queries.board import board_rows, board_version, free_rooms, room_tiles, visits_of_day
from mainstay.visits.queries.foreseen import Foreseen, foreseen
from mainstay.visits.queries.late import asked_late, late_rule_at, late_rule_of_our_own, lateness_of
from mainstay.visits.queries.lookups import (
    loose_end_of,
    room_for,
    room_use_for,
    site_of,
    summary_file,
    visit_for,
    who_saw,
)
from mainstay.visits.queries.papers import last_confirmed, papers_of_visit
from mainstay.visits.queries.past import PatientVisits, visits_of_patient
from mainstay.visits.queries.traits import traits_of

__all__ = [
    "PatientVisits",
    "asked_late",
    "late_rule_at",
    "late_rule_of_our_own",
    "lateness_of",
    "last_confirmed",
    "papers_of_visit",
    "visits_of_patient",
    "Foreseen",
    "foreseen",
    "board_rows",
    "board_version",
    "free_rooms",
    "loose_end_of",
    "room_for",
    "room_tiles",
    "room_use_for",
    "site_of",
    "summary_file",
    "traits_of",
    "visit_for",
    "visits_of_day",
    "who_saw",
]
