"""People, sites and sign-ins for tests."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, datetime

from django.contrib.auth.hashers import make_password

from mainstay.foundation.actor import Actor
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.practice.models import Site
from mainstay.workforce import actions
from mainstay.workforce.models import Credential, Staff
from mainstay.workforce.roles import permissions_of

PASSWORD = "quiet harbour lantern"
PIN = "4826"


def a_site(name: str = "Northside", zone: str = "America/New_York", state: str = "NY") -> Site:
    """A site."""
    found = {"short_name": name[:10], "state": state, "zone_name": zone}
    return Site.objects.get_or_create(name=name, defaults=found)[0]


def a_person(username: str, *roles: str, **more: object) -> Staff:
    """Somebody with a password and a PIN."""
    facts = {
        "given_name": username.title(), "family_name": "Test", "shown_name": username.title(),
        "home_site": a_site(), "password": make_password(PASSWORD), "pin_hash": make_password(PIN),
    }  # fmt: skip
    return Staff.objects.create(username=username, roles=list(roles), **{**facts, **more})


def acting_as(staff: Staff, *, now: datetime = A_MOMENT) -> Actor:
    """The actor somebody is."""
    permissions = permissions_of(tuple(sorted(staff.roles)))
    base = an_actor(staff_id=staff.pk, permissions=("none",), now=now, site_id=staff.home_site_id)
    return replace(base, permissions=permissions, roles=frozenset(staff.roles))


def key() -> dict[str, str]:
    """A fresh idempotency key for a form."""
    return {"idempotency_key": str(uuid.uuid4())}


def a_workstation(client: object, name: str = "Room 1", site: Site | None = None) -> object:
    """A registered workstation, which the client from now on is."""
    manager = a_person(f"boss-{uuid.uuid4().hex[:6]}", "manager")
    made, secret = actions.register_workstation(
        actor=acting_as(manager), site=site or a_site(), name=name, idle_minutes=5
    )
    client.cookies["workstation"] = f"{made.public_id}.{secret}"  # type: ignore[attr-defined]  # the test client keeps a cookie jar
    return made


def held_by(staff: Staff, **more: object) -> Credential:
    """A credential somebody holds, not verified yet."""
    facts = {"code": "CMA_AAMA", "issuer": "AAMA", "expires_on": date(2027, 5, 31)}
    return Credential.objects.create(staff=staff, **{**facts, **more})
