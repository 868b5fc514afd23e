"""Sign in, sign out, change site."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from mainstay.foundation import clock
from mainstay.foundation.errors import ClinicError
from mainstay.foundation.pages import StaffRequest, page, public_page, redirect_to, staff_page
from mainstay.workforce import actions
from mainstay.workforce.forms import SignInForm
from mainstay.workforce.models import Staff
from mainstay.workforce.queries import home_of, site_choice


@public_page
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let somebody in who knows their name and password."""
    form = SignInForm(request.POST or None)
    if form.is_valid():
        origin = actions.Origin(address=request.META.get("REMOTE_ADDR"))
        said = {"username": form.cleaned_data["username"], "secret": form.cleaned_data["password"]}
        if staff := attempt_keeping_tries(form, **said, how="password", origin=origin, now=clock.now()):
            login(request, staff, backend="django.contrib.auth.backends.ModelBackend")
            request.session["site_id"], request.session["zone"] = home_of(staff)
            to = request.GET.get("next", "")
            is_ours = url_has_allowed_host_and_scheme(to, allowed_hosts=None)
            return redirect_to(request, to if to and is_ours else "home")
    return page(request, "workforce/sign_in.html", form=form)


def attempt_keeping_tries(
    form: SignInForm, *, username: str, secret: str, how: str, origin: actions.Origin, now: datetime
) -> Staff | None:
    """Prove an identity outside any transaction, so that a failed try stays written down."""
    try:
        return actions.prove_identity(username=username, secret=secret, how=how, origin=origin, now=now)
    except ClinicError as error:
        form.add_error(None, error.message)
        return None


@require_POST
@staff_page(None, repeatable=True)
def sign_out(request: StaffRequest) -> HttpResponse:
    """End this session."""
    logout(request)
    return redirect_to(request, "sign-in")


@require_POST
@staff_page(None, repeatable=True)
def switch_site(request: StaffRequest) -> HttpResponse:
    """Work at another site from now on."""
    site = site_choice(request.actor, request.POST.get("site", ""))
    request.session["site_id"], request.session["zone"] = site.pk, site.zone_name
    back = request.POST.get("next", "/")
    return redirect_to(request, back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else "/")
