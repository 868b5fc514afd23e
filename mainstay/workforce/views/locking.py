"""A screen nobody watches, and a workstation several people share."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mainstay.foundation import clock
from mainstay.foundation.errors import ClinicError
from mainstay.foundation.pages import page, public_page, redirect_to
from mainstay.workforce import actions
from mainstay.workforce.errors import PinNotEnough, WrongNameOrPassword
from mainstay.workforce.forms import UnlockForm
from mainstay.workforce.models import StaffSession, Workstation
from mainstay.workforce.queries import people_at, second_factor_is_set_up
from mainstay.workforce.rules import pin_is_enough
from mainstay.workforce.views.entering import come_back, go_on, is_ours, origin_of, this_workstation


@public_page
def lock(request: HttpRequest) -> HttpResponse:
    """Lock the screen, and ask whoever comes back for a PIN or password; GET locks, which harms nobody."""
    stay: StaffSession | None = getattr(request, "stay", None)
    if stay is None:
        logout(request)
        return redirect_to(request, "sign-in")
    place = request.GET.get("next") or came_from(request)
    if request.method != "POST" and stay.locked_at is None:
        stay = actions.lock_session(session=stay, place=place if is_ours(place) else "", now=clock.now())
    return unlock(request, mine=stay)


@public_page
def switch_person(request: HttpRequest) -> HttpResponse:
    """Park what one is doing and let a colleague take the workstation, or sign in."""
    stay: StaffSession | None = getattr(request, "stay", None)
    workstation = this_workstation(request)
    if workstation is None and stay is None:
        logout(request)
        return redirect_to(request, "sign-in")
    if request.method != "POST" and stay is not None and stay.locked_at is None:
        place = came_from(request)
        stay = actions.lock_session(session=stay, place=place if is_ours(place) else "", now=clock.now())
    return unlock(request, mine=stay)


def unlock(request: HttpRequest, *, mine: StaffSession | None) -> HttpResponse:
    """Show who may come back here, and let in whoever proves to be one of them."""
    workstation = this_workstation(request)
    people = list(people_at(workstation, clock.now())) if workstation else []
    if mine is not None and mine.pk not in {p.pk for p in people}:
        people.insert(0, mine)
    chosen = chosen_from(request, people, mine)
    has_pin = chosen is not None and takes_pin(chosen, workstation)
    form = UnlockForm(request.POST or None, initial={"who": str(chosen.public_id) if chosen else ""})
    if not has_pin:
        form.fields["secret"].label = _("Password")
    if form.is_valid():
        try:
            if chosen is None:
                raise PinNotEnough()
            how = prove_return(request, chosen, form.cleaned_data["secret"])
            return go_on(request, come_back(request, chosen, how=how).place)
        except WrongNameOrPassword:
            form.add_error(
                "secret",
                _("That PIN is not right.")
                if is_pin(form.cleaned_data["secret"])
                else _("That password is not right."),
            )
        except ClinicError as error:
            form.add_error("secret", error.message)
    context = {"people": people, "chosen": chosen, "workstation": workstation, "has_pin": has_pin}
    return page(request, "workforce/lock.html", context, form=form)


def chosen_from(request: HttpRequest, people: list[StaffSession], mine: StaffSession | None) -> StaffSession | None:
    """The session somebody wants back: named in the request, else one's own, else the only one there."""
    named = request.POST.get("who") or request.GET.get("who", "")
    if named:
        return next((p for p in people if str(p.public_id) == named), None)
    return mine or (people[0] if len(people) == 1 else None)


def takes_pin(stay: StaffSession, workstation: Workstation | None) -> bool:
    """Whether a PIN brings this person back: set, on the workstation they signed in at, and still today."""
    is_here = workstation is not None and stay.workstation_id == workstation.pk
    return is_here and bool(stay.staff.pin_hash) and pin_is_enough(full_at=stay.full_at, now=clock.now())


def is_pin(secret: str) -> bool:
    """Whether what was typed is read as a PIN, not as a password."""
    return secret.isdigit() and len(secret) <= 8


def prove_return(request: HttpRequest, stay: StaffSession, secret: str) -> str:
    """Prove that a person is back: a PIN on the workstation they signed in at today, or their password.

    A password alone never opens somebody else's place who has a second factor: only the browser that was theirs.
    Returns how it was proved; raises `PinNotEnough`, `WrongNameOrPassword` and `LockedOut`.
    """
    workstation, now = this_workstation(request), clock.now()
    is_short = is_pin(secret)
    if is_short and not takes_pin(stay, workstation):
        raise PinNotEnough()
    is_mine = getattr(request, "stay", None) is not None and request.stay.pk == stay.pk  # type: ignore[attr-defined]  # set by the middleware
    if not is_short and not is_mine and second_factor_is_set_up(stay.staff):
        raise PinNotEnough("Use your PIN, or sign in with your second factor.")
    how = "pin" if is_short else "password"
    origin = origin_of(request, workstation)
    part = "password_part" if how == "password" and second_factor_is_set_up(stay.staff) else how
    actions.prove_identity(username=stay.staff.username, secret=secret, how=part, origin=origin, now=now)
    return how


def came_from(request: HttpRequest) -> str:
    """The page somebody was on, from the browser's word for it; only our own."""
    parts = urlsplit(request.headers.get("Referer", ""))
    here = parts.netloc == request.get_host() and not parts.path.startswith(("/lock/", "/switch/", "/sign-in/"))
    return (parts.path + (f"?{parts.query}" if parts.query else "")) if here else ""
