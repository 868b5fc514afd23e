"""What is typed while vaccines are given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.foundation.fields import ClockField, DayField
from mainstay.immunizations.actions import AnswerSaid
from mainstay.immunizations.queries.page import AskedLine, Card
from mainstay.immunizations.rules.funding import eligibilities_for
from mainstay.immunizations.rules.placing import EIGHTHS, Placement, routes, sites, sites_for
from mainstay.immunizations.rules.screening import blood_products
from mainstay.immunizations.rules.watching import reportables, signs
from mainstay.inventory.queries import reasons
from mainstay.workforce.models import Staff

IDENTIFIERS = [
    ("name", _("Full name, said by the patient or parent")),
    ("birth_date", _("Date of birth")),
    ("address", _("Address")),
    ("photo", _("Photo on file")),
]
ANSWERS = [("no", _("No")), ("yes", _("Yes")), ("unsure", _("Not sure"))]
TOLD_BY = [
    ("patient", _("Patient")), ("parent", _("Parent")), ("proxy", _("Proxy")),
    ("interpreter", _("Through an interpreter")),
]  # fmt: skip
LANGUAGES = [("en", _("English")), ("es", _("Spanish")), ("other", _("Another language"))]
HOW = [("paper", _("On paper")), ("screen", _("On a screen")), ("link", _("As a link"))]
OUTCOMES = [
    ("well", _("Well, the time is over")), ("left_early", _("Left before the time was over")),
    ("handed_over", _("Handed over to the provider or 911")),
]  # fmt: skip
REFUSED_WHY = [
    ("00", _("Parent's decision")), ("03", _("Patient's own decision")), ("01", _("Religious exemption")),
    ("02", _("Other")),
]  # fmt: skip
RECOVERED = [("yes", _("Yes")), ("no", _("Not yet")), ("unknown", _("Not known"))]


class PartForm(forms.Form):
    """One of many forms on a page: its ids begin with its own name and, for a vaccine's card, the card's number."""

    def __init__(self, *args: Any, part: object = "", **kwargs: Any) -> None:
        name = type(self).__name__.removesuffix("Form").lower()
        kwargs.setdefault("auto_id", f"{name}{part}-%s")
        super().__init__(*args, **kwargs)


class IdentifyForm(PartForm):
    """Two identifiers, said by the patient."""

    identifiers = forms.MultipleChoiceField(
        label=_("Ask, do not read out"), choices=IDENTIFIERS, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Check two identifiers with the patient first.")},
    )  # fmt: skip


class ScreeningForm(PartForm):
    """Every question, each with room for words; blood products with which and when."""

    told_by = forms.ChoiceField(label=_("Answered by"), choices=TOLD_BY)

    def __init__(self, *args: Any, asked: Sequence[AskedLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        for line in asked:
            self.fields[line.code] = forms.ChoiceField(label=line.words, choices=ANSWERS, required=False)
            self.fields[f"{line.code}_detail"] = forms.CharField(required=False, max_length=240, label=_("What, when"))
        if any(line.code == "blood_product" for line in asked):
            named = [("", "–"), *((one.code, one.name) for one in blood_products().values())]
            self.fields["blood_which"] = forms.ChoiceField(
                label=_("Which blood product"), choices=named, required=False
            )
            self.fields["blood_when"] = DayField(
                label=_("When was the blood product given"), required=False, prefer="past"
            )

    def rows(self) -> Iterable[tuple[AskedLine, str, str, object]]:
        """Each question with the answer and words so far, and its errors."""
        for line in self.asked:
            answer = self.data.get(line.code, "") if self.is_bound else line.answer
            detail = self.data.get(f"{line.code}_detail", "") if self.is_bound else line.detail
            yield line, answer, detail, self[line.code].errors

    def said(self) -> dict[str, AnswerSaid]:
        """The answers as given."""
        typed = self.cleaned_data
        return {
            line.code: AnswerSaid(
                typed.get(line.code, ""),
                typed.get(f"{line.code}_detail", ""),
                typed.get("blood_which", "") if line.code == "blood_product" else "",
                typed.get("blood_when") if line.code == "blood_product" else None,
            )
            for line in self.asked
        }


class EligibilityForm(PartForm):
    """Who pays today."""

    eligibility = forms.ChoiceField(label=_("Who pays for vaccines today?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, born: date, on: date, setting: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = eligibilities_for(born=born, on=on, setting=setting)
        self.fields["eligibility"].choices = [(one.code, f"{one.ask} ({one.code})") for one in offered]


class ScanForm(PartForm):
    """The vial, by scanner or typed."""

    scan = forms.CharField(
        label=_("Scan the vial"), max_length=200,
        error_messages={"required": _("Scan the vial, or pick the lot below.")},
        help_text=_("The square code on the vial or syringe. Lot number typed only when it does not scan."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scan"].required = not self.data.get("lot")


class PlaceForm(PartForm):
    """How much, by which route, where, with which needle."""

    volume = forms.DecimalField(label=_("Dose"), max_digits=5, decimal_places=2)
    route = forms.ChoiceField(label=_("Route"))
    site = forms.ChoiceField(label=_("Where"), widget=forms.RadioSelect)
    needle = forms.TypedChoiceField(label=_("Needle"), coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, card: Card, born: date, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        product = card.product
        ways = product.routes if product else ()
        self.fields["route"].choices = [(code, routes()[code].name.en) for code in ways]
        offered = dict.fromkeys(one for code in ways for one in sites_for(code, born=born, on=on))
        deep = [one for one in offered if one.code not in ("LT", "RT")]
        self.fields["site"].choices = [(one.code, one.name.en) for one in deep]
        needles = [("", "–"), *((n, f"{words} in") for n, words in EIGHTHS.items())]
        self.fields["needle"].choices = needles if card.advice else [("", "–")]

    def placement(self) -> Placement:
        """What was chosen."""
        typed = self.cleaned_data
        return Placement(Decimal(typed["volume"]), typed["route"], typed["site"], typed["needle"] or 0)


class StatementsForm(PartForm):
    """How the statements were handed over."""

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    how = forms.ChoiceField(label=_("How"), choices=HOW)
    multi = forms.BooleanField(label=_("The one statement for a child's first vaccines instead"), required=False)


class GiveForm(PartForm):
    """The act; a partial dose says how much and why."""

    volume_given = forms.DecimalField(label=_("Only so much went in"), max_digits=5, decimal_places=2, required=False)
    partial_because = forms.CharField(label=_("Because"), max_length=200, required=False)


class RefuseForm(PartForm):
    """Who refused, why, and their signature."""

    refused_because = forms.ChoiceField(label=_("Why"), choices=REFUSED_WHY)
    words = forms.CharField(label=_("In their words"), max_length=240, required=False)
    by_name = forms.CharField(label=_("Who refused"), max_length=120)
    by_relation = forms.CharField(label=_("Relation to the patient"), max_length=40, initial="self")
    signature = forms.CharField(label=_("Signed (their name, typed by them)"), max_length=120)

    def said(self) -> dict[str, str]:
        """The refusal as the action takes it."""
        typed = dict(self.cleaned_data)
        return {"reason": typed.pop("refused_because"), **typed}


class WitnessForm(PartForm):
    """Why a vial in hand is lost, and who saw it."""

    wasted_because = forms.ChoiceField(label=_("Why it is lost"))
    witness = forms.ModelChoiceField(
        label=_("Seen by"),
        help_text=_("Somebody else who saw it. Not needed for an open vial past its hours."),
        queryset=None,
        to_field_name="public_id",
        required=False,
        empty_label=_("Choose"),
    )

    def __init__(
        self, *args: Any, site_id: int, witnesses: Sequence[tuple[str, str]] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wasted_because"].choices = [(one.code, one.title) for one in reasons("waste").values()]
        self.fields["witness"].queryset = Staff.objects.filter(is_active=True, home_site_id=site_id).order_by("pk")
        if witnesses is not None:
            self.fields["witness"].widget.choices = witnesses

    def witnesses(self) -> list[tuple[str, str]]:
        """Who may be chosen, to be shared by the forms of one page."""
        return [(str(value), label) for value, label in self.fields["witness"].choices]


class ReasonForm(PartForm):
    """Why it is put aside."""

    reason = forms.CharField(label=_("Why"), max_length=240)


class BackForm(ReasonForm):
    """Why the vial goes back."""


class WordsForm(PartForm):
    """What makes somebody doubt, in words."""

    words = forms.CharField(label=_("In words"), max_length=280)


class DecideForm(WordsForm):
    """What a clinician decides on one doubt; `doubt` is its key."""

    def __init__(self, *args: Any, doubt: int, **kwargs: Any) -> None:
        super().__init__(*args, part=doubt, **kwargs)
        self.doubt = doubt


class EndWatchForm(PartForm):
    """How the watch ends."""

    outcome = forms.ChoiceField(label=_("How it ends"), choices=[("", _("Choose")), *OUTCOMES])
    words = forms.CharField(label=_("In words, if not well"), max_length=300, required=False)


class ReactionForm(PartForm):
    """What is seen."""

    seen = forms.MultipleChoiceField(label=_("What do you see?"), widget=forms.CheckboxSelectMultiple)
    words = forms.CharField(label=_("In words"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].choices = [(one.code, one.name) for one in signs().values()]


class TreatmentForm(PartForm):
    """What was done, how it went, and what a clinician calls it."""

    done = forms.CharField(label=_("What was done, by whom, when"), max_length=400)
    recovered = forms.ChoiceField(label=_("Recovered?"), choices=[("", _("Choose")), *RECOVERED])
    event = forms.ChoiceField(label=_("The clinician calls it"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["event"].choices = [("", "–"), *((one.event, one.name) for one in reportables())]


class ReportForm(PartForm):
    """The number VAERS gave."""

    number = forms.CharField(label=_("Number VAERS gave"), max_length=30)


class AmendForm(PartForm):
    """What was wrong with a given dose."""

    site = forms.ChoiceField(label=_("Where"), required=False)
    given_clock = ClockField(label=_("Given at"), required=False)
    scan = forms.CharField(label=_("The right lot, scanned or typed"), required=False, max_length=200)
    statement_how = forms.ChoiceField(
        label=_("Of another vaccine: its statement is handed over now"), choices=[("", _("No")), *HOW], required=False
    )
    statement_language = forms.ChoiceField(label=_("In"), choices=LANGUAGES, required=False)
    reason = forms.CharField(label=_("What was wrong, and how you know"), max_length=240)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].choices = [("", _("As it is")), *((one.code, one.name.en) for one in sites().values())]
