"""The terminology app."""

from django.apps import AppConfig


class TerminologyConfig(AppConfig):
    """Code systems and units."""

    name = "mainstay.terminology"
    label = "terminology"
    default_auto_field = "django.db.models.BigAutoField"
