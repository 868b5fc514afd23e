"""Puts the actor on every request, and on every version the database keeps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from mainstay.foundation import clock
from mainstay.foundation.actor import Actor
from mainstay.foundation.history import acting
from mainstay.foundation.pages import redirect_to
from mainstay.workforce import actions
from mainstay.workforce.models import Staff
from mainstay.workforce.queries.sessions import session_of
from mainstay.workforce.roles import permissions_of
from mainstay.workforce.rules import IDLE_MINUTES, SESSION_LASTS, UNATTENDED

SESSION = "staff_session"
"""The key of Django's session that names the `StaffSession`."""
OWED = "owed_first"
"""The key that names the page somebody has to deal with before any other."""
ALWAYS_OPEN = ("/me/", "/sign-out/", "/lock/", "/sign-in/", "/static/", "/healthy/")


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
    """Sets `request.actor`: None for strangers and behind a locked screen; the person, site and moment for staff.

    Also sets `request.stay` (the `StaffSession`, None when Django's session was opened without one) and
    `request.idle_seconds` (after which the screen is given up).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        staff = request.user
        request.actor = None  # type: ignore[attr-defined]  # set on every request here
        request.stay = None  # type: ignore[attr-defined]  # set on every request here
        request.idle_seconds = 0  # type: ignore[attr-defined]  # set on every request here
        if not isinstance(staff, Staff) or not staff.is_active or not is_open(request, staff, clock.now()):
            return self.get_response(request)
        owed = request.session.get(OWED)
        if owed and not request.path.startswith(ALWAYS_OPEN):
            return redirect_to(request, owed)
        return self.answer_as(request, staff)

    def answer_as(self, request: HttpRequest, staff: Staff) -> HttpResponse:
        """Answer with the person's own actor, in their site's zone, never to be stored by a browser."""
        site_id = request.session.get("site_id") or staff.home_site_id
        zone = ZoneInfo(request.session.get("zone") or "America/New_York")
        named = request.session.get(SESSION) or request.session.session_key or ""
        actor = actor_from(staff, site_id=site_id, zone=zone, session=named[:8])
        request.actor = actor  # type: ignore[attr-defined]  # set on every request here
        with timezone.override(zone):
            if request.method in ("GET", "HEAD"):
                response = self.get_response(request)
            else:
                with acting(actor):
                    response = self.get_response(request)
        if "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return response


def is_open(request: HttpRequest, staff: Staff, now: datetime) -> bool:
    """Whether the session may be used now: not ended anywhere, not locked, not left alone, not older than a day."""
    request.idle_seconds = IDLE_MINUTES * 60  # type: ignore[attr-defined]  # set on every request here
    if not (named := request.session.get(SESSION)):
        return True
    stay = session_of(named, staff.pk)
    if stay is None or stay.ended_at is not None or now - stay.full_at > SESSION_LASTS:
        logout(request)
        return False
    if stay.locked_at is None and now - stay.seen_at > UNATTENDED:
        stay = actions.lock_session(session=stay, place="", now=now)
    request.stay = stay  # type: ignore[attr-defined]  # set on every request here
    if stay.workstation is not None:
        request.idle_seconds = stay.workstation.idle_minutes * 60  # type: ignore[attr-defined]  # set here
    if stay.locked_at is not None:
        return False
    actions.note_seen(session=stay, now=now)
    return True
