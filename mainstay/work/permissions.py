"""Who may do, drop and re-assign work."""

from mainstay.foundation.permissions import permission

DO = permission("work.do", "Take and finish work")
DROP = permission("work.drop", "Drop work with a reason, give up an expectation")
ASSIGN = permission("work.assign", "Re-assign others' work")
HAND_OFF = permission("work.hand_off", "Hand off and acknowledge")
