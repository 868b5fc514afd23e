"""The pages of immunizations, a module per concern."""
