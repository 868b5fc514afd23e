"""What people see of signing in and of who works here."""
