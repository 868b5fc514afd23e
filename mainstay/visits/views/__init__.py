"""What people see of visits."""
