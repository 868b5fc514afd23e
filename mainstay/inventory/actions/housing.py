"""Making known where stock is kept and which data loggers are there; and putting that right later."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.moves import locked
from mainstay.inventory.lifecycle import ExcursionState
from mainstay.inventory.loggers import DayOrder
from mainstay.inventory.models import FormerLimits, Sensor, StorageKind, StorageUnit
from mainstay.inventory.permissions import ORDER
from mainstay.inventory.rules import Scale, range_of
from mainstay.practice.models import Site


@transaction.atomic
def add_storage_unit(
    *,
    actor: Actor,
    site: Site,
    name: str,
    kind: StorageKind | str,
    lowest: Decimal | None = None,
    highest: Decimal | None = None,
) -> StorageUnit:
    """Make a refrigerator, freezer or cupboard known; `lowest` and `highest` (°C) are limits of its own."""
    actor.may(ORDER).or_raise()
    unit = StorageUnit(site=site, name=name.strip(), kind=StorageKind(kind), lowest=lowest, highest=highest)
    _check(actor, unit)
    unit.save()
    return unit


@transaction.atomic
def change_storage_unit(
    *, actor: Actor, unit: StorageUnit, name: str, lowest: Decimal | None, highest: Decimal | None
) -> StorageUnit:
    """Rename a unit, or change its own limits (°C, None: those of its kind) from now on. Its kind and site stay.

    Readings taken before keep the limits they were judged by, also those a file brings later.
    """
    actor.may(ORDER).or_raise()
    fresh = locked(StorageUnit.objects.select_related("site"), pk=unit.pk)
    before = (fresh.lowest, fresh.highest)
    fresh.name, fresh.lowest, fresh.highest = name.strip(), lowest, highest
    _check(actor, fresh)
    fresh.save()
    if before != (lowest, highest):
        FormerLimits.objects.create(
            unit=fresh, lowest=before[0], highest=before[1], until=actor.now, changed_by_id=actor.staff_id
        )
    return fresh


@transaction.atomic
def retire_storage_unit(*, actor: Actor, unit: StorageUnit) -> StorageUnit:
    """Take a unit out of use; its log stays. Raises `IllegalMove` with stock inside or an excursion open."""
    actor.may(ORDER).or_raise()
    fresh = locked(StorageUnit.objects.all(), pk=unit.pk)
    if fresh.stocks.filter(on_hand__gt=0).exists():
        raise IllegalMove("There is stock inside. Move it to another unit first.")
    if fresh.excursions.filter(state=ExcursionState.OPEN).exists():
        raise IllegalMove("An excursion of this unit is open. Close it first.")
    fresh.is_in_use = False
    fresh.save()
    return fresh


@transaction.atomic
def use_storage_unit_again(*, actor: Actor, unit: StorageUnit) -> StorageUnit:
    """Take a unit into use again."""
    actor.may(ORDER).or_raise()
    fresh = locked(StorageUnit.objects.all(), pk=unit.pk)
    fresh.is_in_use = True
    fresh.save()
    return fresh


def _check(actor: Actor, unit: StorageUnit) -> None:
    if not unit.name:
        raise InvalidInput("Name the unit.", field="name")
    if StorageUnit.objects.filter(site=unit.site, name__iexact=unit.name).exclude(pk=unit.pk).exists():
        raise InvalidInput("This site has a unit of this name.", field="name")
    limits = range_of(unit.kind, on=actor.today)
    for field, value in (("lowest", unit.lowest), ("highest", unit.highest)):
        if value is not None and not limits.lowest <= value <= limits.highest:
            raise InvalidInput(f"Own limits only make it narrower: {limits.words}.", field=field)
    if unit.lowest is not None and unit.highest is not None and unit.lowest >= unit.highest:
        raise InvalidInput("The highest limit lies above the lowest.", field="highest")


@transaction.atomic
def add_sensor(
    *,
    actor: Actor,
    unit: StorageUnit,
    serial: str,
    model_name: str = "",
    certificate_expires_on: date | None = None,
    file_column: str = "",
    file_scale: Scale | str = "",
    file_days: DayOrder | str = "",
) -> Sensor:
    """Make a data logger known, and how its files are read where they do not say it themselves."""
    actor.may(ORDER).or_raise()
    sensor = Sensor(
        unit=unit,
        serial=serial.strip(),
        model_name=model_name.strip(),
        certificate_expires_on=certificate_expires_on,
        file_column=file_column.strip(),
        file_scale=file_scale and Scale(file_scale),
        file_days=file_days and DayOrder(file_days),
    )
    _check_sensor(sensor)
    sensor.save()
    return sensor


@transaction.atomic
def change_sensor(
    *,
    actor: Actor,
    sensor: Sensor,
    unit: StorageUnit,
    serial: str,
    model_name: str,
    certificate_expires_on: date | None,
    file_column: str,
    file_scale: Scale | str,
    file_days: DayOrder | str,
) -> Sensor:
    """Put right what is known about a logger, or say that it stands in another unit from now on."""
    actor.may(ORDER).or_raise()
    fresh = locked(Sensor.objects.all(), pk=sensor.pk)
    fresh.unit, fresh.serial, fresh.model_name = unit, serial.strip(), model_name.strip()
    fresh.certificate_expires_on, fresh.file_column = certificate_expires_on, file_column.strip()
    fresh.file_scale = file_scale and Scale(file_scale)
    fresh.file_days = file_days and DayOrder(file_days)
    _check_sensor(fresh)
    fresh.save()
    return fresh


@transaction.atomic
def retire_sensor(*, actor: Actor, sensor: Sensor) -> Sensor:
    """Take a logger out of use; what it read stays."""
    actor.may(ORDER).or_raise()
    fresh = locked(Sensor.objects.all(), pk=sensor.pk)
    fresh.is_in_use = False
    fresh.save()
    return fresh


@transaction.atomic
def use_sensor_again(*, actor: Actor, sensor: Sensor) -> Sensor:
    """Take a logger into use again."""
    actor.may(ORDER).or_raise()
    fresh = locked(Sensor.objects.all(), pk=sensor.pk)
    fresh.is_in_use = True
    fresh.save()
    return fresh


def _check_sensor(sensor: Sensor) -> None:
    if not sensor.serial:
        raise InvalidInput("Type the serial number.", field="serial")
    known = Sensor.objects.filter(serial=sensor.serial).exclude(pk=sensor.pk).select_related("unit").first()
    if known:
        raise InvalidInput(f"This logger is known already, in {known.unit.name}.", field="serial")
