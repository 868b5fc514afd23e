"""The page behind autosave."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from mainstay.foundation.drafts import LONGEST_DRAFT, drop_draft, keep_draft, park
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.pages.gates import staff_page
from mainstay.foundation.pages.held import RESERVED


@require_POST
@staff_page(None, repeatable=True)
def save_draft(request: HttpRequest) -> HttpResponse:
    """Keep what is typed: `draft_key`, `_label`, `_url`, `_form` (its idempotency key) and every other field."""
    key = request.POST.get("draft_key", "")
    if not key or int(request.META.get("CONTENT_LENGTH") or 0) > LONGEST_DRAFT:
        raise InvalidInput("This draft cannot be kept.")
    actor = request.actor  # type: ignore[attr-defined]  # the gate let somebody signed in
    if request.POST.get("draft_drop"):
        drop_draft(actor, key)
        return HttpResponse(status=204)
    typed = {name: request.POST.getlist(name) for name in request.POST if name not in RESERVED}
    keep_draft(
        actor,
        key[:120],
        typed,
        label=request.POST.get("draft_label", "")[:120],
        url=request.POST.get("draft_url", "")[:200],
        of_form=_form_key(request.POST.get("draft_form", "")),
    )
    if request.POST.get("draft_park"):
        park(actor, key[:120])
    return HttpResponse(status=204)


def _form_key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
