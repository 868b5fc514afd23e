"""Lots, how much of each is where, every movement, and who had what."""

from __future__ import annotations

import uuid
from enum import StrEnum
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from mainstay.foundation import clock
from mainstay.foundation.constraints import both_or_neither, one_of
from mainstay.foundation.history import append_only, never_deleted, tracked
from mainstay.foundation.records import Record
from mainstay.inventory.lifecycle import Funding
from mainstay.inventory.models.catalog import Item
from mainstay.inventory.models.storage import StorageUnit
from mainstay.people.models import Patient


@tracked()
class Lot(Record):
    """One lot of an item bought with one fund. The same lot number under two funds is two lots: pools never mix."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="lots")
    lot_number = models.CharField(max_length=30)
    expires_on = models.DateField()
    funding = models.CharField(max_length=8, choices=[(f, f.label) for f in Funding])

    class Meta:
        ordering: ClassVar = ["expires_on", "lot_number"]
        indexes: ClassVar = [models.Index(fields=["lot_number"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "lot_number", "funding"], name="one_lot_per_fund"),
            one_of("funding", Funding, name="lot_funding_exists"),
        ]

    def __str__(self) -> str:
        return f"{self.item.name} lot {self.lot_number}"


ON_HAND_ONLY_BY_MOVEMENT = """
    IF TG_OP = 'INSERT' AND NEW.on_hand <> 0 THEN
        RAISE EXCEPTION 'stock begins at nothing and changes by movements' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.on_hand IS DISTINCT FROM OLD.on_hand AND pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'stock changes only by a movement' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
MOVE_THE_STOCK = """
    UPDATE inventory_stock SET on_hand = on_hand + NEW.doses WHERE id = NEW.stock_id;
    RETURN NULL;
"""


class Stock(Record):
    """How many doses of one lot are in one storage unit. Only an inserted `Movement` changes it, by trigger."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="stocks")
    unit = models.ForeignKey(StorageUnit, on_delete=models.PROTECT, related_name="stocks")
    on_hand = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lot", "unit"], name="one_stock_per_lot_and_unit"),
            models.CheckConstraint(condition=Q(on_hand__gte=0), name="stock_never_negative"),
        ]
        triggers: ClassVar = [
            never_deleted(),
            pgtrigger.Trigger(
                name="on_hand_only_by_movement",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=ON_HAND_ONLY_BY_MOVEMENT,
            ),
        ]


@tracked()
class OpenVial(Record):
    """A multi-dose vial in use: when it was opened, until when it may be used, what is left in it."""

    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="vials")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    beyond_use_at = models.DateTimeField(null=True, blank=True)
    doses_left = models.IntegerField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_because = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["stock"], condition=Q(closed_at__isnull=True), name="vial_in_use")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(doses_left__gte=0), name="vial_never_negative"),
        ]


class MovementKind(StrEnum):
    """Why doses came or went."""

    RECEIVED = "received"
    DRAWN = "drawn"
    RETURNED = "returned"
    WASTED = "wasted"
    MOVED_OUT = "moved_out"
    MOVED_IN = "moved_in"
    ADJUSTED = "adjusted"
    COUNTED = "counted"
    BORROWED_OUT = "borrowed_out"
    BORROWED_IN = "borrowed_in"
    REPLACED_OUT = "replaced_out"
    REPLACED_IN = "replaced_in"
    EXPIRED = "expired"
    SPOILED = "spoiled"
    SENT_BACK = "sent_back"


INCOMING = ("received", "returned", "moved_in", "borrowed_in", "replaced_in")
OUTGOING = ("drawn", "wasted", "moved_out", "borrowed_out", "replaced_out", "expired", "spoiled", "sent_back")


class Movement(models.Model):
    """Doses that came (+) or went (−), why, by whom. Append-only; inserting one changes the stock.

    `act` groups the movements of one act, such as both sides of a transfer.
    """

    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=14)
    doses = models.IntegerField()
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    act = models.UUIDField(default=uuid.uuid4)

    @property
    def kind_words(self) -> str:
        """The kind as people say it."""
        return self.kind.replace("_", " ")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["stock", "at"]), models.Index(fields=["act"])]
        constraints: ClassVar = [
            one_of("kind", MovementKind, name="movement_kind_exists"),
            models.CheckConstraint(
                condition=Q(kind__in=INCOMING, doses__gt=0)
                | Q(kind__in=OUTGOING, doses__lt=0)
                | (Q(kind__in=["adjusted", "counted"]) & ~Q(doses=0)),
                name="movement_goes_the_right_way",
            ),
        ]
        triggers: ClassVar = [
            append_only(),
            pgtrigger.Trigger(
                name="moves_the_stock", when=pgtrigger.After, operation=pgtrigger.Insert, func=MOVE_THE_STOCK
            ),
        ]


@tracked()
class Draw(Record):
    """Doses of one lot used for one patient: the lineage. `used_for` is the public id of what they are for.

    A draw that was a mistake is returned (`return_draw`), never erased.
    """

    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="draws")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="draws")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="drawn_stock")
    used_for = models.UUIDField()
    doses = models.PositiveSmallIntegerField(default=1)
    vial = models.ForeignKey(OpenVial, null=True, on_delete=models.PROTECT, related_name="draws")
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    movement = models.OneToOneField(Movement, on_delete=models.PROTECT, related_name="draw")
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    return_reason = models.CharField(max_length=300, blank=True)
    return_movement = models.OneToOneField(Movement, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["lot", "drawn_at"]), models.Index(fields=["patient"])]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["used_for", "stock"], condition=Q(returned_at__isnull=True), name="one_draw_per_use_and_stock"
            ),
            both_or_neither("returned_at", "return_movement", name="draw_returned_by_a_movement"),
            models.CheckConstraint(condition=Q(doses__gte=1), name="draw_takes_something"),
        ]
