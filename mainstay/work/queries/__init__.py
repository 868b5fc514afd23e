"""What is owed, what is awaited, and the clocks of both."""

from mainstay.work.queries.clocks import due_for_band, open_hours_of

__all__ = ["due_for_band", "open_hours_of"]
