"""Who works here: the list, one person, hiring, changing, ending, and getting somebody back into their account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mainstay.foundation.pages import StaffRequest, attempt, page, redirect_to, staff_page
from mainstay.workforce import actions
from mainstay.workforce.forms import EndForm, ReasonForm, StaffForm
from mainstay.workforce.models import Staff
from mainstay.workforce.permissions import (
    MANAGE_STAFF,
    SEE_SIGN_INS,
    SEE_STAFF,
    SIGN_OFF,
    VERIFY_CREDENTIALS,
)
from mainstay.workforce.queries import (
    credentials_of,
    factors_of,
    is_locked_out,
    ladders_of,
    open_sessions_of,
    presence_of,
    shifts_of,
    sign_ins,
    staff_named,
    staff_rows,
    training_of,
)
from mainstay.workforce.roles import labels_of


@require_GET
@staff_page(SEE_STAFF)
def staff_list(request: StaffRequest) -> HttpResponse:
    """Everybody who works here, or only who is on site now."""
    show, typed = request.GET.get("show", ""), request.GET.get("q", "")[:60]
    context = {
        "rows": staff_rows(request.actor, typed=typed, show=show),
        "show": show,
        "typed": typed,
        "may_manage": request.actor.may(MANAGE_STAFF),
    }
    return page(request, "workforce/staff.html", context)


@require_GET
@staff_page(SEE_STAFF)
def person(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """One person: what they hold, what was signed off, training, shifts; for managers the account too."""
    return page(request, "workforce/person.html", person_context(request, staff_named(public_id)))


def person_context(request: StaffRequest, staff: Staff) -> dict[str, Any]:
    """What the page of one person shows the one who looks."""
    actor = request.actor
    return {
        "staff": staff,
        "roles": ", ".join(labels_of(staff.roles)),
        "presence": presence_of(staff),
        "credentials": credentials_of(staff, actor.today),
        "ladders": ladders_of(staff, actor.today),
        "training": training_of(staff),
        "shifts": shifts_of(staff, actor.now),
        "may_manage": actor.may(MANAGE_STAFF),
        "may_verify": actor.may(VERIFY_CREDENTIALS),
        "may_sign_off": actor.may(SIGN_OFF),
        "is_oneself": actor.staff_id == staff.pk,
        **account_context(request, staff),
    }


def account_context(request: StaffRequest, staff: Staff) -> dict[str, Any]:
    """What the page of one person shows of the account, to those who may see sign-ins."""
    if not request.actor.may(SEE_SIGN_INS):
        return {"sees_sign_ins": False}
    return {
        "sees_sign_ins": True,
        "is_locked_out": is_locked_out(staff, request.actor.now),
        "sessions": open_sessions_of(staff),
        "sign_ins": sign_ins(staff=staff)[:8],
        "factors": factors_of(staff),
    }


def facts_from(form: StaffForm, username: str) -> dict[str, Any]:
    """What was typed about somebody, as the actions take it."""
    typed = form.cleaned_data
    plain = ("given_name", "family_name", "shown_name", "title", "email", "licence", "npi", "birth_date", "hired_on")
    return {
        "person": actions.NewStaff(
            username=username, roles=tuple(typed["roles"]), **{name: typed[name] for name in plain}
        ),
        "home_site": typed["home_site"],
        "sites": tuple(typed["sites"]),
        "supervisor": typed["supervisor"],
    }


@staff_page(MANAGE_STAFF, repeatable=True)
def add(request: StaffRequest) -> HttpResponse:
    """Let somebody start, and give out a password; the answer shows it, so it is not stored."""
    form = StaffForm(
        request.POST or None, initial={"home_site": request.actor.site_id, "hired_on": request.actor.today}
    )
    if form.is_valid():
        facts = facts_from(form, form.cleaned_data["username"])
        staff = attempt(form, actions.hire, actor=request.actor, **facts)
        if staff is not None:
            password = actions.give_new_password(actor=request.actor, staff=staff)
            return page(request, "workforce/new_password.html", {"staff": staff, "password": password, "is_new": True})
    return page(request, "workforce/edit_staff.html", {"staff": None}, form=form)


@staff_page(MANAGE_STAFF)
def edit(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Change what is known of somebody."""
    staff = staff_named(public_id)
    known = {name: getattr(staff, name) for name in StaffForm.base_fields if name != "sites"}
    known |= {"sites": staff.sites.all(), "home_site": staff.home_site_id, "supervisor": staff.supervisor_id}
    form = StaffForm(request.POST or None, initial=known)
    form.fields["username"].disabled = True
    if form.is_valid() and attempt(
        form, actions.change_staff, actor=request.actor, staff=staff, **facts_from(form, staff.username)
    ):
        messages.success(request, _("Saved."))
        return redirect_to(request, "person", staff.public_id)
    return page(request, "workforce/edit_staff.html", {"staff": staff}, form=form)


@staff_page(MANAGE_STAFF)
def end(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """End somebody's account."""
    staff = staff_named(public_id)
    form = EndForm(request.POST or None, leaving=staff, initial={"left_on": request.actor.today})
    if form.is_valid() and attempt(form, actions.end_staff, actor=request.actor, staff=staff, **form.cleaned_data):
        messages.success(request, _("The account has ended, and so has every session."))
        return redirect_to(request, "person", staff.public_id)
    return page(request, "workforce/end_staff.html", {"staff": staff}, form=form)


@require_POST
@staff_page(MANAGE_STAFF, repeatable=True)
def bring_back(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Open an ended account again; the answer shows a password, so it is not stored."""
    staff = actions.bring_back_staff(actor=request.actor, staff=staff_named(public_id))
    password = actions.give_new_password(actor=request.actor, staff=staff)
    return page(request, "workforce/new_password.html", {"staff": staff, "password": password})


@require_POST
@staff_page(MANAGE_STAFF)
def unlock(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Let somebody try again at once."""
    staff = staff_named(public_id)
    actions.unlock_staff(actor=request.actor, staff=staff)
    messages.success(request, _("%(name)s can try again now.") % {"name": staff.shown_name})
    return redirect_to(request, "person", staff.public_id)


@require_POST
@staff_page(MANAGE_STAFF, repeatable=True)
def new_password(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Give out a password to begin with, shown once."""
    staff = staff_named(public_id)
    password = actions.give_new_password(actor=request.actor, staff=staff)
    return page(request, "workforce/new_password.html", {"staff": staff, "password": password})


@staff_page(MANAGE_STAFF)
def reset_factors(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Remove the second factors of somebody who lost theirs."""
    staff = staff_named(public_id)
    form = ReasonForm(request.POST or None)
    form.fields["reason"].label = _("How you made sure who asks")
    if (
        form.is_valid()
        and attempt(form, actions.reset_factors, actor=request.actor, staff=staff, reason=form.cleaned_data["reason"])
        is not None
    ):
        messages.success(
            request, _("Second factors removed. The next sign-in asks for a new one if the role needs it.")
        )
        return redirect_to(request, "person", staff.public_id)
    return page(request, "workforce/reset_factors.html", {"staff": staff}, form=form)
