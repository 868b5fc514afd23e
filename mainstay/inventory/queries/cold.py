"""How cold it is and was in every unit, and what waits for a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Prefetch

from mainstay.foundation.clock import site_day
from mainstay.foundation.errors import NotFound
from mainstay.inventory.lifecycle import ExcursionState, Funding
from mainstay.inventory.models import DailyReading, Draw, Excursion, Hold, Reading, StorageUnit
from mainstay.inventory.rules import Range, slot_of

DAYS_SHOWN = 7


@dataclass(frozen=True, slots=True)
class UnitNow:
    """A unit with its latest temperature (None: never read), and whether this half-day's reading is missing.

    `judged_by` are the limits at the moment of that temperature.
    """

    unit: StorageUnit
    limits: Range
    judged_by: Range
    celsius: Decimal | None
    read_at: datetime | None
    is_missing: bool
    excursion: Excursion | None

    @property
    def is_in_range(self) -> bool:
        """Whether the latest temperature is within the range."""
        return self.celsius is None or self.judged_by.holds(self.celsius)


@dataclass(frozen=True, slots=True)
class DayOfReadings:
    """One day of the twice-daily log: morning and afternoon, None where nobody read."""

    day: date
    am: DailyReading | None
    pm: DailyReading | None

    @property
    def readings(self) -> tuple[DailyReading | None, DailyReading | None]:
        """Both, in their order."""
        return self.am, self.pm


def units_at(*, site_id: int, on: datetime) -> list[UnitNow]:
    """The units of a site in use, with how each stands now."""
    rows = StorageUnit.objects.filter(site_id=site_id, is_in_use=True)
    units = list(rows.select_related("site").prefetch_related("former_limits"))
    latest = Reading.objects.filter(unit__in=units).order_by("unit_id", "-taken_at").distinct("unit_id")
    logged = {r.unit_id: r for r in latest}
    typed = DailyReading.objects.filter(unit__in=units).order_by("unit_id", "-read_at").distinct("unit_id")
    daily = {r.unit_id: r for r in typed}
    open_ = {e.unit_id: e for e in Excursion.objects.filter(unit__in=units, state=ExcursionState.OPEN)}
    return [_now(unit, logged.get(unit.pk), daily.get(unit.pk), open_.get(unit.pk), on) for unit in units]


def _now(
    unit: StorageUnit, logged: Reading | None, daily: DailyReading | None, excursion: Excursion | None, on: datetime
) -> UnitNow:
    day, slot = slot_of(on, unit.site.zone)
    known = [(r.taken_at, r.celsius) for r in (logged,) if r] + [(r.read_at, r.present) for r in (daily,) if r]
    at, celsius = max(known, default=(None, None), key=lambda k: k[0])
    is_read = daily is not None and (daily.day, daily.slot) == (day, slot)
    limits = unit.limits_over_time(on=day)
    judged_by = limits.at(at) if at else limits.now
    return UnitNow(unit, limits.now, judged_by, celsius, at, unit.kind != "room" and not is_read, excursion)


def unit_named(public_id: UUID) -> StorageUnit:
    """A unit by its public id; raises `NotFound`."""
    unit = StorageUnit.objects.filter(public_id=public_id).select_related("site").prefetch_related("sensors").first()
    if unit is None:
        raise NotFound("There is no such storage unit.")
    return unit


def units_for(*, kind: str = "", site_id: int | None = None) -> Sequence[StorageUnit]:
    """Units in use, of one kind and site if asked."""
    rows = StorageUnit.objects.filter(is_in_use=True).select_related("site").order_by("site__name", "name")
    rows = rows.filter(kind=kind) if kind else rows
    return list(rows.filter(site_id=site_id) if site_id else rows)


def readings_of(unit: StorageUnit, *, first: date, days: int = DAYS_SHOWN) -> list[tuple[datetime, Decimal]]:
    """What the logger read over so many days, oldest first."""
    begin, _ = site_day(first, unit.site.zone)
    _, end = site_day(first + timedelta(days=days - 1), unit.site.zone)
    rows = Reading.objects.filter(unit=unit, taken_at__gte=begin, taken_at__lt=end).order_by("taken_at")
    return list(rows.values_list("taken_at", "celsius"))


def log_of(unit: StorageUnit, *, first: date, days: int = DAYS_SHOWN) -> list[DayOfReadings]:
    """The twice-daily log of a unit: what was missed is blank."""
    rows = DailyReading.objects.filter(unit=unit, day__gte=first, day__lt=first + timedelta(days=days))
    found = {(r.day, r.slot): r for r in rows.select_related("read_by")}
    days_shown = (first + timedelta(days=n) for n in range(days))
    return [DayOfReadings(day, found.get((day, "am")), found.get((day, "pm"))) for day in days_shown]


def excursions_of(unit: StorageUnit) -> Sequence[Excursion]:
    """A unit's excursions, the latest first."""
    return list(unit.excursions.order_by("-began_at")[:20])


def excursion_named(public_id: UUID) -> Excursion:
    """An excursion with its unit and holds; raises `NotFound`."""
    holds = Hold.objects.select_related("stock__lot__item", "stock__unit").order_by("pk")
    rows = Excursion.objects.select_related("unit__site", "found_by").prefetch_related(Prefetch("holds", holds))
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound("There is no such excursion.")
    return found


def doses_given_meanwhile(excursion: Excursion) -> Sequence[Draw]:
    """Doses drawn from the unit after it went out of range and before its stock was held."""
    rows = Draw.objects.filter(
        stock__unit=excursion.unit_id,
        drawn_at__gte=excursion.began_at,
        drawn_at__lte=excursion.found_at,
        returned_at=None,
    )
    return list(rows.select_related("patient", "lot__item").order_by("drawn_at"))


def holds_of_same_maker(excursion: Excursion, hold: Hold) -> list[tuple[int, str]]:
    """Other lots of the maker of one that still wait for their verdict, each with words to choose it by."""
    maker = hold.stock.lot.item.mvx
    return [
        (one.pk, f"{one.stock.lot.item.name} {one.stock.lot.lot_number} ({Funding(one.stock.lot.funding).label})")
        for one in excursion.holds.all()
        if maker and one.lifted_at is None and one.pk != hold.pk and one.stock.lot.item.mvx == maker
    ]


def holds_numbered(excursion: Excursion, keys: Iterable[int]) -> list[Hold]:
    """Several holds of an excursion."""
    return list(Hold.objects.filter(pk__in=list(keys), excursion=excursion).select_related("stock__lot__item"))


def hold_numbered(excursion: Excursion, pk: int) -> Hold:
    """One hold of an excursion; raises `NotFound`."""
    hold = Hold.objects.filter(pk=pk, excursion=excursion).select_related("stock__lot__item").first()
    if hold is None:
        raise NotFound("There is no such hold.")
    return hold
