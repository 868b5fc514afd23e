"""What the search in the top bar finds besides patients: the places of the program, by the words people use."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import NoReverseMatch, reverse

from mainstay.config.navigation import PLACES
from mainstay.foundation.actor import Actor
from mainstay.people.queries import Found, search_part

OTHERS = (
    # label, other words for it, url name, permission (empty: everybody)
    ("Register a patient", "new patient", "register-patient", "people.register"),
    ("Broken glass to review", "confidential access review", "broken-glass", "people.see_access"),
    ("What may I do?", "scope of practice permissions authority", "what-may-i-do", ""),
    ("Received records", "fhir import", "received", "interop.see_received"),
)


def connect() -> None:
    """Connect every part; called once, when all domains are loaded."""
    search_part(places)


def places(actor: Actor, text: str) -> Sequence[Found]:
    """Pages whose name, or another word for it, has a word that begins as typed."""
    everything = [(label, "", name, permission) for _, label, name, permission in PLACES] + list(OTHERS)
    found = []
    for label, words, name, permission in everything:
        begins = any(word.startswith(text.lower()) for word in f"{label} {words}".lower().split())
        if (begins or label.lower().startswith(text.lower())) and (not permission or actor.may(permission)):
            try:
                found.append(Found(label, "page", reverse(name)))
            except NoReverseMatch:
                continue
    return found
