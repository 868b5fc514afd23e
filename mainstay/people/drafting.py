"""Typing in people's forms that survives a crash, a log-out or a closed page."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from mainstay.foundation.drafts import draft_for, drop_draft
from mainstay.foundation.pages import StaffRequest, redirect_to

LISTS = frozenset({"race"})


def typed_before(request: StaffRequest, key: str) -> dict[str, Any]:
    """What this person typed into one form and did not save, as initial values."""
    draft = draft_for(request.actor, key)
    return {k: v if k in LISTS else v[-1] for k, v in draft.typed.items() if v} if draft else {}


def saved(request: StaffRequest, key: str, to: str, *args: Any) -> HttpResponse:
    """Forget the draft of a form that was saved, and go on."""
    drop_draft(request.actor, key)
    return redirect_to(request, to, *args)
