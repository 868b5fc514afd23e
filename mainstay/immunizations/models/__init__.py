"""What immunizations remember, a module per concern."""

from mainstay.immunizations.models.dose import VaccineDose

__all__ = ["VaccineDose"]
