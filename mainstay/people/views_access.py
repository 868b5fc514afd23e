"""Opening charts that are closed, who looked at them, and charts that are one person's."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from mainstay.foundation.pages import StaffRequest, attempt, confirmations_in, page, redirect_to, staff_page
from mainstay.people import actions, queries
from mainstay.people.forms import ReasonForm, ReviewForm
from mainstay.people.permissions import BREAK_GLASS, MERGE, SEE_ACCESS

HOW_KNOWN = (_("Compared with the person"), _("Compared with their papers"))
"""How one usually knows that two charts that look like two people are one person's."""


@staff_page(BREAK_GLASS)
def glass(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Open a confidential chart with a reason; says only that there is one."""
    closed = queries.patient_named(public_id)
    if queries.may_open(request.actor, closed):
        return redirect_to(request, "patient", closed.public_id)
    form = ReasonForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, actions.break_glass, actor=request.actor, patient=closed, reason=reason):
            return redirect_to(request, "patient", closed.public_id)
    return page(request, "people/glass.html", {"mrn": closed.mrn}, form=form)


@require_GET
@staff_page(SEE_ACCESS)
def access(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Who looked at a chart, when and why."""
    opened = queries.open_chart(request.actor, public_id, what="access log")
    context = {
        "looks": queries.looks_at(request.actor, opened),
        "patient": opened,
        "banner": queries.banner_for(request.actor, opened),
    }
    return page(request, "people/access.html", context)


@require_GET
@staff_page(SEE_ACCESS)
def glass_reviews(request: StaffRequest) -> HttpResponse:
    """Broken glass that waits for review."""
    return page(request, "people/glass_reviews.html", {"openings": queries.broken_glass_to_review(request.actor)})


@staff_page(SEE_ACCESS)
def review_glass(request: StaffRequest, opening_id: UUID) -> HttpResponse:
    """Say what the review of one broken glass found."""
    opening = queries.glass_opening(opening_id)
    form = ReviewForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        review = form.cleaned_data["review"]
        if attempt(form, actions.review_broken_glass, actor=request.actor, opening=opening, review=review):
            return redirect_to(request, "broken-glass")
    looks = queries.looks_during(request.actor, opening)
    return page(request, "people/glass_review.html", {"opening": opening, "looks": looks}, form=form)


@require_GET
@staff_page(MERGE)
def duplicates(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Other charts that may be this person's, and the merges this chart took part in."""
    opened = queries.open_chart(request.actor, public_id, what="duplicates")
    context = {
        "patient": opened,
        "likely": queries.likely_duplicates_of(request.actor, opened),
        "merges": queries.merges_of(opened),
        "banner": queries.banner_for(request.actor, opened),
    }
    return page(request, "people/duplicates.html", context)


@staff_page(MERGE)
def merge(request: StaffRequest, public_id: UUID, other_id: UUID) -> HttpResponse:
    """Two charts side by side, and one button that makes them one."""
    kept = queries.open_chart(request.actor, public_id, what="merge")
    other = queries.open_chart(request.actor, other_id, what="merge")
    form = ReasonForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        said = {"reason": form.cleaned_data["reason"], "confirmed": confirmations_in(request)}
        if attempt(form, actions.merge_patients, actor=request.actor, kept=kept, merged=other, **said):
            return redirect_to(request, "patient", kept.public_id)
    rows, unlike = queries.side_by_side(kept, other), queries.looks_like_two(kept, other)
    context = {"kept": kept, "other": other, "rows": rows, "unlike": unlike, "ways": HOW_KNOWN}
    return page(request, "people/merge.html", context, form=form)


@require_POST
@staff_page(MERGE)
def undo(request: StaffRequest, merge_id: int) -> HttpResponse:
    """Make two charts of one again."""
    undone = actions.undo_merge(actor=request.actor, merge=queries.merge_numbered(merge_id))
    return redirect_to(request, "patient", undone.merged.public_id)
