"""How a form goes from given to signed, and what may end it."""

from enum import StrEnum

from mainstay.foundation.lifecycle import Lifecycle, Step


class FormState(StrEnum):
    """Where one form of one patient stands."""

    ASSIGNED = "assigned"
    SIGNED = "signed"
    DECLINED = "declined"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    TAKEN_BACK = "taken_back"


F = FormState
form_lifecycle = Lifecycle(
    name="form",
    states=FormState,
    initial=F.ASSIGNED,
    final=frozenset({F.SUPERSEDED, F.WITHDRAWN, F.TAKEN_BACK}),
    steps=(
        Step("sign", (F.ASSIGNED, F.DECLINED), F.SIGNED, "forms.give"),
        Step("decline", (F.ASSIGNED,), F.DECLINED, "forms.give"),
        Step("take_back", (F.ASSIGNED,), F.TAKEN_BACK, "forms.give"),
        Step("supersede", (F.SIGNED, F.DECLINED), F.SUPERSEDED, "forms.give"),
        Step("withdraw", (F.SIGNED,), F.WITHDRAWN, "forms.give"),
    ),
)
