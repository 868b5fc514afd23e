from django.apps import AppConfig


class FoundationConfig(AppConfig):
    """What every domain stands on."""

    name = "mainstay.foundation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Give every form our own words for what is missing or wrong, and every file a limit."""
        from django.forms import FileField

        from mainstay.foundation.sentences import speak_plainly
        from mainstay.foundation.uploads import refuse_too_large

        speak_plainly()
        FileField.default_validators = [refuse_too_large]
