"""Valid schedules for tests."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from mainstay.foundation.testing import A_MOMENT, EASTERN, an_actor
from mainstay.people.models import Patient
from mainstay.practice.models import Site, VisitType
from mainstay.scheduling import actions
from mainstay.scheduling.actions import Slot
from mainstay.scheduling.models import Appointment, Template
from mainstay.workforce.models import Staff

FIRST = date(2026, 1, 1)


def a_site(name: str = "Northside") -> Site:
    """A site in New York."""
    return Site.objects.get_or_create(name=name, defaults={"short_name": name[:10], "state": "NY"})[0]


def a_provider(username: str = "doc", *roles: str) -> Staff:
    """Somebody who sees patients."""
    names = {"given_name": username.title(), "family_name": "Test", "shown_name": f"Dr. {username.title()}"}
    return Staff.objects.create(username=username, roles=list(roles or ("provider",)), home_site=a_site(), **names)


def a_patient(mrn: str = "100001", **more: object) -> Patient:
    """A patient."""
    facts = {"given_name": "Jo", "family_name": "Doe", "birth_date": date(1980, 2, 3), "sex": "female"}
    return Patient.objects.create(mrn=mrn, **{**facts, **more})


def a_visit_type(code: str = "follow-up", minutes: int = 20, **more: object) -> VisitType:
    """A kind of visit."""
    facts = {"name": code.title(), "minutes": minutes, "playbook": "chronic_followup", **more}
    return VisitType.objects.get_or_create(code=code, defaults=facts)[0]


def a_week(
    provider: Staff | None, *, days: tuple[int, ...] = (0, 1, 2, 3, 4), site: Site | None = None
) -> list[Template]:
    """Nine to noon and one to five, on weekdays."""
    return [
        Template.objects.create(
            provider=provider, site=site or a_site(), weekday=day, starts=starts, ends=ends, effective=FIRST
        )
        for day in days
        for starts, ends in ((time(9), time(12)), (time(13), time(17)))
    ]


def local(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment by the clock on the wall of the site."""
    return datetime.combine(day, time(hour, minute), tzinfo=EASTERN)


def booked(
    provider: Staff | None, starts: datetime, *, patient: Patient | None = None, visit_type: VisitType | None = None
) -> Appointment:
    """A booking made two days before."""
    kind = visit_type or a_visit_type()
    return actions.book_appointment(
        actor=an_actor(now=A_MOMENT - timedelta(days=2)),
        patient=patient or a_patient(),
        visit_type=kind,
        slot=Slot(site=a_site(), provider=provider, starts=starts, minutes=kind.minutes),
    )
