"""What people see of forms and leaflets."""
