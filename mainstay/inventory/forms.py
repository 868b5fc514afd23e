"""What people type about stock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.fields import DayField
from mainstay.inventory.lifecycle import Funding
from mainstay.inventory.models import Item, OrderLine, Sensor, Stock, StorageUnit, Verdict
from mainstay.inventory.rules.reasons import reasons
from mainstay.inventory.rules.temperatures import read_degrees
from mainstay.workforce.models import Staff

SCALES = [("F", "°F"), ("C", "°C")]
CHOOSE = [("", _("Choose"))]


class ChoiceOf(forms.ChoiceField):
    """One of some records, by their key; the record itself once it is read."""

    def __init__(self, *, things: Iterable[Any] = (), label_of: Any = str, **kwargs: Any) -> None:
        self.known = {str(thing.pk): thing for thing in things}
        choices = [*CHOOSE, *((pk, label_of(thing)) for pk, thing in self.known.items())]
        super().__init__(choices=choices, **kwargs)

    def to_python(self, value: Any) -> Any:
        """The key, checked by the choices."""
        return str(value) if value not in self.empty_values else ""

    def clean(self, value: Any) -> Any:
        """The record, or None where none need be chosen."""
        return self.known.get(super().clean(value))


def named(funds: Iterable[Funding]) -> list[tuple[str, str]]:
    """Funds, in a list to choose from."""
    return [(fund.value, str(fund.label)) for fund in funds]


def described(stock: Stock) -> str:
    """A lot in a unit, in a list to choose from."""
    fund = Funding(stock.lot.funding).label
    return f"{stock.lot.item.name} · {stock.lot.lot_number} · {fund} · {stock.unit.name}: {stock.on_hand}"


def reasons_for(kind: str) -> list[tuple[str, str]]:
    """The reasons of a kind, to choose from."""
    return [("", str(_("Choose"))), *((r.code, r.title) for r in reasons(kind).values())]


class DegreesField(forms.Field):
    """A temperature as it is read from a display."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Any:
        """The number; a clear sentence for what is none."""
        if value in self.empty_values:
            return None
        try:
            return read_degrees(str(value))
        except InvalidInput as error:
            raise ValidationError(error.message) from None


class ReceiveForm(forms.Form):
    """What came: scanned, or typed from the label."""

    item = forms.ChoiceField(label=_("Item"))
    lot_number = forms.CharField(label=_("Lot number"), max_length=30)
    expires_on = DayField(label=_("Expires"), prefer="future")
    doses = forms.IntegerField(label=_("Doses"), min_value=1, max_value=20000)
    funding = forms.ChoiceField(label=_("Bought with"))
    unit = forms.ChoiceField(label=_("Put into"))
    order_line = forms.ChoiceField(label=_("For the order"), required=False)
    note = forms.CharField(label=_("Note: cold chain, packing"), max_length=300, required=False)
    gtin = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        items: Iterable[Item] = (),
        units: Iterable[StorageUnit] = (),
        lines: Iterable[OrderLine] = (),
        funds: Iterable[Funding] = tuple(Funding),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        old = self.fields
        old["funding"].choices = [*CHOOSE, *named(funds)]
        old["item"] = ChoiceOf(label=_("Item"), things=items)
        old["unit"] = ChoiceOf(label=_("Put into"), things=units, label_of=lambda u: f"{u.name}, {u.site.name}")
        old["order_line"] = ChoiceOf(
            label=_("For the order"),
            things=lines,
            required=False,
            label_of=lambda line: f"{line.item.name}: {line.to_come} to come ({line.order.vendor} {line.order.number})",
        )

    def arguments(self) -> dict[str, Any]:
        """What `receive_stock` takes."""
        return {key: value for key, value in self.cleaned_data.items() if key != "gtin"}


class WasteForm(forms.Form):
    """Doses lost."""

    doses = forms.IntegerField(label=_("Doses"), min_value=1, max_value=500, initial=1)
    reason = forms.ChoiceField(label=_("Why"))
    note = forms.CharField(label=_("What happened"), max_length=300, required=False)
    witness = forms.ChoiceField(label=_("Seen by"), required=False)

    def __init__(self, *args: Any, people: Iterable[Staff] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = reasons_for("waste")
        self.fields["witness"] = ChoiceOf(
            label=_("Seen by"), things=people, required=False, label_of=lambda person: person.shown_name
        )


class MoveForm(forms.Form):
    """To another unit."""

    to = forms.ChoiceField(label=_("To"))
    doses = forms.IntegerField(label=_("Doses"), min_value=1, max_value=20000)
    note = forms.CharField(label=_("Note: packed how, by whom"), max_length=300, required=False)

    def __init__(self, *args: Any, units: Iterable[StorageUnit] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = ChoiceOf(label=_("To"), things=units, label_of=lambda u: f"{u.name}, {u.site.name}")


class AdjustForm(forms.Form):
    """A figure put right."""

    doses = forms.IntegerField(label=_("By how many: 2 or -2"), min_value=-20000, max_value=20000)
    reason = forms.ChoiceField(label=_("Why"))
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = reasons_for("adjust")


class BorrowForm(forms.Form):
    """Doses one fund lends another."""

    stock = forms.ChoiceField(label=_("From"))
    to_fund = forms.ChoiceField(label=_("Lend to"))
    doses = forms.IntegerField(label=_("Doses"), min_value=1, max_value=500, initial=1)
    cause = forms.ChoiceField(label=_("Why"))
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    mrn = forms.CharField(label=_("For the patient (number), if known"), max_length=16, required=False)

    def __init__(
        self, *args: Any, stocks: Iterable[Stock] = (), funds: Iterable[Funding] = tuple(Funding), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stock"] = ChoiceOf(label=_("From"), things=stocks, label_of=described)
        self.fields["to_fund"].choices = [*CHOOSE, *named(funds)]
        self.fields["cause"].choices = reasons_for("borrow")


class ReplaceForm(forms.Form):
    """What borrowed doses are replaced with."""

    stock = forms.ChoiceField(label=_("Replace with"))

    def __init__(self, *args: Any, stocks: Iterable[Stock] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stock"] = ChoiceOf(label=_("Replace with"), things=stocks, label_of=described)


class DailyForm(forms.Form):
    """The reading of this half-day."""

    lowest = DegreesField(label=_("Lowest since last time"))
    highest = DegreesField(label=_("Highest since last time"))
    present = DegreesField(label=_("Now"))
    scale = forms.ChoiceField(label=_("Scale"), choices=SCALES, widget=forms.RadioSelect, initial="F")
    initials = forms.CharField(label=_("Your initials"), max_length=6)
    action_taken = forms.CharField(label=_("What you did, if anything"), max_length=300, required=False)


class FileForm(forms.Form):
    """A data logger's file."""

    file = forms.FileField(label=_("File of the data logger (CSV or text)"))
    scale = forms.ChoiceField(
        label=_("If the file does not say"), choices=[("", _("The file says it")), *SCALES], required=False
    )
    sensor = forms.ChoiceField(label=_("Of which logger"), required=False)

    def __init__(self, *args: Any, sensors: Iterable[Sensor] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sensor"] = ChoiceOf(label=_("Of which logger"), things=sensors, required=False)


class ExcursionForm(forms.Form):
    """A unit found out of range, by hand."""

    temperature = DegreesField(label=_("Temperature"))
    scale = forms.ChoiceField(label=_("Scale"), choices=SCALES, widget=forms.RadioSelect, initial="F")
    immediate_action = forms.CharField(label=_("What you did at once"), max_length=300)


class VerdictForm(forms.Form):
    """What the manufacturer or program said about one lot."""

    verdict = forms.ChoiceField(
        label=_("Verdict"),
        choices=[
            ("", _("Choose")),
            (Verdict.USABLE, _("May be used")),
            (Verdict.DISCARD, _("Discard")),
            (Verdict.SEND_BACK, _("Send back")),
        ],
    )
    said_by = forms.CharField(label=_("Said by: company or program, and name"), max_length=120)
    reference = forms.CharField(label=_("Case number"), max_length=60, required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    also = forms.TypedMultipleChoiceField(
        label=_("The same answer for"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, others: Iterable[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not (others := list(others)):
            del self.fields["also"]
            return
        self.fields["also"].choices = others


class CountForm(forms.Form):
    """A count that was sent: its figures are named by lot; a lot that stands in no book is typed from its label."""

    item = forms.ChoiceField(label=_("Item"), required=False)
    lot_number = forms.CharField(label=_("Lot number"), max_length=30, required=False)
    expires_on = DayField(label=_("Expires"), prefer="future", required=False)
    funding = forms.ChoiceField(label=_("Bought with"), choices=[*CHOOSE, *named(Funding)], required=False)
    doses = forms.IntegerField(label=_("Found"), min_value=1, max_value=20000, required=False)

    def __init__(self, *args: Any, items: Iterable[Item] = (), **kwargs: Any) -> None:
        super().__init__(*args, prefix="new", **kwargs)
        self.fields["item"] = ChoiceOf(label=_("Item"), things=items, required=False)
        self.order_fields(["item"])

    def clean(self) -> dict[str, Any]:
        """All of a lot that was found, or nothing."""
        typed = super().clean() or {}
        if any(typed.get(name) for name in self.fields) or "add" in self.data:
            for name in self.fields:
                if not typed.get(name) and name not in self.errors:
                    self.add_error(name, _("Read it off the label: all of it is needed."))
        return typed

    def lot(self) -> dict[str, Any] | None:
        """What `count_found_lot` takes of the lot that was found, None where none was typed."""
        typed = self.cleaned_data
        return {name: typed[name] for name in self.fields if name != "doses"} if typed["item"] else None


class WhyForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class NoteForm(forms.Form):
    """What came of it."""

    note = forms.CharField(label=_("What came of it"), max_length=300)


class SpanishForm(forms.Form):
    """Why a lot was called back and what a patient should do, in Spanish."""

    reason_es = forms.CharField(
        label=_("Why, in Spanish"), max_length=300, widget=forms.TextInput(attrs={"lang": "es"})
    )
    what_to_do_es = forms.CharField(
        label=_("What a patient should do, in Spanish"), max_length=600, widget=forms.Textarea(attrs={"lang": "es"})
    )


class RecallForm(forms.Form):
    """A lot called back."""

    item = forms.ChoiceField(label=_("Item"))
    lot_number = forms.CharField(label=_("Lot number"), max_length=30)
    issued_by = forms.CharField(label=_("Called back by"), max_length=80)
    reference = forms.CharField(label=_("Their reference"), max_length=60, required=False)
    reason = forms.CharField(label=_("Why, as the letter says it"), max_length=300)
    what_to_do = forms.CharField(
        label=_("What a patient should do, as the letter says it"), max_length=600, widget=forms.Textarea
    )
    reason_es = forms.CharField(
        label=_("Why, in Spanish"), max_length=300, required=False, widget=forms.TextInput(attrs={"lang": "es"})
    )
    what_to_do_es = forms.CharField(
        label=_("What a patient should do, in Spanish"), max_length=600, required=False,
        widget=forms.Textarea(attrs={"lang": "es"}),
    )  # fmt: skip

    def __init__(self, *args: Any, items: Iterable[Item] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"] = ChoiceOf(label=_("Item"), things=items)


class SpanForm(forms.Form):
    """From when to when a report runs."""

    first = DayField(label=_("From"), prefer="past")
    last = DayField(label=_("Until"), prefer="past")


def counted(sent: Any, stocks: Iterable[int]) -> dict[int, int]:
    """What was counted, by stock, from fields named `found-<stock>`; what is no number is left out."""
    texts = {stock: str(sent.get(f"found-{stock}", "")).strip() for stock in stocks}
    return {stock: int(text) for stock, text in texts.items() if text.isdecimal() and len(text) < 7}
