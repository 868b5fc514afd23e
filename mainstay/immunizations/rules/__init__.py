"""What must hold before, while and after a vaccine is given: pure rules over plain facts, a module per concern."""
