"""How a provider's note is written, signed and amended; how an abnormal value is answered."""

from enum import StrEnum

from mainstay.foundation.lifecycle import Lifecycle, Step


class NoteState(StrEnum):
    """Where a provider's note stands."""

    DRAFT = "draft"
    SIGNED = "signed"
    AMENDED = "amended"


NOTE_OWED = "note_to_sign"
"""The kind of work a note is until it is signed, once its visit is over."""

N = NoteState
note_lifecycle = Lifecycle(
    name="provider note",
    states=NoteState,
    initial=N.DRAFT,
    final=frozenset({N.AMENDED}),
    steps=(
        Step("sign", (N.DRAFT,), N.SIGNED, "rooming.sign_note"),
        Step("amend", (N.SIGNED,), N.AMENDED, "rooming.sign_note"),
    ),
)


class LoopState(StrEnum):
    """Where the loop around an abnormal value stands."""

    OPEN = "open"
    TOLD = "told"
    ANSWERED = "answered"
    CLOSED = "closed"


L = LoopState
loop_lifecycle = Lifecycle(
    name="abnormal value",
    states=LoopState,
    initial=L.OPEN,
    final=frozenset({L.CLOSED}),
    steps=(
        Step("tell", (L.OPEN, L.TOLD), L.TOLD, "rooming.room_patient"),
        Step("answer", (L.TOLD,), L.ANSWERED, "rooming.room_patient"),
        Step("close", (L.ANSWERED,), L.CLOSED, "rooming.room_patient"),
    ),
)
