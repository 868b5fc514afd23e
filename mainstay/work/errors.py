"""What can go wrong with work, in words."""

from mainstay.foundation.constraint_names import means
from mainstay.foundation.errors import Stale


class AlreadyOwed(Stale):
    """This is on the list already."""

    code = "already-owed"


means("one_open_item_per_cause", AlreadyOwed)
