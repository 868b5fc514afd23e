"""Credentials that end become work, and are done when they are renewed."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from mainstay.foundation import clock
from mainstay.foundation.actor import Actor, the_system
from mainstay.foundation.dates import spell_date
from mainstay.work.actions import finish_cause, owe
from mainstay.workforce.events import CredentialExpiring, CredentialRenewed
from mainstay.workforce.queries import credential_facts_for_work, first_zone

BANDS = {7: "R2", 30: "R3"}


def owe_renewal(event: CredentialExpiring) -> None:
    """Put the renewal of a credential on the list of whoever holds it; the closer the end, the sooner it is due."""
    facts = credential_facts_for_work(event.credential_id)
    actor = _actor()
    finish_cause(actor=actor, once_key=f"renew:{event.credential_id}", outcome="Closer now: on the list again.")
    owe(
        actor=actor,
        kind="renew_credential",
        title=f"Renew {facts.name} of {facts.staff.shown_name}: ends {spell_date(facts.expires_on)}",
        band=BANDS.get(event.days, "R5"),
        site=facts.staff.home_site,
        owner=facts.staff,
        detail="Acts that rest on it stop at the midnight after that day. Bring the renewal to your lead to verify.",
        subject_kind="credential",
        subject_ref=facts.public_id,
        url=f"/staff/{facts.staff.public_id}/",
        once_key=f"renew:{event.credential_id}",
    )


def settle_renewal(event: CredentialRenewed) -> None:
    """Take the renewal off the list."""
    finish_cause(actor=_actor(), once_key=f"renew:{event.credential_id}", outcome="Renewed or no longer held.")


def _actor() -> Actor:
    return the_system(now=clock.now(), zone=ZoneInfo(first_zone()))
