"""Papers about vaccines, as PDF: what a patient takes home, and the draft of a report."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from mainstay.foundation.errors import NotFound
from mainstay.foundation.pages import StaffRequest, staff_page
from mainstay.foundation.printing import typeset
from mainstay.immunizations.permissions import GIVE
from mainstay.immunizations.queries.giving import given_doses_of, reaction_for, vaccination_of
from mainstay.immunizations.queries.papers import receipt_words
from mainstay.immunizations.queries.vaers import vaers_words
from mainstay.people.queries import open_chart
from mainstay.visits import queries as visit_queries


@require_GET
@staff_page(GIVE)
def receipt(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The vaccines of a visit with the statements handed over, in English or Spanish."""
    visit = visit_queries.visit_for(request.actor, public_id)
    open_chart(request.actor, visit.patient.public_id, what="vaccines")
    vaccination = vaccination_of(visit)
    if vaccination is None or not given_doses_of(vaccination):
        raise NotFound("No vaccine was given at this visit.")
    language = request.GET.get("language") or visit.patient.language
    words = receipt_words(vaccination, language=language, now=request.actor.now)
    return _pdf("vaccine_receipt.typ", words, "vaccines.pdf")


@require_GET
@staff_page(GIVE)
def vaers(request: StaffRequest, public_id: UUID, reaction_id: UUID) -> HttpResponse:
    """The draft of a VAERS report about one reaction."""
    visit = visit_queries.visit_for(request.actor, public_id)
    open_chart(request.actor, visit.patient.public_id, what="vaccines")
    vaccination = vaccination_of(visit)
    if vaccination is None:
        raise NotFound("There is no such reaction.")
    words = vaers_words(reaction_for(vaccination, reaction_id), now=request.actor.now)
    return _pdf("vaers_draft.typ", words, "vaers-draft.pdf")


def _pdf(template: str, words: dict[str, object], name: str) -> HttpResponse:
    answer = HttpResponse(typeset("mainstay.immunizations", template, words), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
