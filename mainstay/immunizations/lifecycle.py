"""How a vaccine comes from chosen to given, how a doubt is settled, and how the watch afterwards ends."""

from __future__ import annotations

from enum import StrEnum

from mainstay.foundation.lifecycle import Lifecycle, Step

GIVE = "immunizations.give"
DECIDE = "immunizations.decide"
CHECK = "immunizations.check"


class VaccinationState(StrEnum):
    """Where the vaccines of one visit stand, before any single one."""

    IDENTIFIED = "identified"
    SCREENED = "screened"
    READY = "ready"


V = VaccinationState
vaccination_lifecycle = Lifecycle(
    name="vaccines of a visit",
    states=VaccinationState,
    initial=V.IDENTIFIED,
    steps=(
        Step("screen", (V.IDENTIFIED,), V.SCREENED, GIVE),
        Step("ask_funding", (V.SCREENED,), V.READY, GIVE),
        Step("screen_again", (V.SCREENED, V.READY), V.SCREENED, GIVE),
    ),
)


class PreparationState(StrEnum):
    """Where one vaccine stands, from chosen to given."""

    CHOSEN = "chosen"
    HELD = "held"
    TAKEN = "taken"
    PLACED = "placed"
    CHECKED = "checked"
    INFORMED = "informed"
    GIVEN = "given"
    REFUSED = "refused"
    PUT_ASIDE = "put_aside"
    WITHDRAWN = "withdrawn"


P = PreparationState
WITH_VIAL = (P.TAKEN, P.PLACED, P.CHECKED, P.INFORMED)
OPEN = (P.CHOSEN, P.HELD, *WITH_VIAL)

preparation_lifecycle = Lifecycle(
    name="vaccine being given",
    states=PreparationState,
    initial=P.CHOSEN,
    final=frozenset({P.REFUSED, P.PUT_ASIDE, P.WITHDRAWN}),
    steps=(
        Step("hold", (P.CHOSEN, *WITH_VIAL), P.HELD, GIVE),
        Step("release", (P.HELD,), P.CHOSEN, DECIDE),
        Step("settle", (P.HELD,), P.CHOSEN, GIVE),
        Step("take", (P.CHOSEN,), P.TAKEN, GIVE),
        Step("put_back", WITH_VIAL, P.CHOSEN, GIVE),
        Step("place", (P.TAKEN,), P.PLACED, GIVE),
        Step("check", (P.PLACED,), P.CHECKED, CHECK),
        Step("inform", (P.PLACED, P.CHECKED), P.INFORMED, GIVE),
        Step("give", (P.INFORMED,), P.GIVEN, GIVE),
        Step("refuse", OPEN, P.REFUSED, GIVE),
        Step("put_aside", OPEN, P.PUT_ASIDE, GIVE),
        Step("withdraw", (P.GIVEN,), P.WITHDRAWN, GIVE),
    ),
)


class ConcernState(StrEnum):
    """Where a doubt about one vaccine stands."""

    OPEN = "open"
    CLEARED = "cleared"
    UPHELD = "upheld"
    GONE = "gone"


C = ConcernState
concern_lifecycle = Lifecycle(
    name="doubt about a vaccine",
    states=ConcernState,
    initial=C.OPEN,
    final=frozenset({C.CLEARED, C.UPHELD, C.GONE}),
    steps=(
        Step("clear", (C.OPEN,), C.CLEARED, DECIDE),
        Step("uphold", (C.OPEN,), C.UPHELD, DECIDE),
        Step("drop", (C.OPEN,), C.GONE, GIVE),
    ),
)


class WatchState(StrEnum):
    """Where the watch after a vaccine stands."""

    WATCHING = "watching"
    REACTING = "reacting"
    WELL = "well"
    LEFT_EARLY = "left_early"
    HANDED_OVER = "handed_over"


W = WatchState
watch_lifecycle = Lifecycle(
    name="watch after a vaccine",
    states=WatchState,
    initial=W.WATCHING,
    final=frozenset({W.WELL, W.LEFT_EARLY, W.HANDED_OVER}),
    steps=(
        Step("react", (W.WATCHING,), W.REACTING, GIVE),
        Step("end_well", (W.WATCHING, W.REACTING), W.WELL, GIVE),
        Step("leave_early", (W.WATCHING, W.REACTING), W.LEFT_EARLY, GIVE),
        Step("hand_over", (W.REACTING,), W.HANDED_OVER, GIVE),
    ),
)
