"""First run: an empty database becomes a practice, step by step, behind a code printed where it was started."""
