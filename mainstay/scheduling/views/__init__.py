"""What people see of the schedule."""
