"""Puts the actor on every request, and on every version the database keeps."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from mainstay.foundation import clock
from mainstay.foundation.actor import Actor
from mainstay.foundation.history import acting
from mainstay.workforce.models import Staff
from mainstay.workforce.roles import permissions_of


def actor_from(staff: Staff, *, site_id: int | None, zone: ZoneInfo, session: str) -> Actor:
    """The actor a signed-in person is, at one site, now."""
    codes = tuple(sorted(staff.roles))
    return Actor(
        staff_id=staff.pk,
        name=staff.shown_name,
        permissions=permissions_of(codes),
        now=clock.now(),
        zone=zone,
        roles=frozenset(codes),
        site_id=site_id,
        session=session,
    )


class ActorMiddleware:
    """Sets `request.actor`: None for strangers; the person, their site and the moment for staff."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        staff = request.user
        request.actor = None  # type: ignore[attr-defined]
        if not isinstance(staff, Staff) or not staff.is_active:
            return self.get_response(request)
        site_id = request.session.get("site_id") or staff.home_site_id
        zone = ZoneInfo(request.session.get("zone") or "America/New_York")
        actor = actor_from(staff, site_id=site_id, zone=zone, session=(request.session.session_key or "")[:8])
        request.actor = actor  # type: ignore[attr-defined]
        with timezone.override(zone):
            if request.method in ("GET", "HEAD"):
                response = self.get_response(request)
            else:
                with acting(actor):
                    response = self.get_response(request)
        if "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return response
