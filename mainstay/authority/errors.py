"""What can go wrong with a policy, and what broken constraints of it mean."""

from mainstay.foundation.constraint_names import means
from mainstay.foundation.errors import IllegalMove, InvalidInput


class NoStatute(InvalidInput):
    """A policy that allows more than the tables has to name the statute it rests on."""

    code = "no-statute"


class EndsBeforeItStarts(InvalidInput):
    """A policy ends on or after the day it starts."""

    code = "ends-before-start"


class AlreadyWithdrawn(IllegalMove):
    """This policy was withdrawn already."""

    code = "already-withdrawn"


means("loosening_names_its_statute", NoStatute)
means("policy_ends_after_it_starts", EndsBeforeItStarts)
