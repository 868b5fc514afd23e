"""What people type about work."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mainstay.foundation.fields import DayField
from mainstay.workforce.models import Staff

END_OF_DAY = time(17)


class OutcomeForm(forms.Form):
    """What came of it."""

    outcome = forms.CharField(label=_("What came of it"), max_length=300, required=False)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class GiveBackForm(forms.Form):
    """Why it goes back, if there is something to say."""

    reason = forms.CharField(label=_("What is left to do"), max_length=300, required=False)


class AssignForm(forms.Form):
    """To whom."""

    to = forms.ModelChoiceField(
        label=_("Give to"), queryset=Staff.objects.none(), to_field_name="public_id", empty_label=_("Choose")
    )

    def __init__(self, *args: Any, people: QuerySet[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = people


class ReadBackForm(forms.Form):
    """What was read back."""

    read_back = forms.CharField(label=_("Read back"), max_length=300, required=False)


class ExtendForm(forms.Form):
    """Until when we wait longer, and why."""

    until = DayField(label=_("Wait until"))
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def until_moment(self, zone: ZoneInfo) -> datetime:
        """The close of the day chosen, at the site."""
        return datetime.combine(self.cleaned_data["until"], END_OF_DAY, tzinfo=zone)
