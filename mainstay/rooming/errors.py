"""What can go wrong while rooming, in words."""

from mainstay.foundation.errors import ClinicError, IllegalMove


class NotInARoom(IllegalMove):
    """Bring the patient into a room first."""

    code = "not-in-a-room"


class NotIdentified(ClinicError):
    """Check two identifiers with the patient first."""

    code = "not-identified"


class AlreadyIdentified(IllegalMove):
    """Two identifiers matched already. Put right what was recorded, and ask a clinician what to do."""

    code = "already-identified"


class NobodyTold(IllegalMove):
    """Tell the provider about the urgent value first."""

    code = "nobody-told"


class NoteIsSigned(IllegalMove):
    """A signed note is never changed. Amend it instead."""

    code = "note-signed"
