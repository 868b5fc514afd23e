"""What people look up about the practice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

import holidays
from django.db.models import Q, QuerySet

from mainstay.foundation.actor import Actor
from mainstay.foundation.ages import AgeRange
from mainstay.foundation.compiled import compiled
from mainstay.foundation.decisions import Decision
from mainstay.foundation.errors import InvalidInput, NotFound
from mainstay.foundation.findings import Finding
from mainstay.practice import rules
from mainstay.practice.models import (
    Closure,
    Equipment,
    ImportBatch,
    OpeningHours,
    Practice,
    Room,
    Site,
    TableOverride,
    VisitType,
)
from mainstay.practice.permissions import SEE_SETTINGS
from mainstay.practice.vocabulary import MAILED_TO, WEEKDAYS

OTHER_AGE = rules.OTHER_AGE
"""The finding that a kind of visit is booked for an age it is not for."""
BOOKED_THEN = rules.BOOKED_THEN
"""The finding that somebody is booked at what is about to close; its reason is what they are told."""
Opened = rules.Opened
"""What came of the calls a closing had made, once it was open again."""
read_opened = rules.read_opened
NO_SITE = 0
"""The number of no site."""
_playbooks: dict[str, str] = {}
_ages_of_playbooks: dict[str, AgeRange] = {}


Weekly = Mapping[int, Sequence[tuple[time, time]]]
"""When a site is open, by weekday (0 = Monday), in site time; without any day it is open whenever somebody is there."""


@dataclass(frozen=True, slots=True)
class Closing:
    """What is about to close: a room, a thing or a site for good; with a `day` a site, or every site, on that day.

    With `hours` a site outside of these, as far as it was open by those `before`; the same serves to open again.
    """

    site: Site | None = None
    day: date | None = None
    room: Room | None = None
    equipment: Equipment | None = None
    hours: Weekly | None = None
    before: Weekly | None = None


_who_know_bookings: list[Callable[[Actor, Sequence[Closing]], Sequence[str]]] = []


def ask_before_closing(bookings: Callable[[Actor, Sequence[Closing]], Sequence[str]]) -> None:
    """Name who knows what is booked at what closes, in words; called once for each, when all domains are loaded."""
    _who_know_bookings.append(bookings)


def closing_findings(actor: Actor, *closings: Closing) -> Sequence[Finding]:
    """What there is to say before something closes: how many visits are booked then, and which."""
    return stranded_findings([said for ask in _who_know_bookings for said in ask(actor, closings)])


def stranded_findings(booked: Sequence[str]) -> Sequence[Finding]:
    """What there is to say to visits, as they are said, that would stand where nobody is."""
    return rules.judge_closing(booked)


def is_mailed_to(state: str) -> bool:
    """Whether two capital letters are a state, a territory or a military post that mail goes to."""
    return state in MAILED_TO


def offer_playbooks(titles: Mapping[str, str], ages: Mapping[str, AgeRange]) -> None:
    """Say which playbooks a kind of visit can follow, by code, and for which ages those are that have some.

    Called once, when all domains are loaded.
    """
    _playbooks.clear()
    _playbooks.update(titles)
    _ages_of_playbooks.clear()
    _ages_of_playbooks.update(ages)


def playbook_titles() -> Mapping[str, str]:
    """The playbooks a kind of visit can follow: code to title."""
    return dict(_playbooks)


def ages_of_playbook(code: str) -> AgeRange | None:
    """For which ages a playbook is; None for any."""
    return _ages_of_playbooks.get(code)


@compiled
def open_sites() -> QuerySet[Site]:
    """The sites that are open, in the order they were set up."""
    return Site.objects.filter(is_open=True).order_by("pk")


def the_practice() -> Practice | None:
    """The practice, or None before it is set up."""
    return Practice.objects.first()


def sites_of_practice(actor: Actor) -> Sequence[Site]:
    """Every site, those that are shut last."""
    actor.may(SEE_SETTINGS).or_raise()
    return list(Site.objects.order_by("-is_open", "pk").prefetch_related("rooms", "hours"))


def site_known_as(actor: Actor, public_id: UUID) -> Site:
    """A site by its public id. Raises `NotFound`."""
    actor.may(SEE_SETTINGS).or_raise()
    site = Site.objects.filter(public_id=public_id).first()
    if site is None:
        raise NotFound("There is no such site.")
    return site


@dataclass(frozen=True, slots=True)
class DayHours:
    """One weekday of a site: closed without times."""

    weekday: int
    name: str
    opens: time | None = None
    closes: time | None = None


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """All there is to set at one site."""

    site: Site
    hours: Sequence[DayHours]
    closures: Sequence[Closure]
    rooms: Sequence[Room]
    equipment: Sequence[Equipment]


def settings_of(actor: Actor, site: Site) -> SiteSettings:
    """What is set at a site: hours by weekday, days closed from today on, rooms and equipment in use."""
    actor.may(SEE_SETTINGS).or_raise()
    closed = Closure.objects.filter(Q(site=site) | Q(site=None), day__gte=actor.today, is_withdrawn=False)
    return SiteSettings(
        site=site,
        hours=hours_of(site),
        closures=list(closed.order_by("day")),
        rooms=list(Room.objects.filter(site=site, is_in_use=True)),
        equipment=list(Equipment.objects.filter(site=site, is_in_use=True).order_by("name")),
    )


def hours_of(site: Site) -> list[DayHours]:
    """The seven weekdays of a site."""
    known = {h.weekday: h for h in OpeningHours.objects.filter(site=site, is_current=True)}
    return [
        DayHours(n, name, known[n].opens, known[n].closes) if n in known else DayHours(n, name)
        for n, name in enumerate(WEEKDAYS)
    ]


def weekly_of(rows: Iterable[OpeningHours]) -> Weekly:
    """Rows of opening hours as a week."""
    found: dict[int, list[tuple[time, time]]] = {}
    for one in sorted(rows, key=lambda row: (row.weekday, row.opens)):
        found.setdefault(one.weekday, []).append((one.opens, one.closes))
    return found


def federal_holidays(first: date, *, days: int = 400) -> list[tuple[date, str]]:
    """US federal holidays from a day on, as observed (5 USC 6103; the `holidays` library)."""
    last = first + timedelta(days=days)
    found = holidays.country_holidays("US", years=range(first.year, last.year + 1))
    return [(day, found[day]) for day in sorted(found) if first <= day <= last]


def holidays_to_propose(actor: Actor) -> list[tuple[date, str]]:
    """Federal holidays of the coming year on which no closing of every site is set."""
    actor.may(SEE_SETTINGS).or_raise()
    set_ = set(Closure.objects.filter(site=None, is_withdrawn=False).values_list("day", flat=True))
    return [(day, name) for day, name in federal_holidays(actor.today) if day not in set_]


def visit_types(actor: Actor) -> Sequence[VisitType]:
    """Every kind of visit, those no longer offered last."""
    actor.may(SEE_SETTINGS).or_raise()
    return list(VisitType.objects.order_by("-is_offered", "name"))


def visit_type_coded(actor: Actor, code: str) -> VisitType:
    """A kind of visit by its code. Raises `NotFound`."""
    actor.may(SEE_SETTINGS).or_raise()
    visit_type = VisitType.objects.filter(code=code).first()
    if visit_type is None:
        raise NotFound("There is no such kind of visit.")
    return visit_type


def kinds_by_age(
    kinds: Iterable[VisitType], *, born: date, days: tuple[date, date]
) -> tuple[list[VisitType], list[VisitType]]:
    """Kinds of visit that are for somebody's age on the first or the last of two days, and the others."""
    fit: list[VisitType] = []
    others: list[VisitType] = []
    for kind in kinds:
        (fit if any(kind.ages.holds(born, day) for day in days) else others).append(kind)
    return fit, others


def age_findings(visit_type: VisitType, *, born: date, on: date, may: Decision) -> Sequence[Finding]:
    """What there is to say to booking a kind of visit for somebody's age; `may`: whether the booker can decide it."""
    who = "" if may else " or ".join(may.who_could) or "Nobody here"
    return rules.judge_age(visit_type.ages, kind=visit_type.name, born=born, on=on, who_may=who)


def table_overrides(actor: Actor) -> Sequence[TableOverride]:
    """Every value of our own, those that hold first."""
    actor.may(SEE_SETTINGS).or_raise()
    return list(TableOverride.objects.select_related("site").order_by("table", "row", "column", "-effective"))


@dataclass(frozen=True, slots=True)
class OwnTable:
    """A rule table a practice may set values of its own in: the cells a rule reads, and how one is checked.

    `cells` are (row, column) with what they are, in words, and the value that came with the table. `check` raises
    `InvalidInput` for a cell nobody reads or a value that cannot be used beside those of our own that hold.
    """

    code: str
    title: str
    cells: Callable[[], Mapping[tuple[str, str], tuple[str, str]]]
    check: Callable[[str, str, str, Mapping[str, str]], None]


_own_tables: dict[str, OwnTable] = {}


def offer_own_table(table: OwnTable) -> None:
    """Say that values of our own are read for a table; called once, when all domains are loaded."""
    _own_tables[table.code] = table


def own_tables() -> Sequence[OwnTable]:
    """Every table a practice may set values in."""
    return list(_own_tables.values())


def own_table(code: str) -> OwnTable:
    """One of them. Raises `InvalidInput`: a value no rule reads would be a promise nobody keeps."""
    if code not in _own_tables:
        raise InvalidInput("No rule reads values of our own for that table.", field="table")
    return _own_tables[code]


def table_overrides_in_words(actor: Actor) -> list[tuple[TableOverride, str]]:
    """Every value of our own with what it is, as its table calls the cell."""
    words = {code: table.cells() for code, table in _own_tables.items()}
    rows = table_overrides(actor)
    return [(one, words.get(one.table, {}).get((one.row, one.column), (one.row, ""))[0]) for one in rows]


def values_of_our_own(table: str, *, on: date, site_id: int | None = None) -> dict[str, str]:
    """The values that hold on a day, by `row.column`; those of a site lie over the practice's. One query."""
    rows = _values_of_our_own(table, on, site_id or NO_SITE)
    ordered = sorted(rows, key=lambda one: (one.site_id is not None, one.effective, one.pk))
    return {f"{one.row}.{one.column}": one.value for one in ordered}


@compiled
def _values_of_our_own(table: str, on: date, site_id: int) -> QuerySet[TableOverride]:
    rows = TableOverride.objects.filter(Q(site=None) | Q(site_id=site_id), table=table, effective__lte=on)
    return rows.filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=on))


def override_numbered(actor: Actor, number: int) -> TableOverride:
    """One value of our own. Raises `NotFound`."""
    actor.may(SEE_SETTINGS).or_raise()
    override = TableOverride.objects.filter(pk=number).first()
    if override is None:
        raise NotFound()
    return override


def part_of_site(actor: Actor, site: Site, kind: str, number: int) -> Room | Equipment | Closure:
    """A room, a thing or a closing of a site by its number; `kind` is room, equipment or closure. Raises `NotFound`."""
    actor.may(SEE_SETTINGS).or_raise()
    found: Room | Equipment | Closure | None = None
    if kind == "room":
        found = Room.objects.filter(site=site, pk=number).first()
    elif kind == "equipment":
        found = Equipment.objects.filter(site=site, pk=number).first()
    elif kind == "closure":
        found = Closure.objects.filter(Q(site=site) | Q(site=None), pk=number).first()
    if found is None:
        raise NotFound()
    return found


def room_out_of_use(site: Site, name: str) -> Room | None:
    """A room of that name that was taken out of use."""
    return Room.objects.filter(site=site, name__iexact=name.strip(), is_in_use=False).first()


def equipment_out_of_use(site: Site, name: str, kind: str) -> Equipment | None:
    """A thing of that name and kind that was taken out of use, the latest first."""
    gone = Equipment.objects.filter(site=site, name__iexact=name.strip(), kind=kind, is_in_use=False)
    return gone.order_by("-pk").first()


def import_batches(actor: Actor) -> Sequence[ImportBatch]:
    """The imports that were run or are running, newest first."""
    actor.may(SEE_SETTINGS).or_raise()
    return list(ImportBatch.objects.exclude(ran_at=None, started_at=None).order_by("-pk")[:100])


def import_batch(actor: Actor, public_id: UUID) -> ImportBatch:
    """One import. Raises `NotFound`."""
    actor.may(SEE_SETTINGS).or_raise()
    batch = ImportBatch.objects.filter(public_id=public_id).first()
    if batch is None:
        raise NotFound("There is no such import.")
    return batch
