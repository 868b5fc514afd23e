"""What is typed in the settings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, time
from textwrap import shorten
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.foundation.ages import AgeRange
from mainstay.foundation.dates import spell_date
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.fields import ClockField, DayField, NpiField
from mainstay.foundation.phones import read_phone, spell_phone
from mainstay.practice.actions import Override, SiteFacts, VisitTypeFacts
from mainstay.practice.models import Practice, RoomKind, Site, VisitType
from mainstay.practice.queries import DayHours, ages_of_playbook, hours_of, open_sites, own_tables, playbook_titles
from mainstay.practice.vocabulary import CARE_SETTINGS, EQUIPMENT_KINDS, STATES, VACCINE_PROGRAMS, WEEKDAYS, ZONES

ROOM_KINDS = [(k.value, k.value.capitalize()) for k in RoomKind]


class PracticeForm(forms.Form):
    """The practice: its name, its law, its vaccine stock."""

    name = forms.CharField(label=_("Name of the practice"), max_length=120)
    npi = NpiField(label=_("NPI of the practice"), help_text=_("Ten digits. It can wait."))
    governing_state = forms.ChoiceField(
        label=_("Whose law governs the practice"),
        choices=[("", _("Choose a state")), *STATES.items()],
        help_text=_("Decides what a medical assistant may do. A site in another state follows its own."),
    )
    vaccine_programs = forms.MultipleChoiceField(
        label=_("Where your vaccines come from"),
        choices=list(VACCINE_PROGRAMS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Stock of each is kept and counted apart."),
    )

    @classmethod
    def of(cls, practice: Practice | None, typed: Any = None) -> PracticeForm:
        """The form of the practice as it is."""
        names = ("name", "npi", "governing_state", "vaccine_programs")
        return cls(typed, initial={n: getattr(practice, n) for n in names} if practice else None)


class SiteForm(forms.Form):
    """One place of the practice."""

    name = forms.CharField(label=_("Name of the site"), max_length=80)
    short_name = forms.CharField(
        label=_("Short name"), max_length=12, required=False, help_text=_("Up to 12 letters, for the board.")
    )
    street = forms.CharField(label=_("Street"), max_length=120, required=False)
    city = forms.CharField(label=_("City"), max_length=60, required=False)
    state = forms.ChoiceField(label=_("State"), choices=[("", _("Choose a state")), *STATES.items()])
    postal_code = forms.RegexField(
        label=_("ZIP"),
        regex=r"^\d{5}(-\d{4})?$",
        required=False,
        error_messages={"invalid": _("A ZIP code has five digits.")},
    )
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    fax = forms.CharField(label=_("Fax"), max_length=20, required=False)
    zone_name = forms.ChoiceField(label=_("Time zone"), choices=list(ZONES.items()))
    setting = forms.ChoiceField(label=_("Kind of clinic"), choices=list(CARE_SETTINGS.items()))

    def clean_phone(self) -> str:
        return _dialed(self.cleaned_data["phone"])

    def clean_fax(self) -> str:
        return _dialed(self.cleaned_data["fax"])

    @classmethod
    def of(cls, site: Site, typed: Any = None) -> SiteForm:
        """The form of a site as it is."""
        known = {name: getattr(site, name) for name in cls.base_fields}
        return cls(typed, initial={**known, "phone": spell_phone(site.phone), "fax": spell_phone(site.fax)})

    def facts(self) -> SiteFacts:
        """What was typed, as plain values."""
        typed = dict(self.cleaned_data)
        return SiteFacts(**{**typed, "short_name": typed["short_name"] or _in_short(typed["name"])})


def _in_short(name: str) -> str:
    return shorten(name, 12, placeholder="") or name[:12]


def _dialed(typed: str) -> str:
    try:
        return read_phone(typed).removeprefix("+1") if typed else ""
    except InvalidInput as refused:
        raise forms.ValidationError(refused.message) from refused


class HoursForm(forms.Form):
    """A week: when the doors open and close, by weekday; both empty is closed. `day_0_opens` … `day_6_closes`."""

    def __init__(self, *args: Any, week: Sequence[DayHours] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, name in enumerate(WEEKDAYS):
            day = week[number] if week else DayHours(number, name)
            for end, word, at in (("opens", _("opens"), day.opens), ("closes", _("closes"), day.closes)):
                label = f"{name} {word}"
                spoken = forms.TextInput(attrs={"aria-label": label})
                self.fields[f"day_{number}_{end}"] = ClockField(label=label, required=False, initial=at, widget=spoken)

    @classmethod
    def of(cls, site: Site, typed: Any = None) -> HoursForm:
        """The form of a site's hours as they are."""
        return cls(typed, week=hours_of(site))

    def days(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """Each weekday with its two fields, for drawing."""
        return [(name, self[f"day_{n}_opens"], self[f"day_{n}_closes"]) for n, name in enumerate(WEEKDAYS)]

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        for n in range(7):
            opens, closes = typed.get(f"day_{n}_opens"), typed.get(f"day_{n}_closes")
            if f"day_{n}_opens" in self.errors or f"day_{n}_closes" in self.errors:
                continue
            if (opens is None) != (closes is None):
                missing = "opens" if opens is None else "closes"
                self.add_error(f"day_{n}_{missing}", _("Type both times, or leave both empty for a closed day."))
            elif opens is not None and opens >= closes:
                self.add_error(f"day_{n}_closes", _("A day ends after it begins."))
        return typed

    def weekly(self) -> dict[int, tuple[time, time]]:
        """The open weekdays with their times."""
        typed = self.cleaned_data
        return {n: (typed[f"day_{n}_opens"], typed[f"day_{n}_closes"]) for n in range(7) if typed[f"day_{n}_opens"]}


class RoomForm(forms.Form):
    """A room."""

    prefix = "room"
    name = forms.CharField(label=_("Name of the room"), max_length=30)
    kind = forms.ChoiceField(label=_("Kind"), choices=ROOM_KINDS)
    pod = forms.CharField(label=_("Pod"), max_length=30, required=False, help_text=_("If rooms work in groups."))


class EquipmentForm(forms.Form):
    """A thing that can be in one place at a time."""

    prefix = "equipment"
    name = forms.CharField(label=_("Name of the thing"), max_length=60)
    kind = forms.ChoiceField(label=_("Kind"), choices=list(EQUIPMENT_KINDS.items()))


class ClosureForm(forms.Form):
    """A day without patients."""

    prefix = "closure"
    day = DayField(label=_("Day"), help_text=_("As you say it: 12/24, next fri."))
    name = forms.CharField(label=_("Why"), max_length=80)
    everywhere = forms.BooleanField(label=_("At every site"), required=False)


class HolidaysForm(forms.Form):
    """Which of the coming federal holidays to close on."""

    prefix = "holidays"
    days = forms.MultipleChoiceField(
        label=_("Close every site on"), widget=forms.CheckboxSelectMultiple, error_messages={"required": _("Tick one.")}
    )

    def __init__(self, *args: Any, proposed: Sequence[tuple[date, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = {day.isoformat(): name for day, name in proposed}
        choices = [(day.isoformat(), f"{spell_date(day)}: {name}") for day, name in proposed]
        self.fields["days"].choices = choices
        self.fields["days"].initial = list(self.names)

    def closures(self) -> list[tuple[date, str]]:
        """The days that were ticked, with their names."""
        return [(date.fromisoformat(day), self.names[day]) for day in self.cleaned_data["days"]]


class VisitTypeForm(forms.Form):
    """A kind of visit people can book."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("As said at the desk."))
    code = forms.SlugField(
        label=_("Code"), max_length=40, required=False, help_text=_("For imports. Made from the name when left empty.")
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=240)
    playbook = forms.ChoiceField(label=_("Playbook"), help_text=_("What is done at such a visit, step by step."))
    room_kind = forms.ChoiceField(label=_("Kind of room"), choices=ROOM_KINDS)
    equipment_kind = forms.ChoiceField(
        label=_("Needs"), choices=[("", _("No equipment")), *EQUIPMENT_KINDS.items()], required=False
    )
    youngest = forms.CharField(
        label=_("Youngest"), max_length=12, required=False, help_text=_("18, 6 months. Empty: any age.")
    )
    oldest = forms.CharField(label=_("Oldest"), max_length=12, required=False, help_text=_("That age is still in."))
    is_for_new_patients = forms.BooleanField(label=_("Only for new patients"), required=False)
    is_telehealth = forms.BooleanField(label=_("By video"), required=False)
    is_with_provider = forms.BooleanField(label=_("With a provider"), required=False, initial=True)
    instructions_en = forms.CharField(
        label=_("What to tell the patient, in English"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    instructions_es = forms.CharField(
        label=_("The same in Spanish"), required=False, widget=forms.Textarea(attrs={"rows": 2, "lang": "es"})
    )

    ages_of = forms.CharField(widget=forms.HiddenInput, required=False)
    """Whose ages stand in the form: the playbook's that was chosen when it was shown."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles: Mapping[str, str] = playbook_titles()
        self.fields["playbook"].choices = sorted(titles.items(), key=lambda i: i[1])

    @classmethod
    def new(cls, typed: Any = None, *, playbook: str = "") -> VisitTypeForm:
        """The form of a new kind of visit; the playbook chosen brings its ages, to be changed at will."""
        form = cls(typed, initial={"playbook": playbook, **_ages_brought(playbook)})
        form.fields["playbook"].choices = [("", _("Choose")), *form.fields["playbook"].choices]
        return form

    @classmethod
    def of(cls, visit_type: VisitType, typed: Any = None) -> VisitTypeForm:
        """The form of a kind of visit as it is; its code stays."""
        initial = {name: getattr(visit_type, name, "") for name in cls.base_fields}
        form = cls(typed, initial=initial)
        del form.fields["ages_of"]
        form.fields["code"].disabled = True
        return form

    def clean(self) -> dict[str, Any]:
        """A new kind whose ages nobody saw gets those of its playbook, and is shown them before it is saved."""
        typed = self.cleaned_data
        book = typed.get("playbook", "")
        unseen = "ages_of" in self.fields and typed.get("ages_of") != book and not self.errors
        if unseen and not (typed["youngest"] or typed["oldest"]) and (ages := ages_of_playbook(book)):
            self.data = {**self.data.dict(), **_ages_brought(book)}
            self.add_error(
                "youngest", _("This playbook is for %(ages)s. Save again, or change the ages.") % {"ages": ages}
            )
        return typed

    def facts(self) -> VisitTypeFacts:
        """What was typed, as plain values."""
        typed = {name: value for name, value in self.cleaned_data.items() if name != "ages_of"}
        code = typed["code"] or re.sub(r"[^a-z0-9]+", "-", typed["name"].lower()).strip("-")[:40]
        return VisitTypeFacts(**{**typed, "code": code})


def _ages_brought(playbook: str) -> dict[str, str]:
    ages = ages_of_playbook(playbook) or AgeRange(None, None)
    return {"ages_of": playbook, "youngest": str(ages.low or ""), "oldest": str(ages.high or "")}


class OverrideForm(forms.Form):
    """A value of the practice's own for one cell of a rule table."""

    cell = forms.ChoiceField(label=_("What"))
    site = forms.ModelChoiceField(label=_("Where"), queryset=None, required=False, empty_label=_("At every site"))
    value = forms.CharField(label=_("Our value"), max_length=200)
    effective = DayField(label=_("Holds from"))
    reason = forms.CharField(label=_("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    reviewed_by = forms.CharField(
        label=_("Reviewed by"), max_length=120, help_text=_("The clinician who answers for it.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = open_sites.queryset().order_by("name")
        self.fields["cell"].choices = [
            (
                table.title,
                [
                    (f"{table.code}|{row}|{column}", f"{what} ({came})")
                    for (row, column), (what, came) in table.cells().items()
                ],
            )
            for table in own_tables()
        ]

    def override(self) -> Override:
        """What was typed, as plain values."""
        said = dict(self.cleaned_data)
        table, row, column = said.pop("cell").split("|")
        return Override(table=table, row=row, column=column, **said)
