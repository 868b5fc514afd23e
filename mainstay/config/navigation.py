"""The left rail: nine places in the order of the day, and only those a person's role opens."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from mainstay.config import settings
from mainstay.foundation.actor import Actor

PLACES: tuple[tuple[str, str, str, str, str], ...] = (
    # key, label, url name, icon, permission
    ("board", "Board", "board", "layout-dashboard", "visits.see_board"),
    ("schedule", "Schedule", "schedule", "calendar-days", "scheduling.see"),
    ("patients", "Patients", "patients", "users", "people.find"),
    ("work", "Work", "work", "list-checks", "work.do"),
    ("messages", "Messages", "messages", "message-square", "messages.take_calls"),
    ("admin", "Admin", "admin-home", "settings", "practice.see_settings"),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """What every page's frame shows: places, the person, the site, the kind of installation."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return {"navigation": [], "actor": None, "environment": settings.ENVIRONMENT}
    return {"navigation": places_for(actor, request.path), "actor": actor, "environment": settings.ENVIRONMENT}


def places_for(actor: Actor, path: str) -> list[dict[str, Any]]:
    """The places this person's role opens, with the one that is open marked."""
    shown = []
    for key, label, name, icon, permission in PLACES:
        if not actor.may(permission):
            continue
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        shown.append(
            {"key": key, "label": label, "url": url, "icon": icon, "count": 0, "current": path.startswith(url)}
        )
    return shown
