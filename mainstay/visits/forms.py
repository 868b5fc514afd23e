"""What people type at the desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.foundation.actor import Actor
from mainstay.foundation.fields import DayField, offer
from mainstay.messages.red_flags import arrival_questions
from mainstay.people.models import Patient
from mainstay.practice.models import Room
from mainstay.scheduling.queries import kinds_for, offered_visit_types, providers
from mainstay.visits.actions.checking_in import ArrivalScreen, DeskCheck
from mainstay.visits.models import LooseEndKind

IDENTIFIERS = [
    ("name", _("Full name, said by the patient")),
    ("birth_date", _("Date of birth")),
    ("address", _("Address")),
    ("phone", _("Phone number")),
    ("photo", _("Photo ID or photo on file")),
]
ANSWERS = [("no", _("No")), ("yes", _("Yes")), ("unsure", _("Not sure"))]
ALWAYS_ASKED = frozenset({"fever", "rash", "cough"})


def question_field(code: str) -> str:
    """The name of the field that asks one question of the arrival screen; `travel` is taken by the words."""
    return "traveled" if code == "travel" else code


class CheckInForm(forms.Form):
    """Who is this, are they contagious, and what was seen at the desk."""

    use_required_attribute = False  # one tick may answer what a browser would insist on

    identifiers = forms.MultipleChoiceField(
        label=_("Two identifiers, checked aloud"),
        choices=IDENTIFIERS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Check two identifiers with the patient first.")},
    )
    no_to_the_rest = forms.BooleanField(label=_("All others asked: no"), required=False)
    travel = forms.CharField(
        label=_("Where and when, if they traveled or were near somebody ill"), required=False, max_length=160
    )
    mask_given = forms.BooleanField(label=_("Mask given"), required=False)
    demographics_confirmed = forms.BooleanField(label=_("Address, phone and contacts confirmed"), required=False)
    card_seen = forms.BooleanField(label=_("Insurance card seen, both sides"), required=False)
    photo_id_seen = forms.BooleanField(label=_("Photo ID seen"), required=False)
    copay_stated = forms.DecimalField(
        label=_("Copay told to the patient"), required=False, min_value=0, max_digits=8, decimal_places=2
    )
    accompanied_by = forms.CharField(label=_("Accompanied by"), required=False, max_length=120)
    late_reason = forms.CharField(label=_("Why they came late, in their words"), required=False, max_length=160)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in arrival_questions():
            self.fields[question_field(question.code)] = forms.ChoiceField(
                label=question.ask.en, choices=ANSWERS, widget=forms.RadioSelect,
                required=question.code in ALWAYS_ASKED,
                error_messages={"required": _("Ask, and tick the answer.")},
            )  # fmt: skip

    def questions(self) -> list[Any]:
        """The questions of the arrival screen, as bound fields in their order."""
        return [self[question_field(question.code)] for question in arrival_questions()]

    def clean_identifiers(self) -> list[str]:
        """At least two."""
        checked = self.cleaned_data["identifiers"]
        if len(checked) < 2:
            raise forms.ValidationError(_("Check two identifiers with the patient first."))
        return checked

    def screen(self) -> ArrivalScreen:
        """The arrival screen as asked; what nobody asked is left out."""
        said = self.cleaned_data
        rest = "no" if said["no_to_the_rest"] else ""
        answers = {q.code: said.get(question_field(q.code)) or rest for q in arrival_questions()}
        return ArrivalScreen(
            answers={code: answer for code, answer in answers.items() if answer},
            travel=said["travel"],
            mask_given=said["mask_given"],
        )

    def clean(self) -> dict[str, Any]:
        """One tick answers every question of the screen that was left open."""
        said = super().clean() or {}
        if said.get("no_to_the_rest"):
            for question in arrival_questions():
                self.errors.pop(question_field(question.code), None)
        return said

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
            late_reason=said["late_reason"],
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

    visit_type = forms.ModelChoiceField(
        label=_("Kind of visit"), queryset=None, to_field_name="code", empty_label=_("Choose")
    )
    provider = forms.ModelChoiceField(
        label=_("With"), queryset=None, required=False, to_field_name="public_id", empty_label=_("Medical assistant")
    )
    reason = forms.CharField(label=_("Reason, in the patient's words"), max_length=240)

    def __init__(self, *args: Any, actor: Actor, patient: Patient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fit, others = kinds_for(actor, patient)
        apart = (_("For other ages"), others if actor.may("scheduling.book_other_age") else ())
        offer(self.fields["visit_type"], offered_visit_types, fit, apart=apart)
        self.fields["provider"].queryset = providers.queryset(at=actor.site_id)


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

    HOW = [
        ("done", _("Done")),
        ("handed_on", _("Handed on as work")),
        ("declined", _("Declined: a clinician hears why")),
        ("recall", _("Not now: call them back")),
    ]
    how = forms.ChoiceField(label=_("What became of it"), choices=HOW)
    reason = forms.CharField(label=_("Reason, if declined"), required=False, max_length=160)

    def settled(self) -> dict[str, str]:
        """What `settle_loose_end` takes."""
        said = self.cleaned_data
        if said["how"] == "recall":
            return {"how": "declined", "becomes": "recall", "reason": said["reason"]}
        return {"how": said["how"], "reason": said["reason"]}
