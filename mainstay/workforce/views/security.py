"""Sign-ins and sessions of everybody, and the workstations people share."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mainstay.foundation.pages import StaffRequest, attempt, page, redirect_to, staff_page
from mainstay.workforce import actions
from mainstay.workforce.forms import WorkstationForm
from mainstay.workforce.permissions import MANAGE_STAFF, SEE_SIGN_INS
from mainstay.workforce.queries import (
    open_sessions,
    session_named,
    sign_ins,
    staff_named,
    workstation_named,
    workstations,
)
from mainstay.workforce.views.entering import WORKSTATION_COOKIE, this_workstation

FOUR_HUNDRED_DAYS = 400 * 24 * 60 * 60


@require_GET
@staff_page(SEE_SIGN_INS)
def sign_in_list(request: StaffRequest) -> HttpResponse:
    """Every try to sign in, and who is signed in where now."""
    show = request.GET.get("show", "")
    found = Paginator(sign_ins(only_failed=show == "failed"), 50).get_page(request.GET.get("page"))
    return page(request, "workforce/sign_ins.html", {"found": found, "show": show, "sessions": open_sessions()})


@require_POST
@staff_page(SEE_SIGN_INS)
def end_session(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """End a session of somebody."""
    session = actions.end_session(actor=request.actor, session=session_named(public_id), why="ended by a manager")
    messages.success(request, _("%(name)s is signed out there.") % {"name": session.staff.shown_name})
    return redirect_to(request, "sign-ins")


@require_POST
@staff_page(SEE_SIGN_INS)
def end_sessions(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """End every session of somebody."""
    staff = staff_named(public_id)
    count = actions.end_sessions(actor=request.actor, staff=staff, why="ended by a manager")
    messages.success(request, _("Sessions ended: %(count)s.") % {"count": count})
    return redirect_to(request, "person", staff.public_id)


@require_GET
@staff_page(MANAGE_STAFF)
def workstation_list(request: StaffRequest) -> HttpResponse:
    """The shared workstations, and whether this computer is one."""
    form = WorkstationForm(initial={"site": request.actor.site_id})
    return page(
        request, "workforce/workstations.html", {"rows": workstations(), "here": this_workstation(request)}, form=form
    )


@require_POST
@staff_page(MANAGE_STAFF, repeatable=True)
def register_workstation(request: StaffRequest) -> HttpResponse:
    """Make the computer this is asked from a shared workstation."""
    form = WorkstationForm(request.POST)
    made = form.is_valid() and attempt(form, actions.register_workstation, actor=request.actor, **form.cleaned_data)
    if not made:
        return page(
            request,
            "workforce/workstations.html",
            {"rows": workstations(), "here": this_workstation(request)},
            form=form,
        )
    workstation, secret = made
    messages.success(
        request, _("This computer is now %(name)s. Sign out and in again here.") % {"name": workstation.name}
    )
    answer = redirect_to(request, "workstations")
    answer.set_cookie(
        WORKSTATION_COOKIE, f"{workstation.public_id}.{secret}", max_age=FOUR_HUNDRED_DAYS, httponly=True,
        samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return answer


@require_POST
@staff_page(MANAGE_STAFF)
def retire_workstation(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Trust a computer no longer."""
    actions.retire_workstation(actor=request.actor, workstation=workstation_named(public_id))
    messages.success(request, _("Retired. No PIN works there again, and every session there has ended."))
    return redirect_to(request, "workstations")
