"""Valid people, sites and visits for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from mainstay.foundation.actor import Actor
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.people.models import Patient
from mainstay.practice.models import Room, Site, VisitType
from mainstay.scheduling.actions import Slot, book_appointment
from mainstay.visits.models import RoomUse, Visit
from mainstay.workforce.models import Staff
from mainstay.workforce.roles import permissions_of


def a_site(name: str = "Northside", **more: object) -> Site:
    """A site in New York."""
    return Site.objects.get_or_create(name=name, defaults={"short_name": name[:10], "state": "NY", **more})[0]


def a_person(username: str, *roles: str, **more: object) -> Staff:
    """Somebody who works here."""
    facts: dict[str, object] = {"given_name": username.title(), "family_name": "Test", "shown_name": username.title()}
    facts["home_site"] = more.get("home_site") or a_site()
    return Staff.objects.create(username=username, roles=list(roles), **{**facts, **more})


def acting_as(staff: Staff, *, now: datetime = A_MOMENT) -> Actor:
    """The actor somebody is."""
    permissions = tuple(permissions_of(tuple(sorted(staff.roles))))
    actor = an_actor(staff_id=staff.pk, permissions=permissions, now=now, site_id=staff.home_site_id)
    return replace(actor, roles=frozenset(staff.roles))


def a_patient(mrn: str = "100001", **more: object) -> Patient:
    """A patient."""
    facts = {"given_name": "Jo", "family_name": "Doe", "birth_date": date(1980, 2, 3), "sex": "female"}
    return Patient.objects.create(mrn=mrn, **{**facts, **more})


def a_visit_type(code: str = "follow-up", playbook: str = "chronic_followup", minutes: int = 20) -> VisitType:
    """A kind of visit."""
    return VisitType.objects.get_or_create(
        code=code, defaults={"name": code.title(), "minutes": minutes, "playbook": playbook}
    )[0]


def a_room(name: str = "1", site: Site | None = None) -> Room:
    """A room that is ready."""
    room = Room.objects.create(site=site or a_site(), name=name)
    RoomUse.objects.create(room=room)
    return room


def a_visit(*, provider: Staff | None = None, starts: datetime = A_MOMENT, patient: Patient | None = None) -> Visit:
    """A visit expected for a booking."""
    slot = Slot(site=a_site(), provider=provider, starts=starts, minutes=20)
    appointment = book_appointment(
        actor=an_actor(now=A_MOMENT - timedelta(days=2)),
        patient=patient or a_patient(),
        visit_type=a_visit_type(),
        slot=slot,
    )
    return Visit.objects.get(appointment=appointment)
