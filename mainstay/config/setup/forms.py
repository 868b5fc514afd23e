"""What is typed in the first-run set-up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mainstay.practice.actions import VisitTypeFacts
from mainstay.practice.models import RoomKind
from mainstay.visits.playbooks import playbooks
from mainstay.workforce.actions import NewStaff
from mainstay.workforce.models import Staff

WITHOUT_PROVIDER = frozenset({"nurse_visit", "injection_visit", "bp_check", "lab_visit", "vaccine_visit"})


class CodeForm(forms.Form):
    """The code printed where Mainstay was started."""

    code = forms.CharField(
        label=_("Set-up code"),
        max_length=40,
        help_text=_("It stands on the line that gave you this address. A restart makes a new one."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True, "spellcheck": "false"}),
    )


class RoomsForm(forms.Form):
    """The rooms of a site, one on each line: a name, and after a comma its kind and its pod if it has any."""

    rooms = forms.CharField(
        label=_("Rooms"),
        required=False,
        initial="Exam 1\nExam 2\nExam 3\nProcedure, procedure",
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("One on each line; after a comma its kind: exam, procedure, lab, imaging, consult, isolation."),
    )

    def clean_rooms(self) -> list[tuple[str, RoomKind, str]]:
        found: list[tuple[str, RoomKind, str]] = []
        for line in self.cleaned_data["rooms"].splitlines():
            name, kind, pod = ([part.strip() for part in line.split(",")] + ["", ""])[:3]
            if not name:
                continue
            if (kind or "exam").lower() not in list(RoomKind):
                raise ValidationError(_("“%(kind)s” is no kind of room.") % {"kind": kind})
            if len(name) > 30 or len(pod) > 30:
                raise ValidationError(_("“%(name)s” is too long: 30 letters at most.") % {"name": name[:40]})
            if name.lower() in {known.lower() for known, _kind, _pod in found}:
                raise ValidationError(_("“%(name)s” is there twice.") % {"name": name})
            found.append((name, RoomKind((kind or "exam").lower()), pod))
        return found


class HolidaysForm(forms.Form):
    """Whether to close on federal holidays."""

    closes_on_holidays = forms.BooleanField(
        label=_("Closed on federal holidays"),
        required=False,
        initial=True,
        help_text=_("Those of the coming year; single days can be changed in the settings."),
    )


class VisitsForm(forms.Form):
    """The kinds of visit to begin with, one for each playbook chosen."""

    playbooks = forms.MultipleChoiceField(
        label=_("Kinds of visit you offer"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Each brings its length and its steps; names and minutes can be changed in the settings."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = sorted(playbooks().values(), key=lambda p: p.title)
        choices = [(p.code, f"{p.title} ({p.minutes} min)") for p in known]
        self.fields["playbooks"].choices = choices
        self.fields["playbooks"].initial = [p.code for p in known]

    def visit_types(self) -> tuple[VisitTypeFacts, ...]:
        """The kinds of visit chosen, as their playbooks have them."""
        chosen = [playbooks()[code] for code in self.cleaned_data["playbooks"]]
        return tuple(
            VisitTypeFacts(
                code=p.code.replace("_", "-"),
                name=p.title,
                minutes=min(max(p.minutes, 5), 240),
                playbook=p.code,
                room_kind=RoomKind.PROCEDURE if p.code == "procedure_visit" else RoomKind.EXAM,
                is_for_new_patients=p.code == "new_patient",
                is_telehealth=p.code == "telehealth",
                is_with_provider=p.code not in WITHOUT_PROVIDER,
                youngest=p.ages.low.spelled if p.ages and p.ages.low else "",
                oldest=p.ages.high.spelled if p.ages and p.ages.high else "",
            )
            for p in chosen
        )


class AdministratorForm(forms.Form):
    """Who looks after Mainstay here."""

    given_name = forms.CharField(label=_("Given name"), max_length=60)
    family_name = forms.CharField(label=_("Family name"), max_length=60)
    username = forms.RegexField(
        label=_("Name to sign in with"),
        regex=r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
        max_length=60,
        error_messages={"invalid": _("Use letters, digits, dots and hyphens, without spaces.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    email = forms.EmailField(label=_("E-mail"), required=False)

    def person(self) -> NewStaff:
        """What was typed, as plain values."""
        typed = self.cleaned_data
        return NewStaff(
            username=typed["username"].lower(),
            given_name=typed["given_name"],
            family_name=typed["family_name"],
            shown_name=f"{typed['given_name']} {typed['family_name']}"[:80],
            roles=("administrator", "manager"),
            title="Administrator",
            email=typed["email"],
        )


class PasswordForm(forms.Form):
    """The first administrator's password; never kept with the steps, so asked for on the last page."""

    password = forms.CharField(
        label=_("Password of the administrator"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 letters; four words that do not belong together are good."),
    )
    again = forms.CharField(
        label=_("The same again"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, person: NewStaff | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if "password" not in typed:
            return typed
        if typed["password"] != typed.get("again"):
            self.add_error("again", _("The two passwords are not the same."))
        names = self.person
        user = Staff(username=names.username, given_name=names.given_name, email=names.email) if names else None
        try:
            validate_password(typed["password"], user=user)
        except ValidationError as weak:
            self.add_error("password", weak)
        return typed
