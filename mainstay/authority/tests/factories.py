"""Valid records for tests: a site, staff with what they hold, what was signed off, where they are."""

from __future__ import annotations

from datetime import date, timedelta

from mainstay.foundation.actor import Actor
from mainstay.foundation.testing import A_MOMENT, EASTERN
from mainstay.practice.models import Site
from mainstay.workforce.models import CompetencySignOff, Credential, LadderRung, Presence, PresenceKind, Staff
from mainstay.workforce.roles import permissions_of


def a_site(name: str = "Eastside", state: str = "OH") -> Site:
    """A primary care site."""
    return Site.objects.create(name=name, short_name=name[:12], state=state, setting="primary_care")


def somebody(name: str, site: Site, *roles: str, licence: str = "", present: bool = True) -> Staff:
    """A member of staff at a site, in the building unless said otherwise."""
    given, _, family = name.partition(" ")
    staff = Staff.objects.create(
        username=name.lower().replace(" ", "."), given_name=given, family_name=family, shown_name=name,
        roles=list(roles), licence=licence, home_site=site,
    )  # fmt: skip
    if present:
        Presence.objects.create(
            staff=staff, site=site, kind=PresenceKind.CLOCKED_IN, since=A_MOMENT - timedelta(hours=2)
        )
    return staff


def holds(staff: Staff, code: str, expires: date | None = date(2028, 1, 31), *, verifier: Staff | None = None) -> None:
    """Give somebody a credential, verified if a verifier is named."""
    Credential.objects.create(
        staff=staff, code=code, issuer="issuer", expires_on=expires,
        verified_by=verifier, verified_at=A_MOMENT if verifier else None,
    )  # fmt: skip


def signed_off(
    staff: Staff, act: str, by: Staff, rung: LadderRung = LadderRung.INDEPENDENT, on: date | None = None
) -> None:
    """Sign somebody off for an act."""
    CompetencySignOff.objects.create(
        staff=staff, act=act, rung=rung, assessed_by=by, assessed_on=A_MOMENT.date(), checklist_version="1",
        expires_on=date(2027, 11, 1),
    )  # fmt: skip


def acting_as(staff: Staff) -> Actor:
    """The actor somebody is, at their home site, at the tests' moment."""
    codes = tuple(sorted(staff.roles))
    return Actor(
        staff_id=staff.pk, name=staff.shown_name, permissions=permissions_of(codes), now=A_MOMENT, zone=EASTERN,
        roles=frozenset(codes), site_id=staff.home_site_id,
    )  # fmt: skip
