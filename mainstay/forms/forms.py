"""What is typed on the pages of forms: the answers of any form, the signature under it, a scan of its paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from mainstay.forms.actions import Signing
from mainstay.forms.models import FormResponse
from mainstay.forms.queries import SignerChoice, proxy_named
from mainstay.forms.rules import minor_services
from mainstay.forms.rules_signing import Answers, answers_in, is_drawing
from mainstay.forms.texts import FormText, Part, PartKind, in_language, phrases, text_of
from mainstay.foundation.fields import BirthDateField, DayField

PREFIX = "a_"
LANGUAGE_CHOICES = [("en", "English"), ("es", "Español")]


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One part of a form on the screen: its words, and the field if it is asked."""

    kind: str
    words: str
    bound: BoundField | None
    is_group: bool = False
    is_for_staff: bool = False
    is_required: bool = False


class AnswersForm(forms.Form):
    """The questions of one form in one language. `asks_staff` adds what the clinic fills in itself."""

    use_required_attribute = False  # a browser would complain in its own language, not in the form's

    def __init__(self, *args: Any, response: FormResponse, asks_staff: bool, **kwargs: Any) -> None:
        self.response, self.text = response, text_of(response.form, response.version)
        self.asks_staff = asks_staff
        answers = response.answers or {}
        kwargs.setdefault("initial", {PREFIX + key: answer for key, answer in answers.items()})
        super().__init__(*args, **kwargs)
        for part in self.asked():
            self.fields[PREFIX + part.key] = field_for(part, response.language)

    def asked(self) -> Iterator[Part]:
        """The questions shown here."""
        return (part for part in self.text.questions if self.asks_staff or not part.is_for_staff)

    def rows(self) -> Iterator[AnswerRow]:
        """The parts in order, as the template draws them."""
        for part in self.text.parts:
            words = in_language(part.words, self.response.language)
            if not part.is_asked:
                yield AnswerRow(str(part.kind), words, None)
            elif PREFIX + part.key in self.fields:
                bound = self[PREFIX + part.key]
                yield AnswerRow(
                    str(part.kind),
                    words,
                    bound,
                    is_group=bool(part.options),
                    is_for_staff=part.is_for_staff,
                    is_required=part.is_required,
                )
            elif answer := self.response.answers.get(part.key):
                yield AnswerRow("text", f"{words}: {answer}", None)

    def clean(self) -> dict[str, Any]:
        """A question that another answer brings up is asked only then."""
        said = super().clean() or {}
        answers = {name.removeprefix(PREFIX): value for name, value in said.items()}
        for part in self.asked():
            missing = part.is_required and part.only_if and part.applies(answers) and not answers.get(part.key)
            if missing:
                self.add_error(PREFIX + part.key, phrases(self.response.language)["required"])
        return said

    def answers(self) -> Answers:
        """The answers, with what the clinic filled in before."""
        kept = {k: v for k, v in self.response.answers.items() if k not in {p.key for p in self.asked()}}
        said = {n.removeprefix(PREFIX): v for n, v in self.cleaned_data.items() if v}
        return kept | {k: v.isoformat() if isinstance(v, date) else v for k, v in said.items()}


def field_for(part: Part, language: str) -> forms.Field:
    """The field that asks one question."""
    say = phrases(language)
    is_required = part.is_required and part.only_if is None
    errors = {"required": say["required"], "invalid_choice": say["choose"]}
    common: dict[str, Any] = {
        "label": in_language(part.words, language),
        "required": is_required,
        "error_messages": errors,
    }
    choices = [(code, in_language(words, language)) for code, words in part.options]
    if part.kind is PartKind.MANY:
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
    if choices:
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
    if part.kind is PartKind.DAY:
        return DayField(**common)
    rows = forms.Textarea(attrs={"rows": 3}) if part.kind is PartKind.LONG else forms.TextInput()
    return forms.CharField(max_length=2000, widget=rows, **common)


def typed_answers(text: FormText, posted: Any) -> Answers:
    """The answers in a form that is still being filled in, as far as they go."""
    names = (name for name in posted if name.startswith(PREFIX))
    return answers_in(text, {name.removeprefix(PREFIX): posted.getlist(name) for name in names})


class SignForm(forms.Form):
    """The signature: who signs, their name as typed, drawn if they like."""

    use_required_attribute = False

    def __init__(
        self, *args: Any, response: FormResponse, signers: Sequence[SignerChoice], is_minor: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.response, say = response, phrases(response.language)
        errors = {"required": say["required"], "invalid_choice": say["choose"]}
        named = [(s.value, s.label if s.value != "patient" else f"{s.label}, {say['the_patient']}") for s in signers]
        self.fields["signer"] = forms.ChoiceField(
            label=say["i_am"], choices=named, widget=forms.RadioSelect, error_messages=errors
        )
        self.fields["signer_name"] = forms.CharField(
            label=say["typed_name"],
            max_length=120,
            error_messages=errors,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
        self.fields["drawing"] = forms.CharField(required=False, widget=forms.HiddenInput)
        if is_minor:
            services = [("", "–"), *((s.code, s.title) for s in minor_services().values())]
            self.fields["service"] = forms.ChoiceField(
                label=_("Kind of care, if the young patient signs alone"), choices=services, required=False
            )

    def clean_drawing(self) -> str:
        """The strokes, or nothing when they are not strokes."""
        drawn = self.cleaned_data["drawing"].strip()
        return drawn if is_drawing(drawn) else ""

    def signing(self, how: str) -> Signing:
        """Who signs and how."""
        said = self.cleaned_data
        return Signing(
            name=said["signer_name"],
            how=how,
            proxy=proxy_named(self.response, said["signer"]),
            drawing=said["drawing"],
            service=said.get("service", ""),
            interpreter=said.get("interpreter", ""),
            is_witnessed=said.get("is_witnessed", False),
        )


class DeskSignForm(SignForm):
    """The signature at the desk, where somebody may witness it."""

    interpreter = forms.CharField(label=_("Interpreter, name or number"), max_length=80, required=False)
    is_witnessed = forms.BooleanField(label=_("I saw this person sign"), required=False)


class TabletSignForm(SignForm):
    """The signature on the tablet, agreed to as one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say = phrases(self.response.language)
        missing = {"required": say["agree_missing"]}
        self.fields["agree"] = forms.BooleanField(label=say["agree"], error_messages=missing)


class GiveForm(forms.Form):
    """Another form to give out."""

    form = forms.ChoiceField(label=_("Form"))
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGE_CHOICES)

    def __init__(self, *args: Any, offered: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form"].choices = offered


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class ScanForm(forms.Form):
    """A paper that was signed by hand."""

    file = forms.FileField(label=_("The scan: PDF, PNG or JPEG"))
    family_name = forms.CharField(label=_("Family name on the paper"), max_length=80)
    birth_date = BirthDateField(label=_("Birth date on the paper"))
    signer = forms.ChoiceField(label=_("Signed by"), widget=forms.RadioSelect)
    signer_name = forms.CharField(label=_("Name as signed"), max_length=120)
    interpreter = forms.CharField(label=_("Interpreter, name or number"), max_length=80, required=False)
    is_witnessed = forms.BooleanField(label=_("I saw this person sign"), required=False)

    def __init__(self, *args: Any, response: FormResponse, signers: Sequence[SignerChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.response = response
        self.fields["signer"].choices = [(s.value, s.label) for s in signers]

    def signing(self) -> Signing:
        """Who signed the paper."""
        said = self.cleaned_data
        return Signing(
            name=said["signer_name"],
            how="paper",
            proxy=proxy_named(self.response, said["signer"]),
            interpreter=said["interpreter"],
            is_witnessed=said["is_witnessed"],
        )


class LeafletForm(forms.Form):
    """A leaflet handed out."""

    HOW = [("printed", _("Printed")), ("read_aloud", _("Read aloud")), ("sent", _("Sent"))]
    leaflet = forms.ChoiceField(label=_("Leaflet"))
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGE_CHOICES)
    how = forms.ChoiceField(label=_("How"), choices=HOW)
    said_back = forms.CharField(label=_("What they said back, in their words"), max_length=200, required=False)

    def __init__(self, *args: Any, offered: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leaflet"].choices = offered
