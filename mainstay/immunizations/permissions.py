"""Who may write down vaccine doses, say what decides them, and choose whose advice the practice follows."""

from mainstay.foundation.permissions import permission

RECORD_HISTORY = permission("immunizations.record_history", "Record vaccine doses given elsewhere")
SEE_DUE_LIST = permission("immunizations.see_due_list", "See who is due for vaccines in the whole practice")
RECKON = permission("immunizations.reckon", "Start and stop the reckoning of what is due for everybody")
DISCUSS = permission("immunizations.discuss", "Document that a vaccine was talked over with a clinician")
CHOOSE_SCHEDULE = permission("immunizations.choose_schedule", "Choose the vaccine schedule and set its local values")
READ_CHART = permission("chart.read", "Read the chart")
GIVE = permission("immunizations.give", "Give vaccines, and watch afterwards")
CHECK = permission("immunizations.check", "Check vaccine and dose before somebody else gives them")
DECIDE = permission("immunizations.decide", "Decide on what speaks against a vaccine")
