"""What people do with forms and leaflets."""

from mainstay.forms.actions.giving import decline_form, give_form, give_forms, keep_answers, take_back_form
from mainstay.forms.actions.leaflets import give_leaflet, withdraw_leaflet
from mainstay.forms.actions.signing import (
    Signing,
    explain_form,
    file_signed_paper,
    sign_form,
    withdraw_form,
    witness_form,
)

__all__ = [
    "Signing",
    "decline_form",
    "explain_form",
    "file_signed_paper",
    "give_form",
    "give_forms",
    "give_leaflet",
    "keep_answers",
    "sign_form",
    "take_back_form",
    "withdraw_form",
    "withdraw_leaflet",
    "witness_form",
]
