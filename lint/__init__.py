"""Our own checks: what the house demands and no other tool enforces. Each is under 50 lines."""
