"""What is typed about doses given elsewhere, and about facts that decide what is due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mainstay.foundation.fields import DayField
from mainstay.immunizations.actions import DoseElsewhere
from mainstay.immunizations.queries import EVIDENCE, SOURCES, facts_to_choose, likely_duplicate
from mainstay.immunizations.rules.due import DoseOnPaper
from mainstay.immunizations.vaccine_names import VaccineNamed, vaccine_named

ROWS = 6
EVIDENCES = list(EVIDENCE.items())
DIFFERENT_DOSE = "different_doses"


def _vaccine(words: str) -> VaccineNamed:
    named = vaccine_named(words)
    if named is None:
        raise ValidationError(f"“{words}” is not clear. Type a product, a CVX code or a plain name such as MMR.")
    return named


class DosesElsewhereForm(forms.Form):
    """Several doses at once, a row for each: vaccine, day, lot; what was seen counts for all of them."""

    evidence = forms.ChoiceField(label=_("What you are reading from"), choices=[("", _("Choose")), *EVIDENCES])
    evidence_note = forms.CharField(label=_("Which one"), required=False, max_length=120)
    different_doses = forms.BooleanField(
        label=_("These are different doses, not the same ones again"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, known: Sequence[DoseOnPaper] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        self.doses: list[DoseElsewhere] = []
        for number in range(1, ROWS + 1):
            vaccine = forms.TextInput(attrs={"list": "vaccine-names", "autocomplete": "off"})
            self.fields[f"vaccine_{number}"] = forms.CharField(
                label=_("Vaccine %(number)d") % {"number": number}, required=False, max_length=120, widget=vaccine
            )
            self.fields[f"given_on_{number}"] = DayField(
                label=_("Given on %(number)d") % {"number": number}, required=False, prefer="past"
            )
            self.fields[f"lot_{number}"] = forms.CharField(
                label=_("Lot %(number)d") % {"number": number}, required=False, max_length=30
            )

    def rows(self) -> Iterator[tuple[int, Any, Any, Any]]:
        """The fields, row by row."""
        for number in range(1, ROWS + 1):
            yield number, self[f"vaccine_{number}"], self[f"given_on_{number}"], self[f"lot_{number}"]

    def clean(self) -> dict[str, Any]:
        """Read the rows into doses, and ask about those that are likely on record already."""
        said = super().clean() or {}
        repeated = []
        for number in range(1, ROWS + 1):
            if dose := self._dose(number, said):
                known = [*self.known, *_on_paper(self.doses)]
                if same := likely_duplicate(known, dose.cvx, dose.given_on):
                    repeated.append((number, same))
                self.doses.append(dose)
        if not self.doses and not self.errors:
            self.add_error("vaccine_1", _("Write down at least one dose."))
        if repeated and not said.get(DIFFERENT_DOSE):
            self._ask_about(repeated)
        return said

    def _dose(self, number: int, said: dict[str, Any]) -> DoseElsewhere | None:
        words, given_on = said.get(f"vaccine_{number}", ""), said.get(f"given_on_{number}")
        if not words and not given_on:
            return None
        if not words:
            self.add_error(f"vaccine_{number}", _("Which vaccine was it?"))
            return None
        if given_on is None:
            if f"given_on_{number}" not in self.errors:
                self.add_error(f"given_on_{number}", _("When was it given?"))
            return None
        try:
            named = _vaccine(words)
        except ValidationError as refusal:
            self.add_error(f"vaccine_{number}", refusal)
            return None
        return DoseElsewhere(
            cvx=named.cvx,
            given_on=given_on,
            mvx=named.mvx,
            product=named.name if named.mvx else "",
            lot_number=said.get(f"lot_{number}", ""),
            evidence=said.get("evidence", ""),
            evidence_note=said.get("evidence_note", ""),
        )

    def _ask_about(self, repeated: list[tuple[int, str]]) -> None:
        self.fields[DIFFERENT_DOSE].widget = forms.CheckboxInput()
        for number, same in repeated:
            self.add_error(f"vaccine_{number}", f"This is likely the dose on record already: {same}.")


def _on_paper(doses: Sequence[DoseElsewhere]) -> list[DoseOnPaper]:
    from mainstay.immunizations.vaccine_names import antigens_of, name_of_vaccine

    return [
        DoseOnPaper(antigens_of(dose.cvx), dose.given_on, f"{name_of_vaccine(dose.cvx)}, {dose.given_on:%m/%d/%Y}")
        for dose in doses
    ]


class AmendDoseForm(forms.Form):
    """What was written wrong about one dose given elsewhere."""

    vaccine = forms.CharField(
        label=_("Vaccine"),
        max_length=120,
        widget=forms.TextInput(attrs={"list": "vaccine-names", "autocomplete": "off"}),
    )
    given_on = DayField(label=_("Given on"), prefer="past")
    lot_number = forms.CharField(label=_("Lot"), required=False, max_length=30)
    evidence = forms.ChoiceField(label=_("What you are reading from"), choices=EVIDENCES)
    evidence_note = forms.CharField(label=_("Which one"), required=False, max_length=120)
    reason = forms.CharField(label=_("What was wrong"), max_length=200)

    def clean_vaccine(self) -> VaccineNamed:
        """The vaccine that is meant."""
        return _vaccine(self.cleaned_data["vaccine"])

    def dose(self) -> DoseElsewhere:
        """The dose as it should have been written."""
        said = self.cleaned_data
        named: VaccineNamed = said["vaccine"]
        return DoseElsewhere(
            cvx=named.cvx,
            given_on=said["given_on"],
            mvx=named.mvx,
            product=named.name if named.mvx else "",
            lot_number=said["lot_number"],
            evidence=said["evidence"],
            evidence_note=said["evidence_note"],
        )


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label=_("Why"), max_length=200)


class FactForm(forms.Form):
    """A fact of the schedule that holds for a patient, or does not."""

    code = forms.ChoiceField(label=_("What"))
    holds = forms.ChoiceField(
        label=_("Is it so?"), choices=[("yes", _("Yes, it is so")), ("no", _("No, it is not so"))]
    )
    on = DayField(label=_("Since, or on"), required=False, prefer="past")
    source = forms.ChoiceField(label=_("Who said so"), choices=[("", _("Choose")), *SOURCES.items()])
    note = forms.CharField(label=_("In their words"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [("", _("Choose")), *facts_to_choose()]


class TalkForm(forms.Form):
    """What came of talking a vaccine over."""

    group = forms.CharField(max_length=40, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=[("wanted", _("Wants it")), ("not_wanted", _("Does not want it")), ("undecided", _("Thinks it over"))],
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=300)
