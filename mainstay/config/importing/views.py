"""The pages of importing: choose a list, see what would happen, run it, take it back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from mainstay.config.importing import actions
from mainstay.config.importing.reading import KINDS, LONGEST, columns_of, read_sheet, template_of, text_of
from mainstay.foundation.packed import LOOKED_AT, what_it_is
from mainstay.foundation.pages import StaffRequest, attempt, page, redirect_to, staff_page
from mainstay.practice.permissions import IMPORT
from mainstay.practice.queries import import_batch, import_batches


class FileForm(forms.Form):
    """A list to try."""

    kind = forms.ChoiceField(label=_("What is in it"), choices=list(KINDS.items()), widget=forms.RadioSelect)
    file = forms.FileField(label=_("CSV file"), help_text=_("UTF-8, with a line of headers. Nothing is imported yet."))

    def clean_file(self) -> str:
        """The file as text."""
        sent = self.cleaned_data["file"]
        if sent.size > LONGEST:
            raise forms.ValidationError(
                _("The file is larger than 8 MB. Split it, or have it brought in on the server: mainstay import csv.")
            )
        self.file_name, raw = str(sent.name), sent.read()
        if what_it_is(raw[:LOOKED_AT], self.file_name, verb="import csv"):
            raise forms.ValidationError(
                _("This is not a CSV list: it is a spreadsheet, compressed, or no text. Save it as CSV (UTF-8) first.")
            )
        return text_of(raw)


@staff_page(IMPORT)
def imports(request: StaffRequest) -> HttpResponse:
    """Choose a list to try, and see the imports of before."""
    form = FileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        typed: dict[str, Any] = {"kind": form.cleaned_data["kind"], "text": form.cleaned_data["file"]}
        batch = attempt(form, actions.hold_file, actor=request.actor, file_name=form.file_name, **typed)
        if batch:
            return redirect_to(request, "import", batch.public_id)
    known = [(kind, label, columns_of(kind).values()) for kind, label in KINDS.items()]
    return page(request, "importing/imports.html", {"kinds": known, "past": import_batches(request.actor)}, form=form)


@require_GET
@staff_page(IMPORT)
def template(request: StaffRequest, kind: str) -> HttpResponse:
    """An empty list to fill in."""
    answer = HttpResponse(template_of(kind), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{kind}.csv"'
    return answer


@require_GET
@staff_page(IMPORT)
def one_import(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """What a list would do, or what it did."""
    batch = import_batch(request.actor, public_id)
    is_to_try = batch.started_at is None and batch.ran_at is None and bool(batch.text)
    lines = len(read_sheet(batch.kind, batch.text).lines) if is_to_try else batch.lines
    report = actions.try_import(actor=request.actor, batch=batch, at_most=actions.LONG) if is_to_try else None
    can_undo = bool(batch.ran_at and not batch.undone_at and request.actor.now - batch.ran_at <= actions.UNDO_WITHIN)
    shown = {"batch": batch, "report": report, "kind": KINDS.get(batch.kind, batch.kind), "can_undo": can_undo}
    shown["has_kept"] = can_undo and batch.things.exclude(kept_because="").exists()
    found = {"things": batch.things.all()[:500], "refusals": batch.refusals.all()[:500], "lines": lines}
    return page(request, "importing/import.html", {**shown, **found, "is_long": lines > actions.LONG})


@require_POST
@staff_page(IMPORT)
def run(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Bring the list in."""
    batch = import_batch(request.actor, public_id)
    if request.POST.get("how") == "worker":
        actions.start_import(actor=request.actor, batch=batch)
        return redirect_to(request, "import", public_id)
    is_strict = request.POST.get("on_fault") == actions.OnFault.STOP
    on_fault = actions.OnFault.STOP if is_strict else actions.OnFault.LEAVE_OUT
    actions.run_import(actor=request.actor, batch=batch, on_fault=on_fault)
    return redirect_to(request, "import", public_id)


@require_POST
@staff_page(IMPORT)
def stop(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Stop a list the worker is bringing in."""
    actions.stop_import(actor=request.actor, batch=import_batch(request.actor, public_id))
    return redirect_to(request, "import", public_id)


@require_POST
@staff_page(IMPORT)
def undo(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Take back what the list made."""
    actions.undo_import(actor=request.actor, batch=import_batch(request.actor, public_id))
    return redirect_to(request, "import", public_id)
