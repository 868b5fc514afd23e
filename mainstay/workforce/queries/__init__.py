"""What people look up about who works here."""

from mainstay.workforce.queries.badges import badge_of, home_of, site_choice

__all__ = ["badge_of", "home_of", "site_choice"]
