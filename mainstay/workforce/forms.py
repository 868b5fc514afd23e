"""What is typed to sign in."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SignInForm(forms.Form):
    """A name and a password."""

    username = forms.CharField(
        label=_("Name you sign in with"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
