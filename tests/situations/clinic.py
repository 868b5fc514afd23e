"""A clinic in which situations are made: everything in it is counted up, so that no situation is in another's way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import count

from django.db import connection

from mainstay.foundation.actor import Actor
from mainstay.foundation.testing import A_MOMENT, EASTERN, an_actor
from mainstay.people.models import Patient
from mainstay.practice.actions import set_up_practice
from mainstay.practice.models import Room, Site, VisitType
from mainstay.rooming import actions as rooming_actions
from mainstay.scheduling.actions import Slot, book_appointment
from mainstay.scheduling.models import Appointment, Template
from mainstay.visits import actions as visit_actions
from mainstay.visits.actions.checking_in import ArrivalScreen, DeskCheck
from mainstay.visits.models import RoomUse, Visit
from mainstay.visits.tests import factories
from mainstay.workforce.models import Credential, Staff
from mainstay.workforce.roles import permissions_of, roles

TWO = ["name", "birth_date"]
MONDAY = date(2026, 11, 23)


class Clinic:
    """One site on a Friday in November, with one person who has every role, and makers of the rest."""

    def __init__(self, start: int = 1) -> None:
        self._numbers = count(start)
        self.site: Site = factories.a_site()
        self.everybody = self.person(*roles(), licence="MD")
        Credential.objects.create(
            staff=self.everybody, code="MD", issuer="Board", state="NY", verified_by=self.everybody,
            verified_at=A_MOMENT - timedelta(days=30), expires_on=date(2028, 1, 31),
        )  # fmt: skip
        self.actor = self.acting(self.everybody)
        self.system: Actor = an_actor()
        set_up_practice(actor=self.system, name="Mainstay Clinic", governing_state="NY")
        self.booked()

    def number(self) -> int:
        """A number nobody has yet."""
        return next(self._numbers)

    def person(self, *held: str, **more: object) -> Staff:
        """Somebody who works here."""
        return factories.a_person(f"person{self.number()}", *held, **more)

    def acting(self, staff: Staff) -> Actor:
        """The actor somebody is."""
        permissions = permissions_of(tuple(sorted(staff.roles)))
        base = an_actor(staff_id=staff.pk, permissions=("none",), site_id=staff.home_site_id)
        return replace(base, permissions=permissions, roles=frozenset(staff.roles))

    def provider(self) -> Staff:
        """Somebody who sees patients."""
        return self.person("provider", licence="MD")

    def patient(self, **more: object) -> Patient:
        """A patient."""
        number = self.number()
        return factories.a_patient(f"P{number}", **{"given_name": f"Given{number}", **more})

    def visit_type(self, code: str = "follow-up") -> VisitType:
        """A kind of visit."""
        return factories.a_visit_type(code)

    def room(self) -> Room:
        """A room that is ready."""
        return factories.a_room(f"Room {self.number()}", self.site)

    def site_apart(self) -> Site:
        """Another site."""
        return factories.a_site(f"Site {self.number()}")

    def booked(
        self, *, starts: datetime | None = None, patient: Patient | None = None, site: Site | None = None
    ) -> Appointment:
        """A booking of its own provider, today unless said otherwise."""
        slot = Slot(site=site or self.site, provider=self.provider(), starts=starts or A_MOMENT, minutes=20)
        before = an_actor(now=A_MOMENT - timedelta(days=2))
        return book_appointment(
            actor=before, patient=patient or self.patient(), visit_type=self.visit_type(), slot=slot
        )

    def expected(self) -> Visit:
        """Somebody who is to come."""
        return Visit.objects.get(appointment=self.booked())

    def arrived(self) -> Visit:
        """Somebody who has come and was checked in."""
        check = DeskCheck(identifiers=TWO)
        return visit_actions.check_in_patient(
            actor=self.actor, visit=self.expected(), check=check, screen=ArrivalScreen()
        )

    def roomed(self) -> Visit:
        """Somebody in a room, not identified yet."""
        return visit_actions.room_patient(actor=self.actor, visit=self.arrived(), room=self.room())

    def identified(self) -> Visit:
        """Somebody in a room, identified."""
        visit = self.roomed()
        rooming_actions.identify_patient(actor=self.actor, visit=visit, identifiers=TWO)
        return visit

    def checking_out(self) -> Visit:
        """Somebody on the way out."""
        return visit_actions.begin_check_out(actor=self.actor, visit=self.identified())

    def dirty_room(self) -> Room:
        """A room somebody left."""
        room = self.room()
        RoomUse.objects.filter(room=room).update(state="dirty")
        return room

    def idle_worker(self) -> None:
        """Nothing waits for the worker: what is asked of it next is a job of its own."""
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")

    def week_of(self, provider: Staff) -> list[Template]:
        """Nine to noon and one to five, on weekdays."""
        return [
            Template.objects.create(
                provider=provider, site=self.site, weekday=day, starts=starts, ends=ends, effective=date(2026, 1, 1)
            )
            for day in range(5)
            for starts, ends in ((time(9), time(12)), (time(13), time(17)))
        ]

    def on_monday(self, hour: int, minute: int = 0) -> datetime:
        """A moment of next Monday by the clock on the wall."""
        return datetime.combine(MONDAY, time(hour, minute), tzinfo=EASTERN)
