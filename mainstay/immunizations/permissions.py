"""Who may write down vaccine doses."""

from mainstay.foundation.permissions import permission

RECORD_HISTORY = permission("immunizations.record_history", "Record vaccine doses given elsewhere")
