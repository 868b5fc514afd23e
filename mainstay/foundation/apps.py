from django.apps import AppConfig


class FoundationConfig(AppConfig):
    """What every domain stands on."""

    name = "mainstay.foundation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Give every form our own words for what is missing or wrong."""
        from mainstay.foundation.sentences import speak_plainly

        speak_plainly()
