"""What the practice's list is narrowed to, and whose advice it follows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.foundation.fields import DayField
from mainstay.immunizations.forecast import UNUSED, schedule_names, series_of
from mainstay.immunizations.queries import AGES, STATES, Wanted, editions, groups_to_choose
from mainstay.practice.queries import open_sites
from mainstay.scheduling.queries import providers

OVERRIDABLE = [
    ("ages.minimum", _("Minimum age")),
    ("ages.absolute_minimum", _("Absolute minimum age")),
    ("ages.earliest_recommended", _("Recommended age")),
    ("ages.latest_recommended", _("Latest recommended age")),
    ("ages.maximum", _("Maximum age")),
    ("intervals.minimum", _("Minimum interval")),
    ("intervals.absolute_minimum", _("Absolute minimum interval")),
    ("intervals.earliest_recommended", _("Recommended interval")),
    ("intervals.latest_recommended", _("Latest recommended interval")),
    ("season.start", _("Season starts on")),
    ("season.end", _("Season ends on")),
    ("indications.begin", _("Risk series: from age")),
    ("indications.end", _("Risk series: until age")),
    (UNUSED, _("Do not use this series")),
]


class DueListForm(forms.Form):
    """Which part of the list to show."""

    group = forms.ChoiceField(label=_("Vaccine"), required=False)
    state = forms.ChoiceField(label=_("How late"), required=False, choices=list(STATES.items()))
    age = forms.ChoiceField(label=_("Age"), required=False)
    provider = forms.TypedChoiceField(label=_("Provider"), required=False, coerce=int, empty_value=None)
    site = forms.TypedChoiceField(label=_("Site"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: dict[str, Any] = {
            "group": [("", _("All vaccines")), *groups_to_choose()],
            "age": [("", _("All ages")), *((key, row[0]) for key, row in AGES.items())],
            "provider": [("", _("All providers")), *((one.pk, one.shown_name) for one in providers())],
            "site": [("", _("All sites")), *((site.pk, site.name) for site in open_sites())],
        }
        for name, choices in chosen.items():
            self.fields[name].choices = choices

    def wanted(self) -> Wanted:
        """What was asked for; what cannot be read is left out."""
        self.is_valid()
        said = {name: value for name, value in self.cleaned_data.items() if value}
        return Wanted(**said)


class ChooseScheduleForm(forms.Form):
    """The edition one vaccine group follows."""

    group = forms.ChoiceField(label=_("Vaccine"), required=False)
    edition = forms.ChoiceField(label=_("Follows"))
    reason = forms.CharField(label=_("Why"), max_length=240)
    medical_director = forms.CharField(label=_("Medical director who answers for it"), max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = [("", _("All others")), *groups_to_choose()]
        self.fields["edition"].choices = [
            (name, f"{item.title} ({item.header.status})") for name, item in editions().items()
        ]


class EditionForm(forms.Form):
    """An issuer's edition that follows one of the tables there are."""

    issuer = forms.CharField(label=_("Issuer"), max_length=40)
    version = forms.CharField(label=_("Edition"), max_length=40)
    effective = DayField(label=_("Effective"), prefer="past")
    table = forms.ChoiceField(label=_("Its values are those of"))
    source = forms.CharField(label=_("Where it is published"), max_length=240)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["table"].choices = [(name, name) for name in schedule_names()]


class EditionStatusForm(forms.Form):
    """Whether an edition may govern."""

    status = forms.ChoiceField(
        label=_("Status"),
        choices=[("active", _("Active")), ("superseded", _("Superseded")), ("stayed", _("Stayed by a court"))],
    )
    reason = forms.CharField(label=_("Why, and who decided it"), max_length=240)


class OverrideForm(forms.Form):
    """One value of the schedule the practice sets itself."""

    series = forms.ChoiceField(label=_("Series"))
    dose = forms.IntegerField(
        label=_("Dose"),
        required=False,
        min_value=0,
        max_value=20,
        help_text=_("Left empty for a season or a whole series."),
    )
    field = forms.ChoiceField(label=_("What"), choices=OVERRIDABLE)
    value = forms.CharField(
        label=_("Our value"),
        required=False,
        max_length=40,
        help_text=_("An age or interval as “12 months”, a season as 2026-07-01."),
    )
    reason = forms.CharField(label=_("Why"), max_length=300)
    medical_director = forms.CharField(label=_("Medical director who answers for it"), max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found: dict[str, dict[str, str]] = {}
        for table in {item.edition.table for item in editions().values()}:
            for antigen, series in series_of(table).items():
                for name, doses in series:
                    found.setdefault(antigen, {})[f"{antigen}|{name}"] = f"{name} ({doses})"
        self.fields["series"].choices = [
            ("", _("Choose")),
            *((antigen, list(names.items())) for antigen, names in sorted(found.items())),
        ]

    def facts(self) -> dict[str, Any]:
        """What the action takes."""
        said = dict(self.cleaned_data)
        antigen, _, series = said.pop("series").partition("|")
        return {**said, "antigen": antigen, "series": series, "dose": said["dose"] or 0}
