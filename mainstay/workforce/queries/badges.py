"""What people look up about who works here."""

from __future__ import annotations

from django.db.models import QuerySet

from mainstay.foundation.actor import Actor
from mainstay.foundation.compiled import compiled
from mainstay.foundation.errors import NotFound
from mainstay.foundation.fields import is_number
from mainstay.practice.models import Site
from mainstay.workforce.models import Credential, Staff
from mainstay.workforce.roles import labels_of

CREDENTIAL_WORDS = {
    "CMA_AAMA": "CMA (AAMA)",
    "RMA_AMT": "RMA (AMT)",
    "CCMA_NHA": "CCMA (NHA)",
    "CMAA_NHA": "CMAA (NHA)",
    "NCMA_NCCT": "NCMA (NCCT)",
    "PBT_ASCP": "PBT (ASCP)",
}
SOON = 30


def badge_of(actor: Actor) -> tuple[str, str]:
    """The credential shown beside a name, and a warning when it has ended or ends within a month."""
    main = next((c for c in _credentials_held(actor.staff_id) if c.code != "BLS"), None)
    if main is None:
        return ", ".join(labels_of(sorted(actor.roles))[:1]), ""
    word = CREDENTIAL_WORDS.get(main.code, main.code.replace("_", " "))
    if main.expires_on is None:
        return word, ""
    left = (main.expires_on - actor.today).days
    if left < 0:
        return (
            word,
            f"Your {word} ended on {main.expires_on:%-d %b %Y}. Some acts are closed to you until it is renewed.",
        )
    if left <= SOON:
        return word, f"Your {word} ends in {left} days."
    return word, ""


@compiled
def _credentials_held(staff_id: int | None) -> QuerySet[Credential]:
    return Credential.objects.filter(staff_id=staff_id, revoked_on=None).order_by("pk")


def home_of(staff: Staff) -> tuple[int | None, str]:
    """The site somebody starts at, and its zone."""
    site = staff.home_site
    return (site.pk, site.zone_name) if site else (None, "America/New_York")


def site_choice(actor: Actor, key: str) -> Site:
    """An open site by its number. Raises `NotFound`."""
    site = Site.objects.filter(pk=int(key), is_open=True).first() if is_number(key) else None
    if site is None:
        raise NotFound("There is no such site.")
    return site


def first_zone() -> str:
    """The zone of the practice's first site, for what the system does by itself."""
    return Site.objects.order_by("pk").values_list("zone_name", flat=True).first() or "America/New_York"
