"""The whole table: importing this reads every domain's examples."""

import importlib

from tests.situations.table import SITUATIONS, Situation

for _domain in (
    "workforce",
    "practice",
    "people",
    "scheduling",
    "visits",
    "rooming",
    "work",
    "forms",
    "orders",
    "coverage",
    "chart",
    "giving",
    "stock",
):
    importlib.import_module(f"tests.situations.{_domain}")

EVERY: tuple[Situation, ...] = tuple(SITUATIONS)

WITHOUT_EXAMPLE = {
    "home": "public, only ever sends on to another page",
    "healthy": "public, answers ok whatever is sent",
    "style": "the showcase of components, not there in a practice",
    "style-wall": "the showcase of components, not there in a practice",
    "sign-in": "public: signing in has no key; wrong tries are counted on purpose (workforce tests)",
    "sign-in-second": "public: the second step of signing in (workforce tests)",
    "passkey-ask": "public: a challenge is made anew for whoever asks (workforce tests)",
    "passkey-sign-in": "public: signing in by passkey (workforce tests)",
    "lock": "public: a locked screen is locked however often; unlocking is signing in (workforce tests)",
    "switch-person": "public: like the lock (workforce tests)",
}
"""Addresses without an example, and why."""

OWED = {
    **dict.fromkeys(
        ("add-vaccine-doses", "amend-vaccine-dose", "withdraw-vaccine-dose", "add-vaccine-fact",
         "withdraw-vaccine-fact", "vaccine-talk", "start-due-run", "stop-due-run", "follow-schedule",
         "follow-the-rest", "add-schedule-edition", "schedule-edition-status", "add-schedule-value",
         "withdraw-schedule-value"),
        "vaccine history, the list of who is due, schedules: an example is owed",
    ),
    **dict.fromkeys(
        ("patient-registry-ask", "patient-registry-choose", "patient-registry-bring-in",
         "patient-registry-bring-in-sent", "registry-settings", "outbound-repair", "outbound-withdraw",
         "outbound-send", "inbound-repair", "inbound-put-aside"),
        "registries: an example is owed",
    ),
    **dict.fromkeys(("work-seen", "thread-refill", "call-out"), "an example is owed"),
    **dict.fromkeys(
        ("stock-waste", "stock-move", "stock-adjust", "stock-expire", "stock-discard-vials",
         "stock-receive", "stock-orders", "stock-order-cancel", "stock-counts", "stock-count-begin", "stock-count",
         "stock-count-drop", "stock-daily", "stock-file", "stock-warm", "stock-verdict", "stock-excursion-dismiss",
         "stock-excursion-close", "stock-recalls", "stock-told", "stock-recall-verdict", "stock-recall-close",
         "stock-borrowings", "stock-borrowing"),
        "stock: an example is owed",
    ),
}  # fmt: skip
"""Addresses younger than this table, whose examples are still owed: they are not yet tried five times at once."""
