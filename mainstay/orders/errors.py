"""What can go wrong with orders, in words."""

from mainstay.foundation.constraint_names import means
from mainstay.foundation.errors import IllegalMove, InvalidInput, Stale


class ChangedSinceShown(Stale):
    """This order was changed after it was shown to you. Read it again, then sign."""

    code = "changed-since-shown"


class SignedContent(IllegalMove):
    """A signed order is never changed. Write a new one that replaces it."""

    code = "signed-content"


class NoLongerValid(IllegalMove):
    """This order has run out. Ask for a new one."""

    code = "no-longer-valid"


class EndsBeforeItStarts(InvalidInput):
    """A standing order ends on or after the day it starts."""

    code = "ends-before-start"


means("standing_ends_after_it_starts", EndsBeforeItStarts)
