"""What can go wrong while giving vaccines, in words."""

from mainstay.foundation.constraint_names import means
from mainstay.foundation.errors import ClinicError, IllegalMove, Stale


class NotIdentifiedYet(ClinicError):
    """Check two identifiers with the patient first."""

    code = "not-identified"


class NotHereToday(IllegalMove):
    """Check the patient in first: a vaccine is given at a visit of today that is not closed."""

    code = "not-here-today"


class StepSkipped(IllegalMove):
    """The steps go in order: do the one before first."""

    code = "step-skipped"


class DoubtIsOpen(IllegalMove):
    """Something speaks against this vaccine. A clinician decides first."""

    code = "doubt-is-open"


class TalkFirst(IllegalMove):
    """A clinician talks this vaccine over with the patient first, and notes that it is wanted."""

    code = "talk-first"


class AlreadyOnItsWay(Stale):
    """This vaccine is being prepared for this visit already."""

    code = "already-on-its-way"


means("one_open_preparation_per_group", AlreadyOnItsWay)
means("one_watch_at_a_time", Stale)
