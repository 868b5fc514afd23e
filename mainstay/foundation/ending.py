"""Something is about to end, and what speaks against it is answered first."""

from __future__ import annotations

from typing import Any

from django import forms


class EndForm(forms.Form):
    """Something ends: nothing is typed but reasons for what is found. `what` is its name.

    A page that was refused shows it with `foundation/_ending.html`, as `ending`.
    """

    def __init__(self, *args: Any, what: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.what = what
