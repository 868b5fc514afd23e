"""Forms people fill in and sign, each pinned to its version and language; leaflets handed out."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from mainstay.chart.models import Document
from mainstay.forms.leaflets import leaflets
from mainstay.forms.lifecycle import FormState, form_lifecycle
from mainstay.forms.rules import form_kinds
from mainstay.foundation import clock
from mainstay.foundation.constraints import legal_steps_only, one_of
from mainstay.foundation.history import tracked
from mainstay.foundation.records import Record, StepRecord
from mainstay.people.models import Patient, RelatedPerson

SEALED = (
    "form", "version", "language", "answers", "signer_name", "signer_relation", "signer_person_id", "signed_at",
    "signed_how", "drawing", "minor_service", "minor_reason", "interpreter", "document_id", "seal",
)  # fmt: skip
"""What nobody changes once a form is signed."""


STATE_WORDS = {
    FormState.ASSIGNED: "Open",
    FormState.SIGNED: "Signed",
    FormState.DECLINED: "Not signed",
    FormState.SUPERSEDED: "Replaced by a newer one",
    FormState.WITHDRAWN: "Taken back by the patient",
    FormState.TAKEN_BACK: "Given out in error",
}


def signed_forms_stay() -> pgtrigger.Protect:
    """Refuse to change what was signed, even from raw SQL."""
    old, new = (", ".join(f"{row}.{column}" for column in SEALED) for row in ("OLD", "NEW"))
    return pgtrigger.Protect(
        name="signed_forms_stay",
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(f"OLD.signed_at IS NOT NULL AND ({old}) IS DISTINCT FROM ({new})"),
    )


@tracked()
class FormResponse(Record):
    """One form given to one patient: assigned, signed or declined, later superseded, withdrawn or taken back.

    `answers` is the form's own document (question key to answer); answers that matter become typed rows.
    `drawing` is the drawn signature as SVG moves and lines on a field of 600 × 150. `seal` is the SHA-256 of what
    was signed.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="form_responses")
    form = models.SlugField(max_length=40)
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=10, default="en")
    visit_ref = models.UUIDField(null=True, blank=True)
    assigned_at = models.DateTimeField(default=clock.now)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(default=dict)
    status = models.CharField(max_length=12, default=FormState.ASSIGNED)
    signer_name = models.CharField(max_length=120, blank=True)
    signer_relation = models.CharField(max_length=40, blank=True)
    signer_person = models.ForeignKey(RelatedPerson, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_how = models.CharField(max_length=8, blank=True)
    drawing = models.TextField(blank=True)
    minor_service = models.CharField(max_length=20, blank=True)
    minor_reason = models.CharField(max_length=200, blank=True)
    seal = models.CharField(max_length=64, blank=True)
    explained_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    explained_at = models.DateTimeField(null=True, blank=True)
    witnessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    witnessed_at = models.DateTimeField(null=True, blank=True)
    interpreter = models.CharField(max_length=80, blank=True)
    declined_reason = models.CharField(max_length=200, blank=True)
    ended_reason = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    expires_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["patient", "form", "-assigned_at"])]
        triggers: ClassVar = [signed_forms_stay()]
        constraints: ClassVar = [
            one_of("status", FormState, name="form_state_exists"),
            models.UniqueConstraint(
                fields=["patient", "form"], condition=Q(status="assigned"), name="one_open_form_of_a_kind"
            ),
            models.CheckConstraint(
                condition=~Q(status="signed") | (Q(signed_at__isnull=False) & ~Q(signer_name="") & ~Q(seal="")),
                name="signed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status="declined") | ~Q(declined_reason=""), name="form_declined_has_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["withdrawn", "taken_back"]) | ~Q(ended_reason=""), name="form_ends_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(explained_by__isnull=True) | ~Q(witnessed_by=models.F("explained_by")),
                name="explainer_is_no_witness",
            ),
        ]

    @property
    def title(self) -> str:
        """The form's title, in the language of those who work here."""
        kind = form_kinds().get(self.form)
        return kind.title.en if kind else self.form

    @property
    def state_words(self) -> str:
        """Where it stands, in words."""
        return STATE_WORDS[FormState(self.status)]

    @property
    def state_kind(self) -> str:
        """The meaning its state is shown with."""
        return {FormState.SIGNED: "fine", FormState.DECLINED: "confirm"}.get(FormState(self.status), "plain")


class FormStep(StepRecord):
    """One move of a form."""

    response = models.ForeignKey(FormResponse, on_delete=models.PROTECT, related_name="steps")

    class Meta(StepRecord.Meta):
        constraints: ClassVar = [legal_steps_only(form_lifecycle, name="form_step_is_legal")]


@tracked()
class LeafletGiven(Record):
    """A leaflet handed to a patient: which wording in which language, by whom, and what they said back."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="leaflets_given")
    leaflet = models.SlugField(max_length=40)
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    how = models.CharField(max_length=12, default="printed")
    said_back = models.CharField(max_length=200, blank=True)
    visit_ref = models.UUIDField(null=True, blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=clock.now)
    is_withdrawn = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["patient", "-given_at"])]

    @property
    def title(self) -> str:
        """The leaflet's title in the language it was given in."""
        paper = leaflets().get((self.leaflet, self.language))
        return paper.title if paper else self.leaflet
