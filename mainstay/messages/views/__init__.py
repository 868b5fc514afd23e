"""Pages of calls and messages."""
