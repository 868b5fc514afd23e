"""Setting up and changing the practice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, time

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.ages import AgeRange, Period, read_age
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.findings import NOTHING_CONFIRMED, Confirmations
from mainstay.foundation.moves import locked
from mainstay.foundation.npi import read_npi
from mainstay.foundation.outbox import publish
from mainstay.practice.events import DayClosed, EquipmentRetired, RoomAdded, RoomRetired, SiteShut
from mainstay.practice.models import (
    Closure,
    Equipment,
    OpeningHours,
    Practice,
    Room,
    RoomKind,
    Site,
    TableOverride,
    VisitType,
)
from mainstay.practice.permissions import CHANGE_SETTINGS
from mainstay.practice.queries import BOOKED_THEN, Closing, closing_findings, own_table, values_of_our_own


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
    youngest: str = ""
    oldest: str = ""
    """The ages it is for, both included, as people type them (`18`, `6 months`); empty: any."""


@transaction.atomic
def set_up_practice(
    *, actor: Actor, name: str, governing_state: str, vaccine_programs: tuple[str, ...] = (), npi: str = ""
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
            "npi": read_npi(npi),
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
def change_site(*, actor: Actor, site: Site, facts: SiteFacts) -> Site:
    """Change what is known of a site. Its zone may change only as long as it has no hours to move."""
    actor.may(CHANGE_SETTINGS).or_raise()
    fresh = locked(Site.objects.all(), pk=site.pk)
    if Site.objects.filter(name__iexact=facts.name.strip()).exclude(pk=fresh.pk).exists():
        raise InvalidInput("There is a site of that name already.", field="name")
    for field, value in asdict(facts).items():
        setattr(fresh, field, value)
    fresh.save()
    return fresh


@transaction.atomic
def shut_site(*, actor: Actor, site: Site, confirmed: Confirmations = NOTHING_CONFIRMED) -> Site:
    """Stop working at a site; everything about it is kept. The last open site stays open.

    Raises `NeedsConfirmation` while visits are booked there; they become work, with the reason given.
    """
    actor.may(CHANGE_SETTINGS).or_raise()
    fresh = locked(Site.objects.all(), pk=site.pk)
    if not Site.objects.filter(is_open=True).exclude(pk=fresh.pk).exists():
        raise IllegalMove("This is the last open site. Open another one first.")
    confirmed.answer(closing_findings(actor, Closing(site=fresh)))
    fresh.is_open = False
    fresh.save(update_fields=["is_open"])
    publish(SiteShut(site_id=fresh.pk, told=confirmed.reason_for(BOOKED_THEN)))
    return fresh


@transaction.atomic
def reopen_site(*, actor: Actor, site: Site) -> Site:
    """Work at a site again."""
    actor.may(CHANGE_SETTINGS).or_raise()
    fresh = locked(Site.objects.all(), pk=site.pk)
    fresh.is_open = True
    fresh.save(update_fields=["is_open"])
    return fresh


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
def close_day(
    *, actor: Actor, day: date, name: str, site: Site | None = None, confirmed: Confirmations = NOTHING_CONFIRMED
) -> Closure:
    """Close one site, or every site, on a day; as `close_days`."""
    return close_days(actor=actor, days=[(day, name)], site=site, confirmed=confirmed)[0]


@transaction.atomic
def close_days(
    *,
    actor: Actor,
    days: Sequence[tuple[date, str]],
    site: Site | None = None,
    confirmed: Confirmations = NOTHING_CONFIRMED,
) -> list[Closure]:
    """Close one site, or every site, on some days, each with why.

    Raises `NeedsConfirmation` while visits are booked then; they become work, with the reason given.
    """
    actor.may(CHANGE_SETTINGS).or_raise()
    if any(day < actor.today for day, _name in days):
        raise InvalidInput("That day is past.", field="day")
    closed = Closure.objects.filter(day__in=[day for day, _name in days], site=site, is_withdrawn=False)
    known = {closure.day: closure for closure in closed}
    confirmed.answer(closing_findings(actor, *(Closing(site=site, day=day) for day, _name in days if day not in known)))
    for day, name in days:
        if day not in known:
            known[day] = Closure.objects.create(site=site, day=day, name=name.strip())
            publish(DayClosed(closure_id=known[day].pk, told=confirmed.reason_for(BOOKED_THEN)))
    return [known[day] for day, _name in days]


@transaction.atomic
def withdraw_closure(*, actor: Actor, closure: Closure) -> Closure:
    """Be open after all on a day."""
    actor.may(CHANGE_SETTINGS).or_raise()
    fresh = locked(Closure.objects.all(), pk=closure.pk)
    fresh.is_withdrawn = True
    fresh.save(update_fields=["is_withdrawn"])
    return fresh


@transaction.atomic
def add_room(*, actor: Actor, site: Site, name: str, kind: RoomKind = RoomKind.EXAM, pod: str = "") -> Room:
    """Add a room to a site; one of that name that was taken out of use is used again."""
    actor.may(CHANGE_SETTINGS).or_raise()
    if not name.strip():
        raise InvalidInput("Give the room a name.", field="name")
    known = Room.objects.select_for_update().filter(site=site, name__iexact=name.strip()).first()
    if known is not None and known.is_in_use:
        raise InvalidInput("There is a room of that name already.", field="name")
    room = known or Room(site=site, name=name.strip(), position=Room.objects.filter(site=site).count())
    room.kind, room.pod, room.is_in_use = kind, pod.strip(), True
    room.save()
    publish(RoomAdded(room_id=room.pk))
    return room


@transaction.atomic
def retire_room(*, actor: Actor, room: Room, confirmed: Confirmations = NOTHING_CONFIRMED) -> Room:
    """Take a room out of use; what happened in it is kept.

    Raises `NeedsConfirmation` while it is booked for visits; they become work, with the reason given.
    """
    actor.may(CHANGE_SETTINGS).or_raise()
    fresh = locked(Room.objects.all(), pk=room.pk)
    confirmed.answer(closing_findings(actor, Closing(room=fresh)))
    fresh.is_in_use = False
    fresh.save(update_fields=["is_in_use"])
    publish(RoomRetired(room_id=fresh.pk, told=confirmed.reason_for(BOOKED_THEN)))
    return fresh


@transaction.atomic
def add_equipment(*, actor: Actor, site: Site, name: str, kind: str) -> Equipment:
    """Add a thing that can be in one place at a time."""
    actor.may(CHANGE_SETTINGS).or_raise()
    if not name.strip():
        raise InvalidInput("Give it a name.", field="name")
    return Equipment.objects.create(site=site, name=name.strip(), kind=kind)


@transaction.atomic
def retire_equipment(*, actor: Actor, equipment: Equipment, confirmed: Confirmations = NOTHING_CONFIRMED) -> Equipment:
    """Take a thing out of use; as `retire_room` where visits need it."""
    actor.may(CHANGE_SETTINGS).or_raise()
    fresh = locked(Equipment.objects.all(), pk=equipment.pk)
    confirmed.answer(closing_findings(actor, Closing(equipment=fresh)))
    fresh.is_in_use = False
    fresh.save(update_fields=["is_in_use"])
    publish(EquipmentRetired(equipment_id=fresh.pk, told=confirmed.reason_for(BOOKED_THEN)))
    return fresh


@transaction.atomic
def offer_visit_type(*, actor: Actor, facts: VisitTypeFacts) -> VisitType:
    """Offer a kind of visit, or change one that is offered under the same code. Raises `InvalidInput` for its ages."""
    actor.may(CHANGE_SETTINGS).or_raise()
    ages = AgeRange(_age(facts.youngest, "youngest"), _age(facts.oldest, "oldest"))
    if ages.is_empty:
        raise InvalidInput(
            "Nobody is that old and still that young: the oldest age is below the youngest.", field="oldest"
        )
    values = asdict(facts)
    values |= {"youngest": ages.low.spelled if ages.low else "", "oldest": ages.high.spelled if ages.high else ""}
    visit_type, _ = VisitType.objects.update_or_create(code=values.pop("code"), defaults={**values, "is_offered": True})
    return visit_type


def _age(typed: str, field: str) -> Period | None:
    try:
        return read_age(typed) if typed.strip() else None
    except ValueError as fault:
        raise InvalidInput(str(fault), field=field) from None


@transaction.atomic
def withdraw_visit_type(*, actor: Actor, visit_type: VisitType) -> VisitType:
    """Stop offering a kind of visit; what is booked stays booked."""
    actor.may(CHANGE_SETTINGS).or_raise()
    fresh = locked(VisitType.objects.all(), pk=visit_type.pk)
    fresh.is_offered = False
    fresh.save(update_fields=["is_offered"])
    return fresh


@dataclass(frozen=True, slots=True)
class Override:
    """The practice's own value for one cell of a rule table, from a day on, everywhere or at one site."""

    table: str
    row: str
    column: str
    value: str
    reason: str
    reviewed_by: str
    effective: date
    site: Site | None = None


@transaction.atomic
def override_table(*, actor: Actor, override: Override) -> TableOverride:
    """Put a value of one's own in place of a table's; the one that held before ends the day before.

    Raises `InvalidInput` without a reason and a reviewer (a rule nobody answers for is no rule), for a cell no rule
    reads, and for a value the rule could not use beside those that hold.
    """
    actor.may(CHANGE_SETTINGS).or_raise()
    for field, wanted in (("reason", "Say why."), ("reviewed_by", "Say who reviewed it.")):
        if not getattr(override, field).strip():
            raise InvalidInput(wanted, field=field)
    table = own_table(override.table)
    for beside in _beside(override):
        table.check(override.row, override.column, override.value, beside)
    held = TableOverride.objects.select_for_update().filter(
        table=override.table, row=override.row, column=override.column, site=override.site, withdrawn_on=None
    )
    for earlier in list(held):
        earlier.withdrawn_on = override.effective
        earlier.save(update_fields=["withdrawn_on"])
    return TableOverride.objects.create(**asdict(override))


def _beside(override: Override) -> list[dict[str, str]]:
    """The values one for a whole practice has to go with: its own, and those of every site that has some."""
    sites = TableOverride.objects.filter(table=override.table, withdrawn_on=None).values_list("site_id", flat=True)
    places = {override.site.pk} if override.site else {None, *sites}
    return [values_of_our_own(override.table, on=override.effective, site_id=place) for place in places]


@transaction.atomic
def withdraw_override(*, actor: Actor, override: TableOverride) -> TableOverride:
    """Go back to the table's own value from today on."""
    actor.may(CHANGE_SETTINGS).or_raise()
    fresh = locked(TableOverride.objects.all(), pk=override.pk)
    if fresh.withdrawn_on is None or fresh.withdrawn_on > actor.today:
        fresh.withdrawn_on = actor.today
        fresh.save(update_fields=["withdrawn_on"])
    return fresh
