"""Partners played on loopback, for the demo clinic, training and tests."""
