"""Sign in, with a second step where one is owed; sign out; change site."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from mainstay.foundation import clock
from mainstay.foundation.errors import ClinicError
from mainstay.foundation.pages import StaffRequest, page, public_page, redirect_to, staff_page
from mainstay.workforce import actions
from mainstay.workforce.forms import CodeForm, SignInForm
from mainstay.workforce.models import Staff
from mainstay.workforce.queries import (
    factors_of,
    passkeys_of,
    people_at,
    second_factor_is_set_up,
    site_choice,
    staff_by_name,
    staff_numbered,
)
from mainstay.workforce.views.entering import HALF_WAY, enter, go_on, is_ours, origin_of, this_workstation

HALF_WAY_LASTS = timedelta(minutes=5)


@public_page
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let somebody in who knows their name and password; ask for more where more is owed."""
    wanted = request.GET.get("next", "")
    if request.method == "GET" and getattr(request, "stay", None) is not None and not request.GET.get("other"):
        return redirect_to(request, f"/lock/?next={wanted}" if is_ours(wanted) else "lock")
    form = SignInForm(request.POST or None)
    if form.is_valid():
        staff = prove(request, form)
        if staff is not None and second_factor_is_set_up(staff):
            request.session[HALF_WAY] = {"staff": staff.pk, "next": wanted, "at": clock.now().isoformat()}
            return redirect_to(request, "sign-in-second")
        if staff is not None:
            enter(request, staff, how="password")
            return go_on(request, wanted)
    workstation = this_workstation(request)
    people = people_at(workstation, clock.now()) if workstation else ()
    return page(request, "workforce/sign_in.html", {"workstation": workstation, "people": people}, form=form)


def prove(request: HttpRequest, form: SignInForm) -> Staff | None:
    """Whoever the form's name and password belong to; a refusal becomes the form's error, and the try is kept."""
    name = form.cleaned_data["username"]
    known = staff_by_name(name)
    how = "password_part" if known is not None and second_factor_is_set_up(known) else "password"
    return kept_try(
        form,
        actions.prove_identity,
        username=name,
        secret=form.cleaned_data["password"],
        how=how,
        origin=origin_of(request, this_workstation(request)),
        now=clock.now(),
    )


def kept_try(form: Any, action: Any, **arguments: Any) -> Any:
    """Try something outside any transaction, so that a failed try stays written down; the error goes to the form."""
    try:
        return action(**arguments)
    except ClinicError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return None


@public_page
def second_step(request: HttpRequest) -> HttpResponse:
    """Ask whoever gave a right password for the code of their app, a recovery code, or their passkey."""
    staff, wanted = half_way(request)
    if staff is None:
        return redirect_to(request, "sign-in")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        origin = origin_of(request, this_workstation(request))
        how = kept_try(
            form, actions.prove_code, staff=staff, code=form.cleaned_data["code"], origin=origin, now=clock.now()
        )
        if how:
            enter(request, staff, how=how)
            return go_on(request, wanted)
    kinds = {factor.kind for factor in factors_of(staff)}
    context = {"staff": staff, "has_app": "totp" in kinds, "has_passkey": passkeys_of(staff).exists()}
    return page(request, "workforce/second_step.html", context, form=form)


def half_way(request: HttpRequest) -> tuple[Staff | None, str]:
    """Whoever gave a right password here within five minutes and owes a second factor, and where they want to go."""
    kept = request.session.get(HALF_WAY)
    if not kept:
        return None, ""
    if clock.now() - datetime.fromisoformat(kept["at"]) > HALF_WAY_LASTS:
        del request.session[HALF_WAY]
        return None, ""
    return staff_numbered(kept["staff"]), kept["next"]


@require_POST
@staff_page(None, repeatable=True)
def sign_out(request: StaffRequest) -> HttpResponse:
    """End this session."""
    stay = getattr(request, "stay", None)
    if stay is not None:
        actions.end_session(actor=request.actor, session=stay)
        actions.note_sign_out(staff=stay.staff, now=clock.now())
    logout(request)
    return redirect_to(request, "sign-in")


@require_POST
@staff_page(None, repeatable=True)
def switch_site(request: StaffRequest) -> HttpResponse:
    """Work at another site from now on."""
    site = site_choice(request.actor, request.POST.get("site", ""))
    request.session["site_id"], request.session["zone"] = site.pk, site.zone_name
    if (stay := getattr(request, "stay", None)) is not None:
        actions.keep_site(session=stay, site=site)
    back = request.POST.get("next", "/")
    return redirect_to(request, back if is_ours(back) else "/")
