"""What people see while a patient is roomed."""
