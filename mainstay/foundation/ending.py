"""Something is about to end, and what speaks against it is answered first."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from mainstay.foundation.components.forms import ASKED_PREFIX, IDEMPOTENCY_FIELD, REASON_PREFIX
from mainstay.foundation.findings import Finding


class EndForm(forms.Form):
    """Something ends: nothing is typed but reasons for what is found. `what` is its name.

    A page that was refused shows it on top with `foundation/_ending.html`, as `ending`; what was typed before goes
    along unseen.
    """

    findings: tuple[Finding, ...] = ()

    def __init__(self, *args: Any, what: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.what = what

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What was typed before, by field."""
        mine = ("csrfmiddlewaretoken", IDEMPOTENCY_FIELD)
        reasons = (REASON_PREFIX, ASKED_PREFIX)
        typed = self.data.lists() if isinstance(self.data, QueryDict) else ()
        names = ((name, values) for name, values in typed if name not in mine and not name.startswith(reasons))
        return [(name, str(value)) for name, values in names for value in values]


def asked_first(form: forms.Form, *, what: str) -> EndForm | None:
    """The form that asks about what was found when a form was sent; None where nothing was."""
    if not (found := getattr(form, "findings", ())):
        return None
    asking = EndForm(form.data, what=what)
    asking.findings = tuple(found)
    return asking
