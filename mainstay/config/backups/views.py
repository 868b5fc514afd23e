"""The page of backups."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from mainstay.config.backups import actions, queries
from mainstay.foundation.backup import state_here
from mainstay.foundation.pages import StaffRequest, page, redirect_to, staff_page
from mainstay.practice.permissions import BACK_UP


@require_GET
@staff_page(BACK_UP)
def backups(request: StaffRequest) -> HttpResponse:
    """When the last good one was, what is kept, and one more now."""
    state = state_here()
    shown = {
        "state": state,
        "is_late": settings.ENVIRONMENT == "practice" and state.is_overdue(request.actor.now),
        "kept": queries.backups_kept(request.actor),
        "is_under_way": queries.backup_is_under_way(),
    }
    return page(request, "backups/backups.html", shown)


@require_POST
@staff_page(BACK_UP)
def start(request: StaffRequest) -> HttpResponse:
    """Ask for one more."""
    actions.start_backup(actor=request.actor)
    return redirect_to(request, "backups")
