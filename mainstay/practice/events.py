"""What others hear of the practice."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RoomAdded:
    """A room is there, or there again."""

    room_id: int


@dataclass(frozen=True, slots=True)
class SiteShut:
    """Nobody works at a site any more; `told` is what those are told who are booked there."""

    site_id: int
    told: str = ""


@dataclass(frozen=True, slots=True)
class DayClosed:
    """A site, or every site, is closed on a day; `told` is what those are told who are booked then."""

    closure_id: int
    told: str = ""


@dataclass(frozen=True, slots=True)
class HoursChanged:
    """A site is open at other hours than those before; `told` is what those are told who are booked outside of them."""

    site_id: int
    before: list[int]
    told: str = ""


@dataclass(frozen=True, slots=True)
class RoomRetired:
    """A room is out of use; `told` is what those are told for whom it is booked."""

    room_id: int
    told: str = ""


@dataclass(frozen=True, slots=True)
class EquipmentRetired:
    """A thing is out of use; `told` is what those are told for whom it is booked."""

    equipment_id: int
    told: str = ""
