"""How a browser comes to be somebody's: what every way of signing in ends with."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from mainstay.foundation import clock
from mainstay.foundation.pages import redirect_to
from mainstay.workforce import actions
from mainstay.workforce.middleware import OWED, SESSION
from mainstay.workforce.models import Staff, StaffSession, Workstation
from mainstay.workforce.queries import home_of, needed_next, workstation_known_by

WORKSTATION_COOKIE = "workstation"
HALF_WAY = "half_way"
"""The key of Django's session that names who gave a right password and owes a second factor."""
BACKEND = "django.contrib.auth.backends.ModelBackend"
BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
           ("Mac OS", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"))  # fmt: skip


def this_workstation(request: HttpRequest) -> Workstation | None:
    """The registered workstation the request comes from, if it is one."""
    return workstation_known_by(request.COOKIES.get(WORKSTATION_COOKIE, ""))


def origin_of(request: HttpRequest, workstation: Workstation | None = None) -> actions.Origin:
    """Where a request comes from, in words people know."""
    agent = request.headers.get("User-Agent", "")
    browser = next((name for mark, name in BROWSERS if mark in agent), "a browser")
    system = next((name for mark, name in SYSTEMS if mark in agent), "an unknown device")
    here = workstation.name if workstation else ""
    return actions.Origin(
        address=request.META.get("REMOTE_ADDR") or None, workstation=here, device=f"{browser} on {system}"
    )


def enter(request: HttpRequest, staff: Staff, *, how: str) -> StaffSession:
    """Make the browser this person's after a full sign-in."""
    workstation, now = this_workstation(request), clock.now()
    site = workstation.site if workstation else staff.home_site
    stay = actions.open_session(
        staff=staff, how=how, origin=origin_of(request, workstation), workstation=workstation, site=site, now=now
    )
    _become(request, staff, stay)
    return stay


def come_back(request: HttpRequest, stay: StaffSession, *, how: str) -> StaffSession:
    """Make the browser a person's again who was away or whose place somebody else had."""
    fresh = actions.resume_session(session=stay, how=how, now=clock.now())
    _become(request, stay.staff, fresh)
    return fresh


def _become(request: HttpRequest, staff: Staff, stay: StaffSession) -> None:
    login(request, staff, backend=BACKEND)
    request.session.cycle_key()
    request.session[SESSION] = str(stay.public_id)
    home_id, home_zone = home_of(staff)
    site = stay.site
    request.session["site_id"], request.session["zone"] = (site.pk, site.zone_name) if site else (home_id, home_zone)
    for key in (OWED, HALF_WAY):
        request.session.pop(key, None)
    if owed := needed_next(staff, demands_second_factor=settings.DEMANDS_SECOND_FACTOR):
        request.session[OWED] = owed
    if stay.workstation is not None:
        actions.note_presence(staff=staff, site=stay.workstation.site, now=clock.now())


def is_ours(place: str) -> bool:
    """Whether an address to go on to is one of our own pages."""
    return bool(place) and place.startswith("/") and url_has_allowed_host_and_scheme(place, allowed_hosts=None)


def go_on(request: HttpRequest, place: str) -> HttpResponse:
    """Send somebody who just signed in to what they owe first, else where they wanted to go, else home."""
    owed = request.session.get(OWED)
    if owed:
        return redirect_to(request, owed)
    return redirect_to(request, place if is_ours(place) else "home")
