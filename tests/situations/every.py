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
    "shelves",
    "vaccines",
    "registries",
):
    importlib.import_module(f"tests.situations.{_domain}")

EVERY: tuple[Situation, ...] = tuple(sorted(SITUATIONS, key=lambda one: one.name))

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
