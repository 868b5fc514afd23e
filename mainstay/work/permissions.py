"""Who may do, drop, decide and re-assign work."""

from mainstay.foundation.permissions import permission

DO = permission("work.do", "Take and finish work")
DROP = permission("work.drop", "Drop work with a reason, give up an expectation")
DECIDE = permission("work.decide", "Close clinical work with a clinician's disposition")
ASSIGN = permission("work.assign", "Re-assign others' work")
HAND_OFF = permission("work.hand_off", "Hand off and acknowledge")
