"""Who may see and record coverage."""

from mainstay.foundation.permissions import permission

SEE = permission("coverage.see", "See coverage")
RECORD = permission("coverage.record", "Record policies and checks")
