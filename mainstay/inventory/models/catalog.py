"""What can be in stock, how its packages are marked, and how much of it each site wants."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from mainstay.foundation.constraints import one_of
from mainstay.foundation.history import tracked
from mainstay.foundation.records import Record
from mainstay.inventory.models.storage import StorageKind
from mainstay.practice.models import Site


class ItemKind(StrEnum):
    """What an item is."""

    VACCINE = "vaccine"
    ANTIBODY = "antibody"
    DRUG = "drug"
    TEST_KIT = "test_kit"
    KIT = "kit"
    SUPPLY = "supply"


class Presentation(StrEnum):
    """How an item comes out of its box."""

    SINGLE_DOSE_VIAL = "single_dose_vial"
    MULTI_DOSE_VIAL = "multi_dose_vial"
    PREFILLED_SYRINGE = "prefilled_syringe"
    NASAL_SPRAYER = "nasal_sprayer"
    ORAL_APPLICATOR = "oral_applicator"
    EACH = "each"


PRESENTED = {
    Presentation.SINGLE_DOSE_VIAL: "single-dose vial",
    Presentation.MULTI_DOSE_VIAL: "multi-dose vial",
    Presentation.PREFILLED_SYRINGE: "prefilled syringe",
    Presentation.NASAL_SPRAYER: "nasal sprayer",
    Presentation.ORAL_APPLICATOR: "oral applicator",
    Presentation.EACH: "each",
}


@tracked()
class Item(Record):
    """A product as it is stocked; vaccines by CVX and MVX. Counted in doses, other things in their own unit.

    `hours_after_opening` is how long an opened multi-dose vial may be used; None means until it expires.
    """

    kind = models.CharField(max_length=12, choices=[(k, k.replace("_", " ")) for k in ItemKind])
    name = models.CharField(max_length=120, unique=True)
    cvx = models.CharField(max_length=4, blank=True)
    mvx = models.CharField(max_length=6, blank=True)
    ndc = models.CharField(max_length=11, blank=True)
    presentation = models.CharField(
        max_length=20, choices=[(p, PRESENTED[p]) for p in Presentation], default=Presentation.SINGLE_DOSE_VIAL
    )
    doses_per_vial = models.PositiveSmallIntegerField(default=1)
    hours_after_opening = models.PositiveIntegerField(null=True, blank=True)
    storage = models.CharField(
        max_length=12, choices=[(k, k.replace("_", " ")) for k in StorageKind], default=StorageKind.REFRIGERATOR
    )
    counted_in = models.CharField(max_length=20, default="dose")
    vendor = models.CharField(max_length=80, blank=True)
    is_stocked = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["name"]
        indexes: ClassVar = [models.Index(fields=["cvx"])]
        constraints: ClassVar = [
            one_of("kind", ItemKind, name="item_kind_exists"),
            one_of("presentation", Presentation, name="item_presentation_exists"),
            one_of("storage", StorageKind, name="item_storage_exists"),
            models.CheckConstraint(condition=Q(doses_per_vial__gte=1), name="a_vial_has_doses"),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class PackageCode(models.Model):
    """A number printed on one of an item's packages: the vial's GTIN, the carton's; with the doses inside."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="package_codes")
    gtin = models.CharField(max_length=14)
    doses = models.PositiveSmallIntegerField(default=1)
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["gtin"], condition=Q(is_current=True), name="one_item_per_gtin")
        ]


@tracked()
class ParLevel(models.Model):
    """How much of an item a site wants: below `at_least`, order up to `order_up_to`. Held stock does not count."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="par_levels")
    funding = models.CharField(max_length=8, blank=True)
    at_least = models.PositiveIntegerField()
    order_up_to = models.PositiveIntegerField()
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "item", "funding"], condition=Q(is_current=True), name="one_par_level"
            ),
            models.CheckConstraint(condition=Q(order_up_to__gte=F("at_least")), name="par_orders_upwards"),
        ]
