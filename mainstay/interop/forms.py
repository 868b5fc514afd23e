"""What is typed about partners and their messages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.interop.actions import RegistryFacts
from mainstay.interop.models import Processing, RegistryConnection


class RegistryForm(forms.Form):
    """How a site reaches its registry."""

    name = forms.CharField(label=_("Name of the registry"), max_length=80)
    facility = forms.CharField(label=_("Our facility id"), max_length=60, help_text=_("As the registry assigned it."))
    authority = forms.CharField(
        label=_("Assigning authority of our record numbers"), max_length=60, help_text=_("Often the facility id.")
    )
    sender = forms.CharField(label=_("Our application name"), max_length=60, initial="MAINSTAY")
    registry = forms.CharField(label=_("Their application name"), max_length=60, required=False)
    registry_facility = forms.CharField(label=_("Their facility name"), max_length=60, required=False)
    processing = forms.ChoiceField(
        label=_("What it is for"),
        choices=[(Processing.TEST, _("Test: the registry keeps nothing")), (Processing.PRODUCTION, _("Production"))],
    )
    host = forms.CharField(label=_("Host"), max_length=120)
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535)
    uses_tls = forms.BooleanField(label=_("Encrypted (TLS)"), required=False, initial=True)
    ca_file = forms.CharField(
        label=_("File with the authorities we trust"),
        max_length=240,
        required=False,
        help_text=_("A path on the server. Empty: those of the system."),
    )
    certificate_file = forms.CharField(label=_("File with our certificate"), max_length=240, required=False)
    key_file = forms.CharField(label=_("File with its key"), max_length=240, required=False)
    passphrase = forms.CharField(
        label=_("Passphrase of the key"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Kept sealed. Empty: as it is."),
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    @classmethod
    def of(cls, connection: RegistryConnection | None, typed: Any = None) -> RegistryForm:
        """The form of a connection as it is."""
        names = [name for name in RegistryFacts.__dataclass_fields__ if name != "passphrase"]
        return cls(typed, initial={name: getattr(connection, name) for name in names} if connection else None)

    def facts(self) -> RegistryFacts:
        """What was typed."""
        typed = {**self.cleaned_data, "processing": Processing(self.cleaned_data["processing"])}
        return RegistryFacts(**typed)


class RepairForm(forms.Form):
    """An edited copy of a message, and what was changed."""

    text = forms.CharField(
        label=_("Edited copy"),
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false", "class": "code"}),
        help_text=_("One segment a line. The original stays as it is."),
        strip=False,
    )
    reason = forms.CharField(label=_("What you changed, and why"), max_length=240)


class ReasonForm(forms.Form):
    """Why something is put aside."""

    reason = forms.CharField(label=_("Why"), max_length=240)
