"""What was being typed when the session ended: kept for its owner until they have signed in again.

Every page of a signed-in person carries a token that says whose typing its forms hold. It opens nothing: all it can do
is put what was typed among its owner's own drafts, and only for as long as a shift lasts.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest

from mainstay.foundation import clock
from mainstay.foundation.actor import Actor
from mainstay.foundation.drafts import LONGEST_DRAFT, keep_draft
from mainstay.foundation.pages.faults import SECRETS

HOLDS_HOURS = 14
"""A page left open longer than this keeps nothing for anybody."""
RESERVED = frozenset(
    {
        "draft_key", "draft_label", "draft_url", "draft_park", "draft_form", "draft_whose", "draft_spare",
        "csrfmiddlewaretoken", "idempotency_key",
    }
)  # fmt: skip
SALT = "mainstay.typing"


def typing_token(actor: Actor) -> str:
    """What a page carries to say whose typing its forms hold."""
    return TimestampSigner(salt=SALT).sign(str(actor.staff_id)) if actor.staff_id is not None else ""


def hold_typing(request: HttpRequest) -> None:
    """Keep what a refused POST carried as a draft of whoever typed it; does nothing for a POST of nobody's page.

    `draft_key` names a form that is saved as it is typed, `draft_spare` any other; `draft_url` is its page.
    """
    key = request.POST.get("draft_key") or request.POST.get("draft_spare")
    whose = _owner(request.POST.get("draft_whose", ""))
    if not key or whose is None or int(request.META.get("CONTENT_LENGTH") or 0) > LONGEST_DRAFT:
        return
    typed = {name: request.POST.getlist(name) for name in request.POST if name not in RESERVED}
    if not typed or SECRETS & set(typed):
        return
    label, url = request.POST.get("draft_label", "")[:120], request.POST.get("draft_url", "")[:200]
    keep_draft(whose, key[:120], typed, label=label, url=url)


def _owner(token: str) -> Actor | None:
    try:
        staff_id = int(TimestampSigner(salt=SALT).unsign(token, max_age=HOLDS_HOURS * 3600))
    except (BadSignature, ValueError):
        return None
    if not get_user_model().objects.filter(pk=staff_id, is_active=True).exists():
        return None
    return Actor(staff_id=staff_id, name="", permissions=frozenset(), now=clock.now(), zone=ZoneInfo("UTC"))
