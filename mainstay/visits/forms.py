"""What people type at the desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.foundation.actor import Actor
from mainstay.foundation.fields import DayField
from mainstay.practice.models import Room
from mainstay.visits.actions.checking_in import ArrivalScreen, DeskCheck
from mainstay.visits.models import LooseEndKind
from mainstay.visits.queries.choices import offered_visit_types, providers_at

IDENTIFIERS = [
    ("name", _("Full name, said by the patient")),
    ("birth_date", _("Date of birth")),
    ("address", _("Address")),
    ("phone", _("Phone number")),
    ("photo", _("Photo ID or photo on file")),
]
YES_NO = [("yes", _("Yes")), ("no", _("No"))]
MEANS = {"yes": True, "no": False}


class CheckInForm(forms.Form):
    """Who is this, are they contagious, and what was seen at the desk."""

    identifiers = forms.MultipleChoiceField(
        label=_("Two identifiers, checked aloud"),
        choices=IDENTIFIERS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Check two identifiers with the patient first.")},
    )
    fever = forms.ChoiceField(label=_("Fever today?"), choices=YES_NO, widget=forms.RadioSelect)
    rash = forms.ChoiceField(label=_("New rash?"), choices=YES_NO, widget=forms.RadioSelect)
    cough = forms.ChoiceField(label=_("New cough?"), choices=YES_NO, widget=forms.RadioSelect)
    travel = forms.CharField(label=_("Travel or sick contact in the last 3 weeks"), required=False, max_length=160)
    mask_given = forms.BooleanField(label=_("Mask given"), required=False)
    demographics_confirmed = forms.BooleanField(label=_("Address, phone and contacts confirmed"), required=False)
    card_seen = forms.BooleanField(label=_("Insurance card seen, both sides"), required=False)
    photo_id_seen = forms.BooleanField(label=_("Photo ID seen"), required=False)
    copay_stated = forms.DecimalField(
        label=_("Copay told to the patient"), required=False, min_value=0, max_digits=8, decimal_places=2
    )
    accompanied_by = forms.CharField(label=_("Accompanied by"), required=False, max_length=120)

    def clean_identifiers(self) -> list[str]:
        """At least two."""
        checked = self.cleaned_data["identifiers"]
        if len(checked) < 2:
            raise forms.ValidationError(_("Check two identifiers with the patient first."))
        return checked

    def screen(self) -> ArrivalScreen:
        """The arrival screen as asked."""
        said = self.cleaned_data
        return ArrivalScreen(
            fever=MEANS[said["fever"]],
            rash=MEANS[said["rash"]],
            cough=MEANS[said["cough"]],
            travel=said["travel"],
            mask_given=said["mask_given"],
        )

    def check(self) -> DeskCheck:
        """What the desk verified."""
        said = self.cleaned_data
        return DeskCheck(
            identifiers=said["identifiers"],
            photo_id_seen=said["photo_id_seen"],
            demographics_confirmed=said["demographics_confirmed"],
            card_seen=said["card_seen"],
            copay_stated=said["copay_stated"],
            accompanied_by=said["accompanied_by"],
        )


class ChooseRoomForm(forms.Form):
    """Which room."""

    room = forms.ModelChoiceField(
        label=_("Room"),
        queryset=Room.objects.none(),
        to_field_name="public_id",
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def __init__(self, *args: Any, rooms: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["room"].queryset = rooms


class WalkInForm(forms.Form):
    """Somebody without a booking: for what, with whom."""

    visit_type = forms.ModelChoiceField(label=_("Kind of visit"), queryset=None, to_field_name="code")
    provider = forms.ModelChoiceField(
        label=_("With"), queryset=None, required=False, to_field_name="public_id", empty_label=_("Medical assistant")
    )
    reason = forms.CharField(label=_("Reason, in the patient's words"), max_length=240)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["visit_type"].queryset = offered_visit_types()
        self.fields["provider"].queryset = providers_at(actor.site_id)


class LeftForm(forms.Form):
    """Why somebody left."""

    reason = forms.CharField(label=_("Why they left, or that nobody knows"), max_length=300)


class LooseEndForm(forms.Form):
    """One more thing to arrange."""

    kind = forms.ChoiceField(label=_("What"), choices=[(k, k.replace("_", " ").capitalize()) for k in LooseEndKind])
    text = forms.CharField(label=_("In a few words"), max_length=200)
    due_on = DayField(label=_("By"), required=False)


class SettleForm(forms.Form):
    """What became of one thing to arrange."""

    HOW = [("done", _("Done")), ("handed_on", _("Handed on as work")), ("declined", _("Declined"))]
    how = forms.ChoiceField(label=_("What became of it"), choices=HOW)
    reason = forms.CharField(label=_("Reason, if declined"), required=False, max_length=160)
