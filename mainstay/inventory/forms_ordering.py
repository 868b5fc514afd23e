"""What people type about orders of stock: whom it is ordered from, and as many lines as are wanted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.foundation.fields import DayField
from mainstay.inventory.actions import Wanted
from mainstay.inventory.forms import ChoiceOf, named
from mainstay.inventory.lifecycle import Funding
from mainstay.inventory.models import Item

MOST_LINES = 60
FIRST_LINES = 3
COLUMNS = ("item", "doses", "funding")


class OrderForm(forms.Form):
    """Whom it is ordered from."""

    vendor = forms.CharField(label=_("From"), max_length=80, widget=forms.TextInput(attrs={"list": "vendors"}))
    number = forms.CharField(label=_("Their order number"), max_length=40, required=False)
    expected_on = DayField(label=_("Promised for"), prefer="future", required=False)


class LineForm(forms.Form):
    """One line of an order; an empty one is passed over."""

    item = forms.ChoiceField(label=_("Item"))
    doses = forms.IntegerField(label=_("How many"), min_value=1, max_value=20000)

    def __init__(
        self, *args: Any, items: Iterable[Item] = (), funds: Iterable[Funding] = tuple(Funding), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"] = ChoiceOf(label=_("Item"), things=items)
        self.fields["funding"] = forms.ChoiceField(
            label=_("Bought with"), choices=named(funds), initial=Funding.PRIVATE
        )
        self.order_fields(COLUMNS)

    def has_changed(self) -> bool:
        """Whether anything was said: the fund alone orders nothing."""
        return any(str(self.data.get(self.add_prefix(name), "")).strip() for name in ("item", "doses"))


LineForms = forms.formset_factory(LineForm, extra=0, max_num=MOST_LINES, absolute_max=MOST_LINES)


def wanted_of(lines: Any) -> list[Wanted]:
    """What valid lines order, empty ones left out."""
    typed = [line.cleaned_data for line in lines if line.has_changed()]
    return [Wanted(one["item"], one["doses"], Funding(one["funding"])) for one in typed]


def lines_typed(sent: Mapping[str, Any], change: str) -> list[dict[str, Any]]:
    """The lines as they were typed after a change of their number: `add` puts one beneath, `take-2` takes one out."""
    total = str(sent.get("line-TOTAL_FORMS", ""))
    count = min(int(total), MOST_LINES) if total.isdecimal() and len(total) < 4 else 0
    rows = [{name: sent.get(f"line-{n}-{name}", "") for name in COLUMNS} for n in range(count)]
    gone = change.removeprefix("take-")
    if change == "add" and count < MOST_LINES:
        rows.append({})
    elif gone.isdecimal() and len(gone) < 4 and int(gone) < count:
        del rows[int(gone)]
    return rows or [{}]


class BackOrderForm(forms.Form):
    """What is still to come is promised for another day."""

    expected_on = DayField(label=_("Promised for"), prefer="future")
    words = forms.CharField(label=_("Who said so, and why it is late"), max_length=300)
