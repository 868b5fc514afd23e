"""What is typed in the room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mainstay.chart.queries import Entry, ItemKind, PanelItem, Symptom
from mainstay.foundation.fields import DayField
from mainstay.scheduling.queries import providers
from mainstay.visits.models import LooseEndKind

IDENTIFIERS = [
    ("name", _("Full name, said by the patient")),
    ("birth_date", _("Date of birth")),
    ("address", _("Address")),
    ("photo", _("Photo on file")),
]
TOLD_BY = [
    ("patient", _("Patient")), ("parent", _("Parent")), ("proxy", _("Proxy")), ("family", _("Family")),
    ("interpreter", _("Through an interpreter")), ("record", _("A record")),
]  # fmt: skip
CHAPERONE = [("", _("Not needed")), ("accepted", _("Accepted")), ("declined", _("Declined"))]
HOW_TOLD = [("in_person", _("In person")), ("phone", _("By phone")), ("secure_message", _("By secure message"))]


class PartForm(forms.Form):
    """One of many forms on a page: its fields' ids begin with its own name, so that no two labels lead to one field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{type(self).__name__.removesuffix('Form').lower()}-%s")
        super().__init__(*args, **kwargs)


class IdentifyForm(PartForm):
    """Two identifiers, said by the patient in the room."""

    identifiers = forms.MultipleChoiceField(
        label=_("Ask, do not read out"), choices=IDENTIFIERS, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Check two identifiers with the patient first.")},
    )  # fmt: skip


class WrongPatientForm(PartForm):
    """Somebody else is in the room."""

    said = forms.CharField(
        label=_("Name and date of birth they gave"), max_length=120,
        error_messages={"required": _("Write the name or date of birth the person gave.")},
    )  # fmt: skip


class ReasonForm(PartForm):
    """Why they came, in their own words."""

    words = forms.CharField(label=_("Reason, in the patient's own words"), widget=forms.Textarea(attrs={"rows": 3}))
    onset = forms.CharField(label=_("Since when"), required=False, max_length=80)
    told_by = forms.ChoiceField(label=_("Told by"), choices=TOLD_BY)
    symptoms = forms.MultipleChoiceField(
        label=_("Any of these now?"),
        choices=[(s, str(s).capitalize()) for s in Symptom],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    interpreter = forms.CharField(label=_("Interpreter (name or number)"), required=False, max_length=80)
    chaperone = forms.ChoiceField(label=_("Chaperone"), choices=CHAPERONE, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def unlike(self, saved: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Where what is saved differs from what was typed: the field's name, and what is saved in words."""
        return [
            (str(self.fields[name].label), _in_words(self.fields[name], saved[name]))
            for name in self.fields
            if name != "version" and saved[name] != self.cleaned_data[name]
        ]


def _in_words(field: forms.Field, value: Any) -> str:
    named = {str(code): str(label) for code, label in getattr(field, "choices", ())}
    values = value if isinstance(value, list) else [value]
    return ", ".join(named.get(str(one), str(one)) for one in values if one) or "–"


class PanelForm(forms.Form):
    """One panel as declared: a field per item, and how each was taken."""

    def __init__(self, *args: Any, items: Iterable[PanelItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.panel_items = [item for item in items if item.kind is not ItemKind.CALCULATED]
        for item in self.panel_items:
            self._add(item)

    def _add(self, item: PanelItem) -> None:
        if item.kind is ItemKind.CHOICE:
            choices = [("", "–"), *((c.code, c.label) for c in item.choices)]
            self.fields[item.key] = forms.ChoiceField(label=item.label, choices=choices, required=False)
        elif item.kind is ItemKind.DATE:
            self.fields[item.key] = DayField(label=item.label, required=False, prefer="past")
        else:
            wide = {"class": "wide"} if item.kind is ItemKind.PRESSURE else {}
            widget = forms.TextInput(attrs={"inputmode": "text", **wide})
            self.fields[item.key] = forms.CharField(label=item.label, required=False, max_length=60, widget=widget)
        for column, offered in item.technique.items():
            choices = [("", _(column.replace("_", " ").capitalize())), *((c.code, c.label) for c in offered)]
            label = f"{item.label}: {column.replace('_', ' ')}"
            self.fields[f"{item.key}.{column}"] = forms.ChoiceField(label=label, choices=choices, required=False)
        if item.asks_oxygen:
            air = [("", _("Air or oxygen?")), ("no", _("On room air")), ("yes", _("On oxygen"))]
            self.fields[f"{item.key}.oxygen"] = forms.ChoiceField(label=_("Air"), choices=air, required=False)

    def show_only(self, items: Iterable[PanelItem]) -> None:
        """Ask only for these; what was typed for another is still read."""
        asked = {item.key for item in items}
        self.panel_items = [item for item in self.panel_items if item.key in asked]

    def entries(self) -> dict[str, Entry]:
        """What was entered, by item."""
        typed = self.cleaned_data
        found = {}
        for item in self.panel_items:
            value = typed.get(item.key)
            technique = {c: typed.get(f"{item.key}.{c}", "") for c in item.technique}
            is_day = item.kind is ItemKind.DATE
            found[item.key] = Entry(
                text="" if is_day else (value or ""),
                day=value if is_day else None,
                technique={k: v for k, v in technique.items() if v},
                is_on_oxygen={"yes": True, "no": False}.get(typed.get(f"{item.key}.oxygen", "")),
            )
        return found

    def clean(self) -> dict[str, Any]:
        """At least one value."""
        if not any(self.cleaned_data.get(item.key) for item in self.panel_items):
            raise ValidationError(_("Enter at least one value."))
        return self.cleaned_data


class TellForm(PartForm):
    """Who was told, and how."""

    to = forms.ModelChoiceField(label=_("Told"), queryset=None, to_field_name="public_id")
    how = forms.ChoiceField(label=_("How"), choices=HOW_TOLD)
    others = forms.BooleanField(label=_("The other values too, said together"), required=False)

    def __init__(self, *args: Any, site_id: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = providers.queryset(at=site_id)


class AnswerForm(PartForm):
    """What the provider said."""

    answer = forms.CharField(label=_("What the provider said, word for word"), max_length=300)
    recheck_minutes = forms.IntegerField(label=_("Check again in"), required=False, min_value=1, max_value=240)
    others = forms.BooleanField(label=_("The same for the other values"), required=False)


class CloseLoopForm(PartForm):
    """Why a loop closes without a second measurement."""

    reason = forms.CharField(label=_("If not measured again: why"), required=False, max_length=200)


class HandOffForm(PartForm):
    """The hand-off, in the order of SBAR without the assessment: that is the provider's."""

    to = forms.ModelChoiceField(label=_("To"), queryset=None, to_field_name="public_id")
    situation = forms.CharField(label=_("Situation"), widget=forms.Textarea(attrs={"rows": 2}))
    background = forms.CharField(label=_("Background"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    request = forms.CharField(label=_("What the patient asks for"), required=False, max_length=240)

    def __init__(self, *args: Any, site_id: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = providers.queryset(at=site_id)


class NoteForm(PartForm):
    """The provider's short note."""

    text = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 8}))
    plan_for_patient = forms.CharField(
        label=_("Plan in plain words, for the patient's summary"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AmendForm(NoteForm):
    """A signed note, amended."""

    because = forms.CharField(label=_("Why it is amended"), max_length=200)


class ArrangeForm(PartForm):
    """Something to arrange before the patient leaves."""

    kind = forms.ChoiceField(label=_("What"), choices=[(k, k.replace("_", " ").capitalize()) for k in LooseEndKind])
    text = forms.CharField(label=_("In a few words"), max_length=200)
    due_on = DayField(label=_("By"), required=False)


class ReadBackForm(PartForm):
    """The acknowledgement."""

    read_back = forms.CharField(label=_("Read back"), required=False, max_length=300)


class MedicationSaidForm(forms.Form):
    """What the patient says about one medicine."""

    taking = forms.ChoiceField(
        label=_("Taking"),
        choices=[("taking", _("Taking")), ("not_taking", _("Not taking")), ("differently", _("Differently"))],
    )
    words = forms.CharField(label=_("In the patient's words"), required=False, max_length=240)


class AllergyForm(PartForm):
    """A new allergy."""

    substance = forms.CharField(label=_("Allergic to"), max_length=120)
    reaction = forms.CharField(label=_("What happens"), required=False, max_length=160)
    severity = forms.ChoiceField(
        label=_("How bad"),
        choices=[("", _("Not known")), ("mild", _("Mild")), ("moderate", _("Moderate")), ("severe", _("Severe"))],
        required=False,
    )


class MedicationForm(PartForm):
    """A medicine the patient takes that is not on our list."""

    name = forms.CharField(label=_("Medicine"), max_length=200)
    dose = forms.CharField(label=_("Dose"), required=False, max_length=80)
    frequency = forms.CharField(label=_("How often"), required=False, max_length=80)
    is_over_the_counter = forms.BooleanField(label=_("Bought without a prescription"), required=False)


class DeclineForm(PartForm):
    """Why something was not answered or not done."""

    reason = forms.CharField(label=_("Why"), max_length=160)
