"""What is typed about signing in and about who works here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.foundation.fields import BirthDateField, ClockField, DayField, NpiField
from mainstay.practice.models import Site
from mainstay.workforce.models import LadderRung, Staff
from mainstay.workforce.queries import RUNG_WORDS, staff_who_work_here
from mainstay.workforce.roles import roles
from mainstay.workforce.vocabulary import vocabulary

PASSWORD_RULES = _(
    "At least 12 characters. A few words you can remember are better than symbols you cannot. "
    "Not your name, and not a password many people use."
)


class SignInForm(forms.Form):
    """A name and a password."""

    username = forms.CharField(
        label=_("Name you sign in with"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "username webauthn", "autofocus": True, "autocapitalize": "none"}
        ),
    )
    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class CodeForm(forms.Form):
    """Six digits of an app, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Six digits from your authenticator app, or one of your recovery codes."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}),
    )


class UnlockForm(forms.Form):
    """Who comes back, and the PIN or password that proves it."""

    who = forms.CharField(widget=forms.HiddenInput)
    secret = forms.CharField(
        label=_("PIN or password"),
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


class PasswordForm(forms.Form):
    """The password now, and the new one twice."""

    old = forms.CharField(
        label=_("Your password now"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label=_("New password"),
        help_text=PASSWORD_RULES,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password again"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("new") and typed.get("again") and typed["new"] != typed["again"]:
            self.add_error("again", _("This is not the same as the new password."))
        return typed


class PinForm(forms.Form):
    """A PIN, twice."""

    pin = forms.CharField(
        label=_("New PIN"),
        max_length=8,
        help_text=_("4 to 8 digits, not all the same and not in sequence."),
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    again = forms.CharField(
        label=_("New PIN again"),
        max_length=8,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("pin") and typed.get("again") and typed["pin"] != typed["again"]:
            self.add_error("again", _("This is not the same PIN."))
        return typed


class StaffForm(forms.Form):
    """Somebody who works here."""

    username = forms.CharField(
        label=_("Name to sign in with"),
        max_length=60,
        help_text=_("Short, without spaces; it stays."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    given_name = forms.CharField(label=_("Given name"), max_length=60)
    family_name = forms.CharField(label=_("Family name"), max_length=60)
    shown_name = forms.CharField(
        label=_("Name on screens"), max_length=80, required=False, help_text=_("As colleagues say it.")
    )
    title = forms.CharField(label=_("Job title"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple)
    licence = forms.ChoiceField(label=_("License"), required=False)
    npi = NpiField(label=_("NPI"))
    birth_date = BirthDateField(label=_("Birth date"), required=False)
    home_site = forms.ModelChoiceField(label=_("Home site"), queryset=None)
    sites = forms.ModelMultipleChoiceField(
        label=_("Also works at"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )
    supervisor = forms.ModelChoiceField(label=_("Supervisor"), queryset=None, required=False, empty_label="")
    hired_on = DayField(label=_("Works here since"), prefer="past", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = [(r.code, r.label) for r in roles().values()]
        self.fields["licence"].choices = [("", _("None")), *sorted(vocabulary().licenses.items())]
        for name in ("home_site", "sites"):
            self.fields[name].queryset = Site.objects.filter(is_open=True).order_by("pk")
        active = Staff.objects.filter(is_active=True).order_by("family_name", "given_name")
        self.fields["supervisor"].queryset = active


class EndForm(forms.Form):
    """Why an account ends, and since when."""

    left_on = DayField(label=_("Last day"), prefer="past")
    reason = forms.CharField(label=_("Reason"), max_length=60)
    successor = forms.ModelChoiceField(
        label=_("Their open work goes to"), queryset=None, required=False, to_field_name="public_id",
        empty_label=_("Back to the lists it came from"),
    )  # fmt: skip

    def __init__(self, *args: Any, leaving: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = staff_who_work_here().exclude(pk=leaving.pk)


class ReasonForm(forms.Form):
    """One sentence why."""

    reason = forms.CharField(label=_("Reason"), max_length=120)


class CredentialForm(forms.Form):
    """Something somebody holds."""

    code = forms.ChoiceField(label=_("Credential"))
    issuer = forms.CharField(
        label=_("Issuer"), max_length=60, required=False, help_text=_("Left empty: the usual issuer.")
    )
    number = forms.CharField(label=_("Number"), max_length=40, required=False)
    state = forms.ChoiceField(label=_("State"), required=False, help_text=_("Only for state licenses and permits."))
    issued_on = DayField(label=_("Issued on"), prefer="past", required=False)
    expires_on = DayField(
        label=_("Good through"), required=False, help_text=_("Acts that rest on it stop at the midnight after.")
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = sorted(vocabulary().credentials.items(), key=lambda pair: pair[1].name)
        self.fields["code"].choices = [("", ""), *((code, word.name) for code, word in known)]
        self.fields["state"].choices = [("", ""), *sorted(vocabulary().states.items(), key=lambda p: p[1])]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("code") and not typed.get("issuer"):
            typed["issuer"] = vocabulary().credentials[typed["code"]].issuer
        return typed


class VerificationForm(forms.Form):
    """How a credential was verified with its issuer."""

    how = forms.CharField(
        label=_("How it was verified"), max_length=120, help_text=_("The issuer's web page, a call, a letter.")
    )
    expires_on = DayField(label=_("Good through, as the issuer says"), required=False)


class SignOffForm(forms.Form):
    """An assessor's word on one act."""

    act = forms.ChoiceField(label=_("Act"))
    rung = forms.ChoiceField(
        label=_("What you saw"), choices=[("", ""), *((str(r), RUNG_WORDS[r]) for r in LadderRung)]
    )
    times = forms.IntegerField(label=_("Times"), min_value=1, max_value=200, initial=1)
    checklist_version = forms.CharField(label=_("Checklist and version"), max_length=30)
    restriction = forms.CharField(
        label=_("Restriction"), max_length=200, required=False, help_text=_("Such as: adults only, deltoid only.")
    )
    expires_on = DayField(label=_("Check again by"), required=False, help_text=_("Left empty: in twelve months."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["act"].choices = [("", ""), *sorted(vocabulary().acts.items(), key=lambda p: p[1])]


class TrainingForm(forms.Form):
    """Hours or counts the law asks about."""

    topic = forms.ChoiceField(label=_("Topic"))
    amount = forms.DecimalField(
        label=_("How much"), max_digits=6, decimal_places=1, help_text=_("Hours, or how many times, as the topic says.")
    )
    completed_on = DayField(label=_("Completed on"), prefer="past")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = [("", ""), *sorted(vocabulary().topics.items(), key=lambda p: p[1])]


class ShiftForm(forms.Form):
    """When somebody works at the site that is shown."""

    staff = forms.ModelChoiceField(label=_("Who"), queryset=None, empty_label="")
    day = DayField(label=_("Day"))
    starts = ClockField(label=_("From"))
    ends = ClockField(label=_("To"))
    duty = forms.CharField(label=_("Duty"), max_length=30, required=False)
    pod = forms.CharField(label=_("Pod"), max_length=30, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        active = Staff.objects.filter(is_active=True).order_by("family_name", "given_name")
        self.fields["staff"].queryset = active


class WorkstationForm(forms.Form):
    """This computer, as a shared workstation."""

    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("As people say it: Room 3, Front desk left."))
    site = forms.ModelChoiceField(label=_("Site"), queryset=None)
    idle_minutes = forms.IntegerField(label=_("Minutes until it locks by itself"), min_value=1, max_value=60, initial=5)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = Site.objects.filter(is_open=True).order_by("pk")
