"""The page behind autosave."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from mainstay.foundation.drafts import LONGEST_DRAFT, drop_draft, keep_draft, park
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.pages.gates import staff_page


@require_POST
@staff_page(None, repeatable=True)
def save_draft(request: HttpRequest) -> HttpResponse:
    """Keep what is typed: `key`, `label`, `url` and every other field as it stands."""
    key = request.POST.get("draft_key", "")
    if not key or int(request.META.get("CONTENT_LENGTH") or 0) > LONGEST_DRAFT:
        raise InvalidInput("This draft cannot be kept.")
    actor = request.actor  # type: ignore[attr-defined]
    if request.POST.get("draft_drop"):
        drop_draft(actor, key)
        return HttpResponse(status=204)
    reserved = {"draft_key", "draft_label", "draft_url", "draft_park", "csrfmiddlewaretoken", "idempotency_key"}
    typed = {name: request.POST.getlist(name) for name in request.POST if name not in reserved}
    keep_draft(
        actor,
        key[:120],
        typed,
        label=request.POST.get("draft_label", "")[:120],
        url=request.POST.get("draft_url", "")[:200],
    )
    if request.POST.get("draft_park"):
        park(actor, key[:120])
    return HttpResponse(status=204)
