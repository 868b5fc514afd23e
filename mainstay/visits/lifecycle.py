"""How a visit moves through the clinic, and how a room turns over."""

from enum import StrEnum

from mainstay.foundation.lifecycle import Lifecycle, Step


class Stage(StrEnum):
    """Where a visit stands."""

    EXPECTED = "expected"
    ARRIVED = "arrived"
    CHECKED_IN = "checked_in"
    ROOMING = "rooming"
    READY = "ready"
    WITH_PROVIDER = "with_provider"
    AFTER_PROVIDER = "after_provider"
    CHECKING_OUT = "checking_out"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    LEFT = "left"


STAGE_WORDS = {
    Stage.EXPECTED: "Expected",
    Stage.ARRIVED: "Arrived",
    Stage.CHECKED_IN: "Waiting",
    Stage.ROOMING: "Rooming",
    Stage.READY: "Ready for provider",
    Stage.WITH_PROVIDER: "With provider",
    Stage.AFTER_PROVIDER: "After provider",
    Stage.CHECKING_OUT: "Check-out",
    Stage.CLOSED: "Closed",
    Stage.NO_SHOW: "No-show",
    Stage.LEFT: "Left",
    Stage.CANCELLED: "Cancelled",
}
STANDS = {
    Stage.EXPECTED: "This patient is not here yet",
    Stage.ARRIVED: "This patient is here and not checked in",
    Stage.CHECKED_IN: "This patient waits for a room",
    Stage.ROOMING: "This patient is being roomed",
    Stage.READY: "This patient is ready for the provider",
    Stage.WITH_PROVIDER: "The provider is with this patient",
    Stage.AFTER_PROVIDER: "The provider is done with this patient",
    Stage.CHECKING_OUT: "This patient is at check-out",
    Stage.CLOSED: "This visit is closed",
    Stage.CANCELLED: "This visit was cancelled",
    Stage.NO_SHOW: "This patient was marked as not come",
    Stage.LEFT: "This patient has left",
}
FIRST = {
    "arrive": "Only who was expected, or marked as not come, arrives.",
    "check_in": "Say first that they are here; each visit is checked in once.",
    "room": "Check them in first; who is in a room is moved with “Change room”.",
    "mark_ready": "Bring them into a room first.",
    "start_provider": "Room them first.",
    "finish_provider": "The provider goes in first.",
    "back_to_ma": "Only who is ready for the provider goes back to the assistant.",
    "bring_out": "Only who is being roomed is brought out again.",
    "begin_check_out": "They are checked in first, and checked out once.",
    "close": "A visit is closed at check-out, and once.",
    "cancel": "Only a visit that has not begun is cancelled.",
    "miss": "Only who is still expected is marked as not come.",
    "leave": "Only who is in the clinic leaves it.",
}
"""What comes before a step, said when it is tried out of turn."""


def out_of_turn(step: str, stage: Stage) -> str:
    """Why a step cannot be taken now, and what comes first; empty where it can."""
    return "" if stage in visit_lifecycle.step(step).sources else f"{STANDS[stage]}. {FIRST[step]}"


S = Stage
IN_THE_CLINIC = (
    S.ARRIVED, S.CHECKED_IN, S.ROOMING, S.READY, S.WITH_PROVIDER, S.AFTER_PROVIDER, S.CHECKING_OUT,
)  # fmt: skip
NOT_OVER = (S.EXPECTED, *IN_THE_CLINIC)
IN_A_ROOM = (S.ROOMING, S.READY, S.WITH_PROVIDER, S.AFTER_PROVIDER)

visit_lifecycle = Lifecycle(
    name="visit",
    states=Stage,
    initial=S.EXPECTED,
    final=frozenset({S.CLOSED, S.CANCELLED, S.LEFT}),
    steps=(
        Step("arrive", (S.EXPECTED, S.NO_SHOW), S.ARRIVED, "visits.check_in"),
        Step("check_in", (S.ARRIVED,), S.CHECKED_IN, "visits.check_in"),
        Step("room", (S.ARRIVED, S.CHECKED_IN), S.ROOMING, "visits.room"),
        Step("mark_ready", (S.ROOMING,), S.READY, "visits.room"),
        Step("start_provider", (S.READY, S.ROOMING, S.AFTER_PROVIDER), S.WITH_PROVIDER, "visits.see_patient"),
        Step("finish_provider", (S.WITH_PROVIDER,), S.AFTER_PROVIDER, "visits.see_patient"),
        Step("back_to_ma", (S.READY,), S.ROOMING, "visits.room"),
        Step("bring_out", (S.ROOMING,), S.CHECKED_IN, "visits.room"),
        Step(
            "begin_check_out",
            (S.CHECKED_IN, S.ROOMING, S.WITH_PROVIDER, S.AFTER_PROVIDER),
            S.CHECKING_OUT,
            "visits.check_out",
        ),
        Step("close", (S.CHECKING_OUT,), S.CLOSED, "visits.check_out"),
        Step("cancel", (S.EXPECTED, S.NO_SHOW), S.CANCELLED, "visits.check_in"),
        Step("miss", (S.EXPECTED,), S.NO_SHOW, "visits.check_in"),
        Step("leave", IN_THE_CLINIC, S.LEFT, "visits.check_in"),
    ),
)


class RoomState(StrEnum):
    """What state a room is in."""

    READY = "ready"
    OCCUPIED = "occupied"
    DIRTY = "dirty"
    CLEANING = "cleaning"
    OUT_OF_SERVICE = "out_of_service"


ROOM_WORDS = {
    RoomState.READY: "ready",
    RoomState.OCCUPIED: "occupied",
    RoomState.DIRTY: "dirty",
    RoomState.CLEANING: "cleaning",
    RoomState.OUT_OF_SERVICE: "closed",
}
R = RoomState
room_lifecycle = Lifecycle(
    name="room",
    states=RoomState,
    initial=R.READY,
    final=frozenset(),
    steps=(
        Step("occupy", (R.READY,), R.OCCUPIED, "visits.room"),
        Step("vacate", (R.OCCUPIED,), R.DIRTY, "visits.room"),
        Step("start_cleaning", (R.DIRTY,), R.CLEANING, "visits.clean_room"),
        Step("finish_cleaning", (R.CLEANING, R.DIRTY), R.READY, "visits.clean_room"),
        Step("take_out_of_service", (R.READY, R.DIRTY, R.CLEANING), R.OUT_OF_SERVICE, "visits.close_room"),
        Step("return_to_service", (R.OUT_OF_SERVICE,), R.DIRTY, "visits.close_room"),
    ),
)
