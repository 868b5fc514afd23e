"""Setting up and changing the practice."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.ages import AgeRange, Period, read_age
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.moves import locked
from mainstay.foundation.npi import read_npi
from mainstay.practice.models import Practice, RoomKind, Site, TableOverride, VisitType
from mainstay.practice.permissions import CHANGE_SETTINGS
from mainstay.practice.queries import own_table, values_of_our_own


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
