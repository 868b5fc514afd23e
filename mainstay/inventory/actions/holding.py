"""Holding stock that must not be used, and deciding about it: excursions, and the verdict lot by lot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.moves import begin, locked, take_step
from mainstay.foundation.outbox import publish
from mainstay.inventory.actions.moving import keep_vials_within, move, watch_par
from mainstay.inventory.actions.telling import owe_recalled_stock
from mainstay.inventory.events import UnitOutOfRange
from mainstay.inventory.lifecycle import ExcursionState, excursion_lifecycle
from mainstay.inventory.models import (
    Excursion,
    Hold,
    Lot,
    Movement,
    MovementKind,
    Recall,
    Stock,
    StorageUnit,
    Verdict,
)
from mainstay.inventory.permissions import DECIDE, LOG_TEMPERATURE
from mainstay.inventory.rules import Scale, to_celsius
from mainstay.inventory.rules.temperatures import spell_span
from mainstay.work.actions import finish_cause

LONGEST_UNKNOWN = timedelta(hours=26)
"""How far back an excursion is taken to reach where no reading says more."""

GONE: dict[Verdict, MovementKind] = {Verdict.DISCARD: MovementKind.SPOILED, Verdict.SEND_BACK: MovementKind.SENT_BACK}


@transaction.atomic
def report_excursion(
    *,
    actor: Actor,
    unit: StorageUnit,
    began_at: datetime,
    lowest: Decimal,
    highest: Decimal,
    ended_at: datetime | None = None,
    found_how: str = "reading",
    immediate_action: str = "",
) -> Excursion:
    """A unit is or was out of range: mark it DO NOT USE and hold everything that was inside since, also if moved on.

    Temperatures in °C. While an excursion of the unit is open it is widened instead of a second one made.
    """
    actor.may(LOG_TEMPERATURE).or_raise()
    locked(StorageUnit.objects.all(), pk=unit.pk)
    there = Excursion.objects.select_for_update().filter(unit=unit, state=ExcursionState.OPEN).first()
    if there:
        return _widened(actor, there, began_at, ended_at, lowest, highest)
    excursion = Excursion.objects.create(
        unit=unit,
        began_at=began_at,
        ended_at=ended_at,
        lowest=lowest,
        highest=highest,
        found_how=found_how,
        found_at=actor.now,
        found_by_id=actor.staff_id,
        immediate_action=immediate_action.strip()[:300],
    )
    begin(excursion, excursion_lifecycle, actor=actor)
    _hold_what_was_inside(actor, excursion)
    publish(UnitOutOfRange(excursion_id=excursion.pk))
    return excursion


@transaction.atomic
def report_warm_unit(
    *, actor: Actor, unit: StorageUnit, temperature: Decimal, scale: Scale | str, immediate_action: str
) -> Excursion:
    """Somebody finds a unit out of range now: it counts from the last reading that was in range.

    Raises `InvalidInput` for a temperature that is within the range.
    """
    limits = unit.limits(on=actor.today)
    celsius = to_celsius(temperature, scale)
    if limits.holds(celsius, fahrenheit=temperature if Scale(scale) is Scale.FAHRENHEIT else None):
        raise InvalidInput(f"This is within {limits.words}.", field="temperature")
    within = unit.readings.filter(celsius__range=(limits.lowest, limits.highest))
    logged = within.order_by("-taken_at").values_list("taken_at", flat=True).first()
    typed = unit.daily_readings.order_by("-read_at").values_list("read_at", flat=True).first()
    known = [at for at in (logged, typed) if at is not None]
    return report_excursion(
        actor=actor,
        unit=unit,
        began_at=max([*known, actor.now - LONGEST_UNKNOWN]),
        lowest=celsius,
        highest=celsius,
        immediate_action=immediate_action,
    )


def _widened(
    actor: Actor, there: Excursion, began_at: datetime, ended_at: datetime | None, lowest: Decimal, highest: Decimal
) -> Excursion:
    there.began_at = min(there.began_at, began_at)
    there.lowest, there.highest = min(there.lowest, lowest), max(there.highest, highest)
    there.ended_at = max(there.ended_at or ended_at, ended_at) if ended_at else None
    there.save()
    _hold_what_was_inside(actor, there)
    return there


def _hold_what_was_inside(actor: Actor, excursion: Excursion) -> None:
    """Hold what is in the unit, and what was taken from it to another since it went out of range."""
    left = Movement.objects.filter(
        stock__unit=excursion.unit_id, kind=MovementKind.MOVED_OUT, at__gte=excursion.began_at
    ).values("act")
    elsewhere = Movement.objects.filter(act__in=left, kind=MovementKind.MOVED_IN).values("stock")
    inside = Stock.objects.filter(unit=excursion.unit_id) | Stock.objects.filter(pk__in=elsewhere)
    hold_stocks(
        actor,
        inside.filter(on_hand__gt=0),
        reason=f"{excursion.unit.name} was {spell_span(excursion.lowest, excursion.highest)}.",
        excursion=excursion,
    )


def hold_newcomers(actor: Actor, unit: StorageUnit) -> None:
    """Hold what has come into the books of a unit while an excursion of it is open, or although it is recalled."""
    there = Excursion.objects.select_related("unit").filter(unit=unit, state=ExcursionState.OPEN).first()
    if there:
        _hold_what_was_inside(actor, there)
    inside = Stock.objects.filter(unit=unit, on_hand__gt=0).select_related("lot")
    for recall in Recall.objects.filter(item__lots__stocks__in=inside).distinct():
        found = [stock for stock in inside if _is_of(recall, stock.lot)]
        if held := hold_stocks(actor, found, reason=f"Recalled: {recall.reason}", recall=recall):
            owe_recalled_stock(actor, recall, unit.site, doses=sum(hold.doses for hold in held))


def _is_of(recall: Recall, lot: Lot) -> bool:
    return lot.item_id == recall.item_id and lot.lot_number.upper() == recall.lot_number.upper()


def hold_stocks(
    actor: Actor,
    stocks: Iterable[Stock],
    *,
    reason: str,
    excursion: Excursion | None = None,
    recall: Recall | None = None,
) -> list[Hold]:
    """Lock stock rows and hold those that are not held for the same cause yet."""
    rows = list(Stock.objects.select_for_update().filter(pk__in=[s.pk for s in stocks]).order_by("pk"))
    same = Hold.objects.filter(excursion=excursion, recall=recall, lifted_at=None)
    held = set(same.values_list("stock_id", flat=True))
    return Hold.objects.bulk_create(
        Hold(
            stock=stock,
            excursion=excursion,
            recall=recall,
            reason=reason[:300],
            doses=stock.on_hand,
            placed_at=actor.now,
            placed_by_id=actor.staff_id,
        )
        for stock in rows
        if stock.pk not in held
    )


@transaction.atomic
def decide_hold(
    *, actor: Actor, hold: Hold, verdict: Verdict | str, said_by: str, reference: str = "", note: str = ""
) -> Hold:
    """Write down what the manufacturer or program said about one held lot; what is not usable leaves the stock.

    With the last verdict of an excursion the excursion is decided. Raises `IllegalMove` for a hold already decided.
    """
    actor.may(DECIDE).or_raise()
    if not said_by.strip():
        raise InvalidInput("Say who gave the verdict: manufacturer, program, and the name.", field="said_by")
    decided = Verdict(verdict)
    stock = Stock.objects.select_for_update().select_related("lot__item", "unit__site").get(pk=hold.stock_id)
    fresh = locked(Hold.objects.all(), pk=hold.pk)
    if fresh.lifted_at:
        raise IllegalMove("There is a verdict for this already.")
    if fresh.recall_id and decided is Verdict.USABLE:
        raise InvalidInput("A recalled lot does not become usable. Send it back or discard it.", field="verdict")
    if decided in GONE and stock.on_hand:
        gone = stock.on_hand
        move(actor, stock, GONE[decided], -gone, reason=f"{fresh.reason} {said_by.strip()}: {decided}.")
        keep_vials_within(actor, stock)
        watch_par(actor, [stock], doses=gone)
    _lift(actor, fresh, decided, said_by, reference, note)
    if fresh.excursion_id:
        _settle_when_all_decided(actor, locked(Excursion.objects.all(), pk=fresh.excursion_id), note)
    return fresh


@transaction.atomic
def decide_holds(
    *, actor: Actor, holds: Sequence[Hold], verdict: Verdict | str, said_by: str, reference: str = "", note: str = ""
) -> list[Hold]:
    """Write down one answer that holds for several lots, as a manufacturer gives it for all it makes."""
    return [
        decide_hold(actor=actor, hold=hold, verdict=verdict, said_by=said_by, reference=reference, note=note)
        for hold in sorted(holds, key=lambda hold: hold.stock_id)
    ]


@transaction.atomic
def decide_excursion(*, actor: Actor, excursion: Excursion, note: str) -> Excursion:
    """Close an excursion of a unit with nothing inside. Raises `IllegalMove` while a lot waits for its verdict."""
    actor.may(DECIDE).or_raise()
    fresh = locked(Excursion.objects.all(), pk=excursion.pk)
    if fresh.holds.filter(lifted_at=None).exists():
        raise IllegalMove("A lot still waits for its verdict.")
    _settle_when_all_decided(actor, fresh, note)
    return fresh


@transaction.atomic
def dismiss_excursion(*, actor: Actor, excursion: Excursion, reason: str) -> Excursion:
    """It was no excursion (a probe on the counter, a wrong file): lift every hold, with the reason."""
    if not reason.strip():
        raise InvalidInput("Say why this was no excursion.", field="reason")
    fresh = locked(Excursion.objects.all(), pk=excursion.pk)
    take_step(fresh, excursion_lifecycle, "dismiss", actor=actor, reason=reason.strip()[:300])
    fresh.save()
    for hold in Hold.objects.select_for_update().filter(excursion=fresh, lifted_at=None):
        _lift(actor, hold, Verdict.USABLE, actor.name, "", f"No excursion: {reason.strip()}")
    finish_cause(actor=actor, once_key=f"excursion:{fresh.pk}", outcome=f"No excursion: {reason.strip()}")
    return fresh


def _settle_when_all_decided(actor: Actor, excursion: Excursion, note: str) -> None:
    waiting = excursion.holds.filter(lifted_at=None).exists()
    if waiting or excursion.state != ExcursionState.OPEN:
        return
    take_step(excursion, excursion_lifecycle, "decide", actor=actor, reason=note.strip()[:300])
    excursion.ended_at = excursion.ended_at or actor.now
    excursion.save()
    finish_cause(actor=actor, once_key=f"excursion:{excursion.pk}", outcome="Every lot has its verdict.")


def _lift(actor: Actor, hold: Hold, verdict: Verdict, said_by: str, reference: str, note: str) -> None:
    hold.verdict, hold.verdict_by = verdict, said_by.strip()[:120]
    hold.verdict_reference, hold.note = reference.strip()[:60], note.strip()[:300]
    hold.lifted_at, hold.lifted_by_id = actor.now, actor.staff_id
    hold.save()
