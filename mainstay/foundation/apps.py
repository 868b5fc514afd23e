from django.apps import AppConfig


class FoundationConfig(AppConfig):
    """What every domain stands on."""

    name = "mainstay.foundation"
    default_auto_field = "django.db.models.BigAutoField"
