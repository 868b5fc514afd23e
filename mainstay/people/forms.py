"""What people type about people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mainstay.foundation.actor import Actor
from mainstay.foundation.fields import BirthDateField, ClockField, DayField
from mainstay.people.actions import Place, Reach, Relation, Wishes
from mainstay.people.languages import LANGUAGES
from mainstay.people.models import Channel, NameKind, NeedKind, ProxyAuthority, Sex
from mainstay.people.rules import Demographics
from mainstay.practice.queries import is_mailed_to

SEXES = [(Sex.FEMALE, _("Female")), (Sex.MALE, _("Male")), (Sex.OTHER, _("Other")), (Sex.UNKNOWN, _("Not known"))]
TONGUES = list(LANGUAGES.items())
RACES = [
    ("1002-5", _("American Indian or Alaska Native")),
    ("2028-9", _("Asian")),
    ("2054-5", _("Black or African American")),
    ("2076-8", _("Native Hawaiian or Pacific Islander")),
    ("2106-3", _("White")),
    ("2131-1", _("Other")),
]
"""OMB categories by their CDC code (PHVS_RaceCategory_CDC)."""
ETHNICITIES = [("", _("Not asked")), ("2135-2", _("Hispanic or Latino")), ("2186-5", _("Not Hispanic or Latino"))]
USES = [("home", _("Home")), ("mobile", _("Mobile")), ("work", _("Work")), ("old", _("Old"))]
WAYS = [
    ("phone", _("Phone")),
    ("text", _("Text")),
    ("email", _("E-mail")),
    ("portal", _("Portal")),
    ("mail", _("Letter")),
    ("none", _("Not at all")),
]


class ActorForm(forms.Form):
    """A form that knows who fills it in, and so what day it is."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        self.actor = actor
        super().__init__(*args, **kwargs)


class WhoForm(ActorForm):
    """Who somebody is, as little as registering needs."""

    given_name = forms.CharField(label=_("Given name"), max_length=80, help_text=_("As on the identity card."))
    family_name = forms.CharField(label=_("Family name"), max_length=80)
    birth_date = BirthDateField(label=_("Date of birth"), help_text=_("As you say it: 3/5/84, 5 mar 1984."))
    sex = forms.ChoiceField(label=_("Sex"), choices=SEXES, widget=forms.RadioSelect, initial=Sex.UNKNOWN)
    chosen_name = forms.CharField(
        label=_("Chosen name"),
        max_length=80,
        required=False,
        help_text=_("What to call this person, if not the given name."),
    )
    pronouns = forms.CharField(label=_("Pronouns"), max_length=30, required=False)
    middle_name = forms.CharField(label=_("Middle name"), max_length=80, required=False)
    suffix = forms.CharField(label=_("Suffix"), max_length=12, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=TONGUES, initial="en")
    ssn_last4 = forms.CharField(
        label=_("Last four of the SSN"), max_length=4, required=False, help_text=_("Only to tell people apart.")
    )

    def demographics(self) -> Demographics:
        """What was typed, as plain values."""
        known = {k: v for k, v in self.cleaned_data.items() if k in Demographics.__dataclass_fields__}
        return Demographics(**known)


class RegisterForm(WhoForm):
    """Somebody new: who they are, and one way to reach them."""

    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    can_leave_voicemail = forms.BooleanField(label=_("We may leave a voicemail"), required=False)


class DemographicsForm(WhoForm):
    """All of who somebody is."""

    gender_identity = forms.CharField(label=_("Gender identity"), max_length=60, required=False)
    race = forms.MultipleChoiceField(
        label=_("Race"), choices=RACES, widget=forms.CheckboxSelectMultiple, required=False
    )
    ethnicity = forms.ChoiceField(label=_("Ethnicity"), choices=ETHNICITIES, required=False)
    mother_maiden_name = forms.CharField(label=_("Mother's maiden name"), max_length=80, required=False)
    multiple_birth_order = forms.IntegerField(
        label=_("Born as number"), min_value=1, max_value=9, required=False, help_text=_("Of twins or more: 1, 2, 3.")
    )
    deceased_on = DayField(label=_("Died on"), prefer="past", required=False)
    is_confidential = forms.BooleanField(
        label=_("Confidential chart"),
        required=False,
        help_text=_("Opens only to those allowed, or by breaking the glass."),
    )

    def clean_race(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["race"])


class ReachForm(ActorForm):
    """A phone number or an e-mail address."""

    channel = forms.ChoiceField(
        label=_("Kind"),
        choices=[(Channel.PHONE, _("Phone")), (Channel.EMAIL, _("E-mail"))],
        initial=Channel.PHONE,
        widget=forms.RadioSelect,
    )
    value = forms.CharField(label=_("Number or address"), max_length=120)
    use = forms.ChoiceField(label=_("Use"), choices=USES, initial="mobile")
    can_leave_voicemail = forms.BooleanField(label=_("We may leave a voicemail"), required=False)
    can_text = forms.BooleanField(label=_("We may text"), required=False)
    is_confidential = forms.BooleanField(
        label=_("Confidential: use this before any other"),
        required=False,
        help_text=_("45 CFR 164.522(b): the patient asked to be reached only here."),
    )

    def reach(self) -> Reach:
        """What was typed, as plain values."""
        return Reach(**self.cleaned_data)


class PlaceForm(ActorForm):
    """An address."""

    street = forms.CharField(label=_("Street"), max_length=160)
    street2 = forms.CharField(label=_("Apartment"), max_length=80, required=False)
    city = forms.CharField(label=_("City"), max_length=80)
    state = forms.CharField(label=_("State"), min_length=2, max_length=2)
    postal_code = forms.RegexField(
        label=_("ZIP"), regex=r"^\d{5}(-\d{4})?$", error_messages={"invalid": _("A ZIP code has five digits.")}
    )
    use = forms.ChoiceField(
        label=_("Use"),
        choices=[("home", _("Home")), ("mail", _("Mail")), ("temporary", _("Temporary"))],
        initial="home",
    )
    is_confidential = forms.BooleanField(label=_("Confidential: send mail only here"), required=False)

    def clean_state(self) -> str:
        state: str = self.cleaned_data["state"].upper()
        if not is_mailed_to(state):
            raise ValidationError(_("Write the two letters of a state: OH."))
        return state

    def place(self) -> Place:
        """What was typed, as plain values."""
        return Place(**self.cleaned_data)


class WishesForm(ActorForm):
    """How somebody wants to hear from us."""

    preferred = forms.ChoiceField(label=_("Best way"), choices=WAYS, initial="phone")
    reminders = forms.ChoiceField(label=_("Reminders"), choices=WAYS, initial="phone")
    portal = forms.BooleanField(label=_("Uses the portal"), required=False)
    text_consent = forms.BooleanField(
        label=_("Agrees to be texted"), required=False, help_text=_("Ask: message rates may apply, and STOP ends it.")
    )
    quiet_from = ClockField(label=_("Quiet from"), required=False)
    quiet_until = ClockField(label=_("Quiet until"), required=False)

    def wishes(self) -> Wishes:
        """What was typed, as plain values."""
        return Wishes(**self.cleaned_data)


class RelationForm(ActorForm):
    """Somebody around a patient."""

    name = forms.CharField(label=_("Name"), max_length=120)
    relationship = forms.CharField(
        label=_("Who they are to the patient"), max_length=40, help_text=_("Mother, husband, neighbor…")
    )
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=TONGUES, initial="en")
    is_emergency_contact = forms.BooleanField(label=_("Emergency contact"), required=False)
    is_next_of_kin = forms.BooleanField(label=_("Next of kin"), required=False)
    may_be_told = forms.BooleanField(
        label=_("May be told about the patient's care"),
        required=False,
        help_text=_("The patient agreed (45 CFR 164.510(b))."),
    )
    authority = forms.ChoiceField(
        label=_("May decide for the patient as"),
        choices=[(a, a.replace("_", " ").capitalize()) for a in ProxyAuthority],
    )
    authority_from = DayField(label=_("From"), required=False)
    authority_until = DayField(
        label=_("Until"), required=False, help_text=_("A parent's authority ends by itself at 18.")
    )
    authority_document = forms.CharField(
        label=_("Document"),
        max_length=120,
        required=False,
        help_text=_("Which paper shows it: court order, power of attorney."),
    )

    def relation(self) -> Relation:
        """What was typed, as plain values."""
        return Relation(**self.cleaned_data)


class NeedForm(ActorForm):
    """Something somebody needs us to do differently."""

    kind = forms.ChoiceField(label=_("Need"), choices=[(k, k.title()) for k in NeedKind])
    detail = forms.CharField(
        label=_("In a few words"),
        max_length=160,
        required=False,
        help_text=_("Left ear; wheelchair; faints at needles."),
    )


class AlertForm(ActorForm):
    """A word of warning for everybody."""

    text = forms.CharField(
        label=_("Alert"), max_length=200, help_text=_("Shown on the banner to everybody who opens the chart.")
    )


class NameForm(ActorForm):
    """Another name somebody goes or went by."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(k, k.title()) for k in NameKind if k is not NameKind.LEGAL], initial=NameKind.FORMER
    )
    given_name = forms.CharField(label=_("Given name"), max_length=80, required=False)
    family_name = forms.CharField(label=_("Family name"), max_length=80, required=False)

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("given_name") and not self.cleaned_data.get("family_name"):
            raise ValidationError(_("Type a given or a family name."))
        return self.cleaned_data


class ReasonForm(ActorForm):
    """Why somebody does something that others will read about."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("In a few words. Others will read it."),
    )


class ReviewForm(ActorForm):
    """What a review found."""

    review = forms.CharField(label=_("What the review found"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
