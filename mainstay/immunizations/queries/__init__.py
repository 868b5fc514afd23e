"""What people look up about vaccines, a module per concern."""
