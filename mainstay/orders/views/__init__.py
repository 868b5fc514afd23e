"""Pages of orders and of standing orders."""
