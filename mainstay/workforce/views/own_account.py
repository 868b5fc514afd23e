"""One's own page: password, PIN, second factors, where one is signed in, being here."""

from __future__ import annotations

from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mainstay.foundation.pages import StaffRequest, attempt, page, redirect_to, staff_page
from mainstay.workforce import actions
from mainstay.workforce.forms import CodeForm, PasswordForm, PinForm
from mainstay.workforce.middleware import OWED
from mainstay.workforce.models import Staff
from mainstay.workforce.one_time_codes import address_for_app, new_secret
from mainstay.workforce.queries import (
    credentials_of,
    factor_named,
    factors_of,
    oneself,
    open_sessions_of,
    presence_of,
    recovery_codes_left,
    second_factor_wanted,
    session_named,
    shifts_of,
    site_here,
)
from mainstay.workforce.views.entering import come_back, origin_of

NEW_SECRET = "new_authenticator"


@require_GET
@staff_page(None)
def account(request: StaffRequest) -> HttpResponse:
    """How one signs in, where, and what is on file about oneself."""
    staff = oneself(request.actor)
    return page(request, "workforce/my_account.html", account_context(request, staff))


def account_context(request: StaffRequest, staff: Staff) -> dict[str, object]:
    """What one's own page shows."""
    return {
        "staff": staff,
        "factors": factors_of(staff),
        "codes_left": recovery_codes_left(staff),
        "wants_factor": second_factor_wanted(staff),
        "sessions": open_sessions_of(staff),
        "stay": getattr(request, "stay", None),
        "presence": presence_of(staff),
        "site": site_here(request.actor),
        "credentials": credentials_of(staff, request.actor.today),
        "shifts": shifts_of(staff, request.actor.now),
    }


@staff_page(None, repeatable=True)
def password(request: StaffRequest) -> HttpResponse:
    """Change one's own password; other sessions end, this one goes on."""
    staff = oneself(request.actor)
    form = PasswordForm(request.POST or None)
    if form.is_valid():
        typed = form.cleaned_data
        changed = attempt(
            form, actions.change_password, actor=request.actor, staff=staff, old=typed["old"], new=typed["new"]
        )
        if changed:
            stay = getattr(request, "stay", None)
            actions.end_sessions(actor=request.actor, staff=changed, keep=stay, why="password changed")
            go_on_as(request, changed)
            messages.success(request, _("Your password is changed. You are signed out everywhere else."))
            return redirect_to(request, request.session.get(OWED) or "my-account")
    return page(request, "workforce/my_password.html", {"staff": staff}, form=form)


def go_on_as(request: StaffRequest, staff: Staff) -> None:
    """Keep this browser signed in although the password it was opened with is gone."""
    stay = getattr(request, "stay", None)
    if stay is not None:
        stay.staff = staff
        come_back(request, stay, how=stay.how)


@staff_page(None, repeatable=True)
def pin(request: StaffRequest) -> HttpResponse:
    """Set one's own PIN for shared workstations."""
    staff = oneself(request.actor)
    form = PinForm(request.POST or None)
    if form.is_valid() and attempt(
        form, actions.set_pin, actor=request.actor, staff=staff, pin=form.cleaned_data["pin"]
    ):
        messages.success(request, _("Your PIN is set. It works on workstations you signed in at today."))
        return redirect_to(request, "my-account")
    return page(request, "workforce/my_pin.html", {"staff": staff}, form=form)


@staff_page(None, repeatable=True)
def second_factor(request: StaffRequest) -> HttpResponse:
    """Set up an authenticator app: scan, type the code it shows; then the recovery codes. Or make a passkey."""
    staff = oneself(request.actor)
    secret = request.session.setdefault(NEW_SECRET, new_secret())
    form = CodeForm(request.POST or None)
    if form.is_valid() and attempt(
        form, actions.add_authenticator, actor=request.actor, staff=staff, secret=secret, code=form.cleaned_data["code"]
    ):
        del request.session[NEW_SECRET]
        request.session.pop(OWED, None)
        codes = actions.make_recovery_codes(actor=request.actor, staff=staff)
        return page(request, "workforce/recovery_codes.html", {"codes": codes})
    address = address_for_app(secret, account=staff.username, issuer="Mainstay")
    drawn = segno.make(address, error="m").svg_data_uri(scale=5, dark="#000", light="#fff")
    context = {"qr": drawn, "secret": " ".join(secret[n : n + 4] for n in range(0, len(secret), 4)), "staff": staff}
    return page(request, "workforce/my_second_factor.html", context, form=form)


@require_POST
@staff_page(None, repeatable=True)
def recovery_codes(request: StaffRequest) -> HttpResponse:
    """Make ten new recovery codes, shown once."""
    codes = actions.make_recovery_codes(actor=request.actor, staff=oneself(request.actor))
    return page(request, "workforce/recovery_codes.html", {"codes": codes})


@require_POST
@staff_page(None, repeatable=True)
def remove_factor(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Remove one of one's own second factors, with the password typed once more; wrong ones count like at sign-in."""
    staff = oneself(request.actor)
    actions.prove_identity(
        username=staff.username,
        secret=request.POST.get("password", ""),
        how="password_part",
        origin=origin_of(request),
        now=request.actor.now,
    )
    actions.remove_factor(actor=request.actor, factor=factor_named(staff, public_id))
    messages.success(request, _("Removed."))
    return redirect_to(request, "my-account")


@require_POST
@staff_page(None)
def end_session(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Sign out somewhere else."""
    actions.end_session(actor=request.actor, session=session_named(public_id), why="ended from elsewhere")
    messages.success(request, _("Signed out there."))
    return redirect_to(request, "my-account")


@require_POST
@staff_page(None)
def end_other_sessions(request: StaffRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    stay = getattr(request, "stay", None)
    count = actions.end_sessions(
        actor=request.actor, staff=oneself(request.actor), keep=stay, why="ended from elsewhere"
    )
    messages.success(request, _("Sessions ended: %(count)s.") % {"count": count})
    return redirect_to(request, "my-account")


@require_POST
@staff_page(None)
def clock_in(request: StaffRequest) -> HttpResponse:
    """Say that one is at this site."""
    actions.clock_in(actor=request.actor, site=site_here(request.actor))
    return redirect_to(request, "my-account")


@require_POST
@staff_page(None)
def clock_out(request: StaffRequest) -> HttpResponse:
    """Say that one has left."""
    actions.clock_out(actor=request.actor)
    return redirect_to(request, "my-account")
