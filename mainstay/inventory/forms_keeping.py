"""What people type about the lists: items, their packages and levels, storage units, data loggers."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.foundation.fields import DayField
from mainstay.inventory.forms import SCALES, ChoiceOf, DegreesField, named
from mainstay.inventory.lifecycle import Funding
from mainstay.inventory.loggers import DayOrder
from mainstay.inventory.models import Item, ItemKind, Presentation, Sensor, StorageKind, StorageUnit
from mainstay.inventory.rules import to_celsius
from mainstay.practice.models import Site

KINDS = [
    (ItemKind.VACCINE, _("Vaccine")),
    (ItemKind.ANTIBODY, _("Antibody")),
    (ItemKind.DRUG, _("Drug")),
    (ItemKind.TEST_KIT, _("Test kit")),
    (ItemKind.KIT, _("Kit")),
    (ItemKind.SUPPLY, _("Supply")),
]
PRESENTATIONS = [
    (Presentation.PREFILLED_SYRINGE, _("Prefilled syringe")),
    (Presentation.SINGLE_DOSE_VIAL, _("Single-dose vial")),
    (Presentation.MULTI_DOSE_VIAL, _("Multi-dose vial")),
    (Presentation.NASAL_SPRAYER, _("Nasal sprayer")),
    (Presentation.ORAL_APPLICATOR, _("Oral applicator")),
    (Presentation.EACH, _("Each")),
]
STORAGES = [
    (StorageKind.REFRIGERATOR, _("Refrigerator")),
    (StorageKind.FREEZER, _("Freezer")),
    (StorageKind.ULTRA_COLD, _("Ultra-cold freezer")),
    (StorageKind.ROOM, _("Room temperature")),
]
DAYS = [
    ("", _("Find it out from the file")),
    (DayOrder.MONTH_FIRST, _("Month first, 3/5 is March 5")),
    (DayOrder.DAY_FIRST, _("Day first, 3/5 is May 3")),
]
OWN = ("name", "kind", "cvx", "mvx", "ndc", "presentation", "doses_per_vial", "hours_after_opening", "storage",
       "counted_in", "vendor")  # fmt: skip


class ItemForm(forms.Form):
    """A product as it is stocked."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("As people here say it, with the brand."))
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    cvx = forms.RegexField(
        r"^[0-9]{2,3}$", label=_("CVX code"), required=False, help_text=_("For a vaccine."),
        error_messages={"invalid": _("A CVX code is two or three digits.")},
    )  # fmt: skip
    mvx = forms.CharField(label=_("Maker (MVX code)"), max_length=6, required=False)
    ndc = forms.CharField(label=_("NDC"), max_length=16, required=False, help_text=_("11 digits, 5-4-2."))
    presentation = forms.ChoiceField(label=_("Comes as"), choices=PRESENTATIONS)
    doses_per_vial = forms.IntegerField(label=_("Doses in a vial"), min_value=1, max_value=1000, initial=1)
    hours_after_opening = forms.IntegerField(
        label=_("Hours an opened vial may be used"), min_value=1, max_value=20000, required=False,
        help_text=_("Empty: until it expires."),
    )  # fmt: skip
    storage = forms.ChoiceField(label=_("Kept in"), choices=STORAGES)
    counted_in = forms.CharField(label=_("Counted in"), max_length=20, initial="dose", help_text=_("dose, test, each"))
    vendor = forms.CharField(label=_("Usually ordered from"), max_length=80, required=False)

    def __init__(self, *args: Any, item: Item | None = None, **kwargs: Any) -> None:
        if item is not None:
            kwargs["initial"] = {name: getattr(item, name) for name in OWN} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)


class PackageForm(forms.Form):
    """A number printed on a package."""

    gtin = forms.CharField(label=_("GTIN, scanned or typed"), max_length=14)
    doses = forms.IntegerField(label=_("Doses in the package"), min_value=1, max_value=20000, initial=1)


class ParForm(forms.Form):
    """How much of an item a site wants."""

    site = forms.ChoiceField(label=_("At"))
    at_least = forms.IntegerField(label=_("At least"), min_value=0, max_value=20000)
    order_up_to = forms.IntegerField(label=_("Order up to"), min_value=0, max_value=20000)

    def __init__(
        self, *args: Any, sites: Iterable[Site] = (), funds: Iterable[Funding] = tuple(Funding), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        every = [("", _("all funds")), *named(funds)]
        self.fields["funding"] = forms.ChoiceField(label=_("Of"), choices=every, required=False)
        self.fields["site"] = ChoiceOf(label=_("At"), things=sites, label_of=lambda site: site.name)


class LimitsForm(forms.Form):
    """Limits of a unit's own, in either scale."""

    lowest = DegreesField(label=_("Own lowest limit"), required=False)
    highest = DegreesField(label=_("Own highest limit"), required=False)
    scale = forms.ChoiceField(label=_("Scale"), choices=SCALES, widget=forms.RadioSelect, initial="F")

    def limits(self) -> dict[str, Decimal | None]:
        """Both limits in °C."""
        typed = self.cleaned_data
        return {
            name: None if typed[name] is None else to_celsius(typed[name], typed["scale"])
            for name in ("lowest", "highest")
        }


class UnitForm(LimitsForm):
    """A new storage unit."""

    name = forms.CharField(label=_("Name on its door"), max_length=60)
    site = forms.ChoiceField(label=_("Site"))
    kind = forms.ChoiceField(label=_("Kind"), choices=STORAGES)
    field_order = ("name", "site", "kind", "lowest", "highest", "scale")

    def __init__(self, *args: Any, sites: Iterable[Site] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"] = ChoiceOf(label=_("Site"), things=sites, label_of=lambda site: site.name)
        self.order_fields(self.field_order)

    def arguments(self) -> dict[str, Any]:
        """What `add_storage_unit` takes."""
        return {name: self.cleaned_data[name] for name in ("name", "site", "kind")} | self.limits()


class UnitChangeForm(LimitsForm):
    """What of a storage unit may change."""

    name = forms.CharField(label=_("Name on its door"), max_length=60)
    field_order = ("name", "lowest", "highest", "scale")

    def __init__(self, *args: Any, unit: StorageUnit, **kwargs: Any) -> None:
        first = {"name": unit.name, "lowest": unit.lowest, "highest": unit.highest}
        first |= {"scale": "C"} if unit.lowest is not None or unit.highest is not None else {}
        super().__init__(*args, initial=first, **kwargs)

    def arguments(self) -> dict[str, Any]:
        """What `change_storage_unit` takes."""
        return {"name": self.cleaned_data["name"]} | self.limits()


class SensorForm(forms.Form):
    """A data logger, and how its files are read."""

    serial = forms.CharField(label=_("Serial number"), max_length=40)
    model_name = forms.CharField(label=_("Make and model"), max_length=60, required=False)
    unit = forms.ChoiceField(label=_("Stands in"))
    certificate_expires_on = DayField(label=_("Certificate of calibration ends"), prefer="future", required=False)
    file_column = forms.CharField(
        label=_("Column of its temperatures"), max_length=40, required=False,
        help_text=_("Its heading in the file, if the logger has several probes."),
    )  # fmt: skip
    file_scale = forms.ChoiceField(
        label=_("Its files count in"), choices=[("", _("The file says it")), *SCALES], required=False
    )
    file_days = forms.ChoiceField(label=_("Its files write days"), choices=DAYS, required=False)

    def __init__(
        self, *args: Any, units: Iterable[StorageUnit] = (), sensor: Sensor | None = None, **kwargs: Any
    ) -> None:
        if sensor is not None:
            names = ("serial", "model_name", "certificate_expires_on", "file_column", "file_scale", "file_days")
            kwargs["initial"] = {name: getattr(sensor, name) for name in names} | {"unit": str(sensor.unit_id)}
        super().__init__(*args, **kwargs)
        self.fields["unit"] = ChoiceOf(
            label=_("Stands in"), things=units, label_of=lambda unit: f"{unit.name}, {unit.site.name}"
        )
        self.order_fields(["serial", "model_name", "unit"])
