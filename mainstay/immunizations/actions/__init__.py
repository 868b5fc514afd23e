"""What people do with vaccines, a module per concern."""

from mainstay.immunizations.actions.elsewhere import DoseElsewhere, record_doses_elsewhere

__all__ = ["DoseElsewhere", "record_doses_elsewhere"]
