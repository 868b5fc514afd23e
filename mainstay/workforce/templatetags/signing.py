"""How somebody proved who they are, in words: `{{ record.how|spell_how }}` after `{% load signing %}`."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def spell_how(how: str) -> str:
    """The way of signing in, as people say it."""
    return {
        "password": _("Password"),
        "password_part": _("Password, first step"),
        "pin": _("PIN"),
        "totp": _("Authenticator app"),
        "passkey": _("Passkey"),
        "recovery_code": _("Recovery code"),
        "unlocked": _("Unlocked by a manager"),
    }.get(how, how)
