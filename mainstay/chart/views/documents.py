"""Papers: filed by two keys, listed, viewed, read by a provider."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from mainstay.chart import actions, queries
from mainstay.chart.forms import KINDS, DocumentForm
from mainstay.chart.permissions import CONFIRM, FILE_DOCUMENTS, READ
from mainstay.chart.views.summary import about
from mainstay.foundation.pages import StaffRequest, attempt, page, redirect_to, staff_page
from mainstay.foundation.templatetags.ui import in_words
from mainstay.people.queries import open_chart

KIND_WORDS = dict(KINDS)


@require_GET
@staff_page(READ)
def documents(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The papers of one chart, newest first."""
    patient = open_chart(request.actor, public_id, what="documents")
    context = {
        "documents": [(one, KIND_WORDS.get(one.kind, in_words(one.kind))) for one in queries.documents_of(patient)],
        "may_file": request.actor.may(FILE_DOCUMENTS),
        "may_review": request.actor.may(CONFIRM),
    }
    return page(request, "chart/documents.html", {**about(request, patient), **context})


@staff_page(FILE_DOCUMENTS)
def file_document(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """File a paper."""
    patient = open_chart(request.actor, public_id, what="file document")
    form = DocumentForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        said = dict(form.cleaned_data)
        content = said.pop("file").read()
        keys = (said.pop("family_name"), said.pop("birth_date"))
        if attempt(
            form, actions.file_document, actor=request.actor, patient=patient, content=content, keys=keys, **said
        ):
            return redirect_to(request, "chart-documents", public_id)
    return page(request, "chart/file.html", about(request, patient), form=form)


@require_GET
@staff_page(READ)
def document(request: StaffRequest, public_id: UUID, document_id: UUID) -> HttpResponse:
    """One paper as it was filed."""
    patient = open_chart(request.actor, public_id, what="document")
    paper = queries.document_for(patient, document_id)
    answer = HttpResponse(bytes(paper.content.content), content_type=paper.media_type)
    answer["Content-Disposition"] = f"inline; filename=document-{paper.public_id}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"
    return answer


@require_POST
@staff_page(CONFIRM)
def review(request: StaffRequest, public_id: UUID, document_id: UUID) -> HttpResponse:
    """A provider has read it."""
    patient = open_chart(request.actor, public_id, what="review document")
    actions.review_document(actor=request.actor, document=queries.document_for(patient, document_id))
    return redirect_to(request, "chart-documents", public_id)
