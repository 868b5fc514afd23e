"""Setting up and changing the practice."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, time

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.practice.models import Closure, Equipment, OpeningHours, Practice, Room, RoomKind, Site, VisitType
from mainstay.practice.permissions import CHANGE_SETTINGS


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """One place of the practice."""

    name: str
    short_name: str
    state: str
    zone_name: str
    street: str = ""
    city: str = ""
    postal_code: str = ""
    phone: str = ""
    fax: str = ""
    setting: str = "primary_care"


@dataclass(frozen=True, slots=True)
class VisitTypeFacts:
    """A kind of visit people can book."""

    code: str
    name: str
    minutes: int
    playbook: str
    instructions_en: str = ""
    instructions_es: str = ""
    room_kind: str = RoomKind.EXAM
    equipment_kind: str = ""
    is_for_new_patients: bool = False
    is_telehealth: bool = False
    is_with_provider: bool = True


@transaction.atomic
def set_up_practice(
    *, actor: Actor, name: str, governing_state: str, vaccine_programs: tuple[str, ...] = ()
) -> Practice:
    """Name the practice and the state whose law it works under; there is one practice in a database."""
    actor.may(CHANGE_SETTINGS).or_raise()
    if not name.strip():
        raise InvalidInput("Give the practice a name.", field="name")
    practice, _ = Practice.objects.update_or_create(
        pk=1,
        defaults={
            "name": name.strip(),
            "governing_state": governing_state,
            "vaccine_programs": list(vaccine_programs),
        },
    )
    return practice


@transaction.atomic
def add_site(*, actor: Actor, facts: SiteFacts) -> Site:
    """Open a site."""
    actor.may(CHANGE_SETTINGS).or_raise()
    if Site.objects.filter(name__iexact=facts.name.strip()).exists():
        raise InvalidInput("There is a site of that name already.", field="name")
    return Site.objects.create(**asdict(facts))


@transaction.atomic
def set_hours(*, actor: Actor, site: Site, weekly: dict[int, tuple[time, time]]) -> list[OpeningHours]:
    """Set when a site is open, by weekday (0 = Monday); what was set before is kept as past."""
    actor.may(CHANGE_SETTINGS).or_raise()
    OpeningHours.objects.filter(site=site, is_current=True).update(is_current=False)
    return [
        OpeningHours.objects.create(site=site, weekday=day, opens=opens, closes=closes)
        for day, (opens, closes) in sorted(weekly.items())
    ]


@transaction.atomic
def close_day(*, actor: Actor, day: date, name: str, site: Site | None = None) -> Closure:
    """Close one site, or every site, on a day."""
    actor.may(CHANGE_SETTINGS).or_raise()
    return Closure.objects.create(site=site, day=day, name=name)


@transaction.atomic
def add_room(*, actor: Actor, site: Site, name: str, kind: RoomKind = RoomKind.EXAM, pod: str = "") -> Room:
    """Add a room to a site."""
    actor.may(CHANGE_SETTINGS).or_raise()
    if Room.objects.filter(site=site, name__iexact=name.strip()).exists():
        raise InvalidInput("There is a room of that name already.", field="name")
    return Room.objects.create(
        site=site, name=name.strip(), kind=kind, pod=pod, position=Room.objects.filter(site=site).count()
    )


@transaction.atomic
def add_equipment(*, actor: Actor, site: Site, name: str, kind: str) -> Equipment:
    """Add a thing that can be in one place at a time."""
    actor.may(CHANGE_SETTINGS).or_raise()
    return Equipment.objects.create(site=site, name=name, kind=kind)


@transaction.atomic
def offer_visit_type(*, actor: Actor, facts: VisitTypeFacts) -> VisitType:
    """Offer a kind of visit, or change one that is offered under the same code."""
    actor.may(CHANGE_SETTINGS).or_raise()
    values = asdict(facts)
    visit_type, _ = VisitType.objects.update_or_create(code=values.pop("code"), defaults={**values, "is_offered": True})
    return visit_type
