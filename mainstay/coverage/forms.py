"""What is typed about who pays."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.coverage.actions import Card, PolicyFacts
from mainstay.coverage.models import Policy
from mainstay.foundation.fields import BirthDateField, DayField

KINDS = [
    ("commercial", _("Commercial")),
    ("medicare", _("Medicare")),
    ("medicare_advantage", _("Medicare Advantage")),
    ("medicaid", _("Medicaid or CHIP")),
    ("tricare", _("TRICARE or VA")),
    ("workers_comp", _("Workers' compensation")),
    ("auto", _("Auto or other liability")),
    ("self_pay", _("Pays by themselves")),
]
RELATIONS = [("self", _("Themselves")), ("spouse", _("Spouse")), ("child", _("Child")), ("other", _("Other"))]
RANKS = [(1, _("Primary")), (2, _("Secondary")), (3, _("Tertiary"))]
HOW = [("portal", _("Payer's portal")), ("phone", _("Phone")), ("card", _("Card only")), ("other", _("Other"))]
RESULTS = [("active", _("Active")), ("inactive", _("Inactive")), ("unknown", _("Could not be found out"))]
CAMERA = {"accept": "image/jpeg,image/png,application/pdf", "capture": "environment"}


class PolicyForm(forms.Form):
    """A policy as its card says."""

    payer = forms.CharField(
        label=_("Insurer or program"), max_length=120, widget=forms.TextInput(attrs={"list": "payers"})
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    plan_name = forms.CharField(label=_("Plan"), max_length=120, required=False)
    member_id = forms.CharField(label=_("Member number"), max_length=60, required=False)
    group_number = forms.CharField(label=_("Group number"), max_length=60, required=False)
    relationship = forms.ChoiceField(label=_("The patient is the subscriber's"), choices=RELATIONS)
    subscriber_name = forms.CharField(label=_("Subscriber, if somebody else"), max_length=120, required=False)
    subscriber_birth_date = BirthDateField(label=_("Subscriber's birth date"), required=False)
    effective = DayField(label=_("In force since"), required=False, prefer="past")
    ended = DayField(label=_("Until"), required=False, prefer="past")
    copay = forms.DecimalField(
        label=_("Copay on the card"), required=False, min_value=0, max_digits=8, decimal_places=2
    )
    rank = forms.TypedChoiceField(label=_("Pays"), choices=RANKS, coerce=int)
    card_front = forms.FileField(label=_("Card, front"), required=False, widget=forms.ClearableFileInput(attrs=CAMERA))
    card_back = forms.FileField(label=_("Card, back"), required=False, widget=forms.ClearableFileInput(attrs=CAMERA))

    def facts(self) -> PolicyFacts:
        """What the card says."""
        said = self.cleaned_data
        return PolicyFacts(**{name: said[name] for name in PolicyFacts.__dataclass_fields__})

    def card(self) -> Card:
        """The photographs, if they were taken."""
        sides = (self.cleaned_data[name] for name in ("card_front", "card_back"))
        return Card(*(side.read() if side else b"" for side in sides))


class ChangePolicyForm(PolicyForm):
    """A policy put right; its place in the order is changed elsewhere."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["rank"]


def known_of(policy: Policy) -> dict[str, Any]:
    """What is typed in already when a policy is put right."""
    facts = {name: getattr(policy, name) for name in PolicyFacts.__dataclass_fields__}
    return {**facts, "payer": policy.payer.name, "kind": policy.payer.kind}


class CheckForm(forms.Form):
    """What somebody found out about a policy."""

    result = forms.ChoiceField(label=_("It is"), choices=RESULTS)
    how = forms.ChoiceField(label=_("Asked by"), choices=HOW)
    copay = forms.DecimalField(
        label=_("Copay stated, in dollars"), required=False, min_value=0, max_digits=8, decimal_places=2
    )
    note = forms.CharField(label=_("What they said"), required=False, max_length=240)


class EndForm(forms.Form):
    """When a policy ends and why."""

    ended = DayField(label=_("Last day"), prefer="past")
    reason = forms.CharField(label=_("Why"), max_length=160)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("What was wrong"), max_length=160)
