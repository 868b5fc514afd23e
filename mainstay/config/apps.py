from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Wires the domains together once all of them are loaded."""

    name = "mainstay.config"

    def ready(self) -> None:
        from mainstay.config import banner, subscriptions

        subscriptions.connect()
        banner.connect()
