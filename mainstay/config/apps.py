from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Wires the domains together once all of them are loaded."""

    name = "mainstay.config"

    def ready(self) -> None:
        from mainstay.config import banner, searching, subscriptions

        subscriptions.connect()
        banner.connect()
        searching.connect()
        self.offer_playbooks()
        self.offer_own_tables()
        self.tell_what_is_booked()
        self.settle_calls_when_opened()

    def offer_playbooks(self) -> None:
        """Let the settings of the practice name the playbooks, which live above it."""
        from mainstay.practice.queries import offer_playbooks
        from mainstay.visits.playbooks import playbooks

        books = playbooks().items()
        offer_playbooks(
            {code: playbook.title for code, playbook in books},
            {code: playbook.ages for code, playbook in books if playbook.ages is not None},
        )

    def offer_own_tables(self) -> None:
        """Let the settings of the practice set values of its own in the tables whose rules read them."""
        from mainstay.chart.queries import limits_of_our_own
        from mainstay.practice.queries import offer_own_table
        from mainstay.visits.queries import late_rule_of_our_own

        offer_own_table(limits_of_our_own())
        offer_own_table(late_rule_of_our_own())

    def tell_what_is_booked(self) -> None:
        """Let whoever closes a site, a day, a room or a thing be told who is booked then; bookings live above it."""
        from mainstay.practice.queries import ask_before_closing
        from mainstay.scheduling.queries import booked_at_in_words

        ask_before_closing(booked_at_in_words)

    def settle_calls_when_opened(self) -> None:
        """Let whoever opens again what was closed settle the calls that made; they live above it."""
        from mainstay.practice.actions import settle_when_opened
        from mainstay.scheduling.actions import settle_opened

        settle_when_opened(settle_opened)
