"""Who may find, register and change patients."""

from mainstay.foundation.permissions import permission

FIND = permission("people.find", "Find patients and see who they are")
REGISTER = permission("people.register", "Register patients and change who they are")
MERGE = permission("people.merge", "Merge two charts, and undo it")
OPEN_CONFIDENTIAL = permission("people.open_confidential", "Open confidential charts without breaking glass")
BREAK_GLASS = permission("people.break_glass", "Open a confidential chart in need, with a reason")
SEE_ACCESS = permission("people.see_access", "See who looked at a chart, and review broken glass")
