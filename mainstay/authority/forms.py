"""What people type: the circumstances to explore, and policies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms

from mainstay.authority.explorer import FAMILIES, LEGEND, Circumstances, credential_choices
from mainstay.authority.facts import Order, PolicyEffect, Supervision
from mainstay.authority.law import acts, credential_kinds
from mainstay.foundation.fields import DayField
from mainstay.practice.models import Site

PRESENCES = [
    ("direct_visual", "watches the act"),
    ("on_site", "is on site"),
    ("telehealth_av", "is on live video"),
    ("general", "can be reached"),
]


class ExplorerForm(forms.Form):
    """Whose credential, which acts, what presence and order, on which day."""

    credential = forms.ChoiceField(label="Holding", required=False)
    family = forms.ChoiceField(label="Acts", required=False)
    mark = forms.ChoiceField(label="States with", required=False)
    supervision = forms.ChoiceField(label="Supervisor", required=False, choices=PRESENCES)
    order = forms.ChoiceField(
        label="Order",
        required=False,
        choices=[("signed", "signed"), ("standing", "standing"), ("none", "none")],
    )
    on = DayField(label="On", required=False)

    def __init__(self, asked: Mapping[str, str], *, today: date) -> None:
        super().__init__({"supervision": "on_site", "order": "signed", **asked})
        self.today = today
        self.asked = asked
        self.fields["credential"].choices = credential_choices()
        self.fields["family"].choices = [("", "All 28"), *((f[0], f[1]) for f in FAMILIES)]
        self.fields["mark"].choices = [("", "Anything"), *((str(m), f"{m} {w}") for m, w in LEGEND)]

    def kept(self) -> str:
        """The choices as the end of an address, so that a cell's link keeps them."""
        chosen = {name: self.asked[name] for name in self.fields if self.asked.get(name)}
        return f"&{urlencode(chosen)}" if chosen else ""

    def circumstances(self) -> Circumstances:
        """What was chosen; where something is missing or wrong, the usual."""
        chosen = self.cleaned_data if self.is_valid() else {}
        return Circumstances(
            on=chosen.get("on") or self.today,
            credential=chosen.get("credential", ""),
            supervision=Supervision[(chosen.get("supervision") or "on_site").upper()],
            order=Order(chosen.get("order") or "signed"),
        )


class _PolicyForm(forms.Form):
    act = forms.ChoiceField(label="Act")
    site: forms.ModelChoiceField[Site] = forms.ModelChoiceField(
        label="Site", queryset=None, required=False, empty_label="Every site"
    )
    effective = DayField(label="In force from")
    expires = DayField(label="Through", required=False)
    reason = forms.CharField(
        label="Why",
        max_length=300,
        help_text="One sentence; people who are refused will read it.",
        widget=forms.Textarea,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["act"].choices = [("", ""), *((a.code, a.name) for a in acts().values())]
        self.fields["site"].queryset = Site.objects.filter(is_open=True).order_by("name")
        self.fields["reason"].widget.attrs["rows"] = 2


class NarrowingForm(_PolicyForm):
    """A policy narrower than the tables."""

    effect = forms.ChoiceField(
        label="What it does",
        choices=[(PolicyEffect.FORBID, "Forbids the act"), (PolicyEffect.NARROW, "Asks for more")],
        widget=forms.RadioSelect,
    )
    supervision = forms.ChoiceField(
        label="Supervisor at least", required=False, choices=[("", "As the tables say"), *PRESENCES[:2]]
    )
    credentials = forms.ChoiceField(label="Credential", required=False)
    least_patient_age = forms.IntegerField(label="Patient at least", required=False, min_value=0, max_value=120)
    field_order = (
        "act",
        "effect",
        "supervision",
        "credentials",
        "least_patient_age",
        "site",
        "effective",
        "expires",
        "reason",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(k.code, k.name) for k in credential_kinds().values() if k.kind != "license"]
        self.fields["credentials"].choices = [("", "As the tables say"), *named]

    def policy(self) -> dict[str, Any]:
        """The arguments of `actions.write_policy`."""
        chosen = dict(self.cleaned_data)
        chosen["effect"] = PolicyEffect(chosen["effect"])
        chosen["supervision"] = Supervision[(chosen["supervision"] or "not_stated").upper()]
        chosen["credentials"] = (chosen["credentials"],) if chosen["credentials"] else ()
        return chosen


class OpeningForm(_PolicyForm):
    """A policy that opens an act the default closes."""

    statute = forms.CharField(
        label="Statute or rule", max_length=160, help_text="The section that allows it, e.g. COMAR 10.32.12.04."
    )


class WithdrawalForm(forms.Form):
    """Why a policy is withdrawn."""

    reason = forms.CharField(label="Why", max_length=300)
