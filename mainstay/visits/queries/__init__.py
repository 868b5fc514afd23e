"""What people look up about visits."""

from mainstay.visits.queries.board import board_rows, board_version, free_rooms, room_tiles, visits_of_day
from mainstay.visits.queries.traits import traits_of

__all__ = ["board_rows", "board_version", "free_rooms", "room_tiles", "traits_of", "visits_of_day"]
