"""Who may move visits and rooms."""

from mainstay.foundation.permissions import permission

SEE_BOARD = permission("visits.see_board", "See the board")
CHECK_IN = permission("visits.check_in", "Check in, mark no-show, cancel a visit")
ROOM = permission("visits.room", "Room patients")
SEE_PATIENT = permission("visits.see_patient", "See patients as a provider")
CHECK_OUT = permission("visits.check_out", "Check out and close visits")
CLEAN_ROOM = permission("visits.clean_room", "Clean rooms")
CLOSE_ROOM = permission("visits.close_room", "Take rooms out of service")
