"""Writing down how cold it was: data loggers' files, and the reading twice a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.findings import NOTHING_CONFIRMED, Confirmations
from mainstay.foundation.moves import locked
from mainstay.inventory.actions.holding import report_excursion
from mainstay.inventory.errors import AlreadyLogged
from mainstay.inventory.lifecycle import ExcursionState
from mainstay.inventory.loggers import Problem, read_logger_file, serial_in
from mainstay.inventory.models import DailyReading, Excursion, Reading, Sensor, StorageUnit
from mainstay.inventory.permissions import LOG_TEMPERATURE
from mainstay.inventory.rules import OutOfRange, Scale, judge_daily, out_of_range, slot_of, to_celsius
from mainstay.inventory.rules.temperatures import Taken, read_degrees

LARGEST_FILE = 5_000_000
"""Bytes of a logger's file: a year of readings every five minutes."""
BATCH = 2_000
LONGEST_WITHOUT_READING = timedelta(hours=26)
"""A lowest and highest temperature count since the reading before it, at most since yesterday's."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of a logger's file."""

    added: int
    known: int
    problems: tuple[Problem, ...]
    excursion: Excursion | None


@transaction.atomic
def load_readings(
    *,
    actor: Actor,
    unit: StorageUnit,
    content: bytes | str,
    sensor: Sensor | None = None,
    scale: Scale | str | None = None,
) -> Loaded:
    """Take in a data logger's file. The same file twice adds nothing; a stretch out of range becomes an excursion.

    It is read as its logger's files are (`Sensor.file_column` and the rest): the logger named by the caller or by the
    file, else the only one of the unit. Raises `InvalidInput` for what is no logger's file, one too large, one that
    does not say its scale, one that names a logger of another unit, or none where the unit has several.
    """
    actor.may(LOG_TEMPERATURE).or_raise()
    if len(content) > LARGEST_FILE:
        raise InvalidInput("This file is larger than a year of readings. Export less at a time.", field="file")
    whole = locked(StorageUnit.objects.select_related("site"), pk=unit.pk)
    logger = sensor or _logger_named(serial_in(content), whole)
    file = read_logger_file(
        content,
        zone=whole.site.zone,
        scale=scale or (logger.file_scale if logger else None) or None,
        now=actor.now,
        column=logger.file_column if logger else "",
        days=(logger.file_days if logger else None) or None,
    )
    before = Reading.objects.filter(unit=whole).count()
    Reading.objects.bulk_create(
        [
            Reading(
                unit=whole,
                sensor=logger,
                taken_at=r.at,
                celsius=r.celsius,
                as_written=r.as_written,
                scale=r.scale,
                loaded_at=actor.now,
                loaded_by_id=actor.staff_id,
            )
            for r in file.readings
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    added = Reading.objects.filter(unit=whole).count() - before
    limits = whole.limits_over_time(on=actor.today)
    taken = (
        Taken(r.at, r.celsius, read_degrees(r.as_written) if r.scale is Scale.FAHRENHEIT else None)
        for r in file.readings
    )
    stretches = _not_known_yet(whole, out_of_range(taken, limits))
    return Loaded(added, len(file.readings) - added, file.problems, _reported(actor, whole, stretches))


def _logger_named(serial: str, unit: StorageUnit) -> Sensor | None:
    if not serial:
        return _only_logger(unit)
    known = Sensor.objects.filter(serial=serial).select_related("unit__site").first()
    if known and known.unit_id != unit.pk:
        raise InvalidInput(
            f"This file is of logger {serial} in {known.unit.name} at {known.unit.site.name}, not of {unit.name}.",
            field="file",
        )
    return known


def _only_logger(unit: StorageUnit) -> Sensor | None:
    inside = list(unit.sensors.filter(is_in_use=True)[:2])
    if len(inside) > 1:
        raise InvalidInput("The file does not say which logger wrote it. Choose it.", field="sensor")
    return inside[0] if inside else None


def _not_known_yet(unit: StorageUnit, stretches: list[OutOfRange]) -> list[OutOfRange]:
    """Stretches that no closed excursion covers: what was decided is not opened again by the same file."""
    closed = Excursion.objects.filter(unit=unit).exclude(state=ExcursionState.OPEN)
    spans = [(e.began_at, e.ended_at) for e in closed if e.ended_at]
    return [s for s in stretches if not any(begin <= s.began_at <= end and s.last_at <= end for begin, end in spans)]


def _reported(actor: Actor, unit: StorageUnit, stretches: list[OutOfRange]) -> Excursion | None:
    excursion = None
    for stretch in stretches:
        excursion = report_excursion(
            actor=actor,
            unit=unit,
            began_at=stretch.began_at,
            ended_at=stretch.ended_at,
            lowest=stretch.lowest,
            highest=stretch.highest,
            found_how="logger",
        )
    return excursion


@transaction.atomic
def log_daily_reading(
    *,
    actor: Actor,
    unit: StorageUnit,
    lowest: Decimal,
    highest: Decimal,
    present: Decimal,
    scale: Scale | str,
    initials: str,
    action_taken: str = "",
    confirmed: Confirmations = NOTHING_CONFIRMED,
) -> DailyReading:
    """Write down lowest, highest and present temperature for this half-day, and for no other.

    What was missed stays blank. Out of range it is saved only with what was done at once, and becomes an excursion.
    Raises `AlreadyLogged` where this half-day has its reading.
    """
    actor.may(LOG_TEMPERATURE).or_raise()
    whole = locked(StorageUnit.objects.select_related("site"), pk=unit.pk)
    if not initials.strip():
        raise InvalidInput("Sign with your initials.", field="initials")
    day, slot = slot_of(actor.now, whole.site.zone)
    if DailyReading.objects.filter(unit=whole, day=day, slot=slot).exists():
        raise AlreadyLogged()
    limits = whole.limits(on=day)
    findings = judge_daily(lowest, highest, present, scale, limits)
    confirmed.answer(findings)
    done = confirmed.reason_for("out_of_range") or action_taken.strip()
    before = DailyReading.objects.filter(unit=whole).order_by("-read_at").first()
    in_celsius = [to_celsius(value, scale) for value in (lowest, highest, present)]
    reading = DailyReading.objects.create(
        unit=whole,
        day=day,
        slot=slot,
        lowest=in_celsius[0],
        highest=in_celsius[1],
        present=in_celsius[2],
        as_written=f"{lowest} to {highest}, now {present}",
        scale=Scale(scale),
        initials=initials.strip().upper()[:6],
        action_taken=done[:300],
        read_at=actor.now,
        read_by_id=actor.staff_id,
    )
    is_cold_now = not judge_daily(present, present, present, scale, limits)
    if findings:
        report_excursion(
            actor=actor,
            unit=whole,
            began_at=_since(before, actor.now),
            ended_at=actor.now if is_cold_now else None,
            lowest=in_celsius[0],
            highest=in_celsius[1],
            immediate_action=done,
        )
    elif is_cold_now:
        _back_in_range(actor, whole)
    return reading


def _since(before: DailyReading | None, now: datetime) -> datetime:
    return max(before.read_at, now - LONGEST_WITHOUT_READING) if before else now - LONGEST_WITHOUT_READING


def _back_in_range(actor: Actor, unit: StorageUnit) -> None:
    warm = Excursion.objects.select_for_update().filter(unit=unit, state=ExcursionState.OPEN, ended_at=None).first()
    if warm:
        warm.ended_at = actor.now
        warm.save()
