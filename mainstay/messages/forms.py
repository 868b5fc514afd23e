"""What people type on the phone and in messages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mainstay.chart.models import Medication
from mainstay.foundation.errors import InvalidInput
from mainstay.messages.actions import CallerSaid, Ending, Matter, ReadOut
from mainstay.messages.models import Booking, Reached, Thread
from mainstay.messages.queries import ASKED, RefillSaid, questions_for_refill, stops_booking
from mainstay.messages.queries.calls import AGAIN, IMMUNE, OPERATED, PREGNANT, WORRIED
from mainstay.messages.rules import categories
from mainstay.people.queries import read_phone
from mainstay.workforce.models import Staff

IDENTIFIERS = [
    ("name", _("Full name")),
    ("birth_date", _("Date of birth")),
    ("address", _("Address")),
    ("phone", _("Phone number on file")),
    ("last4", _("Last four of the social")),
    ("code", _("Portal code")),
]
YES_NO_UNSURE = [("yes", _("Yes")), ("no", _("No")), ("unsure", _("Not sure"))]
FACTS = (
    (PREGNANT, _("Pregnant, or gave birth in the last 6 weeks?")),
    (IMMUNE, _("Cancer treatment, transplant, no spleen, or other weak immunity?")),
    (OPERATED, _("An operation in the last 30 days?")),
    (AGAIN, _("Called about the same thing in the last 3 days?")),
    (WORRIED, _("Is the caller worried that something is wrong?")),
)
CHANNELS = [
    ("voicemail", _("Voicemail")),
    ("portal", _("Portal")),
    ("fax", _("Fax")),
    ("in_person", _("At the desk")),
    ("outside", _("Pharmacy, laboratory or hospital")),
]
ACTIONS = [
    ("emergency", _("911 or 988 was called; I stay on the line")),
    ("warm_transfer", _("A clinician took the call")),
    ("message", _("Leave a message for the owner, with its clock")),
    ("booked", _("A visit was booked")),
    ("answered", _("Answered with fixed facts (hours, place, form status)")),
]


def category_choices() -> list[tuple[str, str]]:
    """Every category, to choose from."""
    return [("", "Choose"), *((c.code, c.title) for c in categories().values())]


class CallerForm(forms.Form):
    """Where to call back and where to send help; who is calling."""

    number = forms.CharField(label=_("Call-back number"), required=False, max_length=30)
    location = forms.CharField(label=_("Where are they right now? (for 911)"), required=False, max_length=160)
    name = forms.CharField(label=_("Who is calling"), required=False, max_length=120)
    relation = forms.ChoiceField(
        label=_("Calling for"),
        choices=[("self", _("Themselves")), ("other", _("Somebody else")), ("office", _("An office or pharmacy"))],
    )
    interpreter = forms.CharField(label=_("Interpreter (language, number)"), required=False, max_length=80)
    voicemail = forms.BooleanField(label=_("A voicemail with content may be left"), required=False)

    def clean_number(self) -> str:
        """A number that can be dialed, as typed."""
        typed = self.cleaned_data["number"]
        if typed.strip():
            try:
                read_phone(typed)
            except InvalidInput as error:
                raise ValidationError(error.message) from None
        return str(typed)

    def said(self) -> CallerSaid:
        """What the caller said."""
        d = self.cleaned_data
        voicemail = "yes" if d["voicemail"] else "no"
        return CallerSaid(d["number"], d["location"], d["name"], d["relation"], d["interpreter"], voicemail)


class IdentifyForm(forms.Form):
    """Whom it is about, by two identifiers."""

    patient = forms.UUIDField(widget=forms.HiddenInput)
    identifiers = forms.MultipleChoiceField(
        label=_("Checked with the caller"),
        choices=IDENTIFIERS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Check two identifiers with the caller first.")},
    )


class ReasonForm(forms.Form):
    """Why they call."""

    words = forms.CharField(
        label=_("Reason, in the caller's own words"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000
    )
    onset = forms.CharField(label=_("Since when"), required=False, max_length=80)
    category = forms.ChoiceField(label=_("About"))
    pharmacy = forms.CharField(label=_("Pharmacy, if it matters"), required=False, max_length=120)
    last_known_well = forms.CharField(label=_("Stroke signs: last seen well at"), required=False, max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = category_choices()


class EndForm(forms.Form):
    """Where the call goes."""

    action = forms.ChoiceField(label=_("Where it goes"), choices=ACTIONS, widget=forms.RadioSelect)
    clinician = forms.ModelChoiceField(
        label=_("Clinician who took it"),
        queryset=Staff.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=_("Nobody yet"),
    )
    second_person = forms.ModelChoiceField(
        label=_("Second person, who called for help"),
        queryset=Staff.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=_("Nobody yet"),
    )
    safety_net_given = forms.BooleanField(label=_("I read the safety net aloud"), required=False)
    read_back = forms.BooleanField(label=_("They said back what happens next"), required=False)

    def __init__(self, *args: Any, clinicians: QuerySet[Staff], colleagues: QuerySet[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clinician"].queryset = clinicians
        self.fields["second_person"].queryset = colleagues

    def ending(self) -> Ending:
        """Where the call went."""
        d = self.cleaned_data
        return Ending(
            action=d["action"],
            safety_net="yes" if d["safety_net_given"] else "no",
            read_back="yes" if d["read_back"] else "no",
            clinician=d["clinician"],
            second_person=d["second_person"],
        )


class NewMessageForm(forms.Form):
    """Something that came in by another way than a call."""

    channel = forms.ChoiceField(label=_("How it came"), choices=CHANNELS)
    category = forms.ChoiceField(label=_("About"))
    text = forms.CharField(label=_("Their words, exactly"), widget=forms.Textarea(attrs={"rows": 5}), max_length=8000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = category_choices()


class TextForm(forms.Form):
    """A word among colleagues, or what the patient wrote next."""

    text = forms.CharField(label=_("Message"), widget=forms.Textarea(attrs={"rows": 3}), max_length=8000)


class AnswerForm(forms.Form):
    """A clinician's answer."""

    disposition = forms.CharField(label=_("Decided"), max_length=240)
    text = forms.CharField(
        label=_("Words for the patient, exactly as they are read out"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=8000,
    )
    relay = forms.ChoiceField(
        label=_("Then"),
        choices=[("read_out", _("Have it read to the patient")), ("not_needed", _("I told them myself"))],
    )
    booking = forms.ChoiceField(
        label=_("May the desk book this now?"),
        choices=[
            (Booking.MAY, _("Yes: book as decided above")),
            (Booking.MUST_NOT, _("No: it is dealt with in another way")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether the desk may book this now.")},
    )

    def __init__(self, *args: Any, thread: Thread, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not stops_booking(thread):
            del self.fields["booking"]


class RelayForm(forms.Form):
    """How the words were read."""

    told_to = forms.CharField(label=_("Told to"), max_length=120)
    relation = forms.CharField(label=_("Who is"), max_length=40, initial="self")
    taught_back = forms.BooleanField(label=_("They said it back correctly"), required=False)
    question = forms.CharField(label=_("Their question, passed up word for word"), required=False, max_length=300)

    def read_out(self) -> ReadOut:
        """How it was read."""
        d = self.cleaned_data
        return ReadOut(d["told_to"], d["relation"], "yes" if d["taught_back"] else "no", d["question"])


class CloseForm(forms.Form):
    """What came of it."""

    outcome = forms.CharField(label=_("What came of it"), max_length=240)


class SplitForm(forms.Form):
    """The requests one message holds, each with what it is about."""

    PARTS = 4

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(1, self.PARTS + 1):
            self.fields[f"words_{n}"] = forms.CharField(label=_("Their words"), required=n < 3, max_length=160)
            self.fields[f"category_{n}"] = forms.ChoiceField(
                label=_("About"), choices=category_choices(), required=n < 3
            )

    def pairs(self) -> list[tuple[Any, Any]]:
        """The rows of the form."""
        return [(self[f"words_{n}"], self[f"category_{n}"]) for n in range(1, self.PARTS + 1)]

    def parts(self) -> list[Matter]:
        """What was typed, as matters."""
        d = self.cleaned_data
        rows = [(d[f"words_{n}"], d[f"category_{n}"]) for n in range(1, self.PARTS + 1)]
        return [Matter(words, category) for words, category in rows if words or category]


class TriedForm(forms.Form):
    """What came of dialing."""

    number = forms.CharField(label=_("Number dialed"), required=False, max_length=30)
    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=[
            (Reached.SPOKE, _("Spoke with them, two identifiers checked")),
            (Reached.NO_ANSWER, _("No answer")),
            (Reached.VOICEMAIL, _("Voicemail: name and call-back number only")),
            (Reached.BUSY, _("Busy")),
            (Reached.WRONG_NUMBER, _("Wrong number")),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=240)


class RefillForm(forms.Form):
    """What a person confirms about a refill; the chart answers the rest."""

    holds = forms.MultipleChoiceField(
        label=_("Looked up and true"),
        choices=list(ASKED.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    days_early = forms.IntegerField(label=_("Days early"), required=False, min_value=0, max_value=365)
    is_change = forms.BooleanField(label=_("They ask for another dose or drug"), required=False)
    is_out = forms.BooleanField(label=_("They are out of it, or will be today"), required=False)

    def __init__(self, *args: Any, medication: Medication | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = dict(questions_for_refill(medication)) if medication else {}
        for code, words in self.asked.items():
            self.fields[f"x_{code}"] = forms.ChoiceField(
                label=words, choices=[("", _("Not asked")), ("no", _("No")), ("yes", _("Yes"))], required=False
            )

    def exclusions(self) -> list[Any]:
        """The fields that may send it up."""
        return [self[f"x_{code}"] for code in self.asked]

    def said(self) -> RefillSaid:
        """What was confirmed and answered."""
        d = self.cleaned_data
        return RefillSaid(
            holds=frozenset(d["holds"]),
            exclusions={code: d[f"x_{code}"] for code in self.asked if d[f"x_{code}"]},
            days_early=d["days_early"] or 0,
            is_change="yes" if d["is_change"] else "no",
            is_out="yes" if d["is_out"] else "no",
        )
