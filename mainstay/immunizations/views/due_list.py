"""Who in the whole practice is due, the run that reckons it, reminders and letters."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from mainstay.foundation.access import log_read
from mainstay.foundation.errors import NotFound
from mainstay.foundation.pages import StaffRequest, page, redirect_to, staff_page
from mainstay.foundation.printing import typeset
from mainstay.immunizations import actions, queries
from mainstay.immunizations.forms_due import DueListForm
from mainstay.immunizations.permissions import READ_CHART, RECKON, SEE_DUE_LIST
from mainstay.immunizations.tasks import go_on

MOST_FILES = 10_000
"""More files of letters than a practice has patients for."""
_LIST = uuid5(NAMESPACE_URL, "mainstay:due-list")
"""The list as such, in the access log: taken out of the house as a whole."""


@require_GET
@staff_page(SEE_DUE_LIST)
def due_list(request: StaffRequest) -> HttpResponse:
    """The list, narrowed to what somebody is looking for."""
    form = DueListForm(request.GET or {"state": "due"})
    found, lines = queries.due_lines(form.wanted(), on=request.actor.today, page=request.GET.get("page"))
    context = {
        "found": found,
        "lines": lines,
        "filters": form,
        "narrowed": _narrowed(request),
        "seasons_over": queries.seasons_that_ended(request.actor.today),
        "may_reckon": request.actor.may(RECKON),
        "may_read": request.actor.may(READ_CHART),
        **_run(),
    }
    return page(request, "immunizations/due_list.html", context)


def _run() -> dict[str, object]:
    return {"run": queries.run_in_hand(), "last_run": queries.last_finished_run()}


@require_GET
@staff_page(SEE_DUE_LIST)
def run_progress(request: StaffRequest) -> HttpResponse:
    """How far the run has come; asked for again and again while it goes."""
    context = {"may_reckon": request.actor.may(RECKON), **_run()}
    return page(request, "immunizations/due_list.html#progress", context)


@require_POST
@staff_page(RECKON)
def start_run(request: StaffRequest) -> HttpResponse:
    """Start a run, or go on with one that was stopped."""
    actions.start_due_run(actor=request.actor)
    go_on()
    return redirect_to(request, "due-list")


@require_POST
@staff_page(RECKON)
def stop_run(request: StaffRequest) -> HttpResponse:
    """Stop the run after the stretch it is at."""
    run = queries.run_in_hand()
    if run is None:
        raise NotFound("Nothing is being reckoned now.")
    actions.stop_due_run(actor=request.actor, run=run)
    return redirect_to(request, "due-list")


@require_GET
@staff_page(SEE_DUE_LIST)
def reminders(request: StaffRequest) -> HttpResponse:
    """The list as CSV, only those who allow contact."""
    wanted = DueListForm(request.GET).wanted()
    log_read(request.actor, kind="list", subject=_LIST, what="vaccine reminders")
    answer = HttpResponse(queries.reminder_list(wanted, on=request.actor.today), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="vaccine-reminders.csv"'
    return answer


@require_GET
@staff_page(SEE_DUE_LIST)
def letters(request: StaffRequest) -> HttpResponse:
    """How many letters the narrowed list makes, who gets none and why, and the files to print."""
    count = queries.letter_count(DueListForm(request.GET).wanted(), on=request.actor.today)
    return page(request, "immunizations/due_letters.html", {"count": count, "narrowed": _narrowed(request)})


@require_GET
@staff_page(SEE_DUE_LIST)
def letters_file(request: StaffRequest, number: int) -> HttpResponse:
    """One file of letters to those on the list who allow contact and have no visit ahead."""
    if not 0 < number <= MOST_FILES:
        raise NotFound("There is no such file of letters.")
    words = queries.letters_words(DueListForm(request.GET).wanted(), on=request.actor.today, number=number)
    if not words["letters"]:
        raise NotFound("Nobody is left to write to: no address, a visit ahead, or no contact wanted.")
    log_read(request.actor, kind="list", subject=_LIST, what="vaccine letters")
    answer = HttpResponse(typeset("mainstay.immunizations", "letters.typ", words), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="vaccine-letters-{number}.pdf"'
    return answer


def _narrowed(request: StaffRequest) -> str:
    """What the list is narrowed to, as it stands in addresses; which page of it does not matter."""
    asked = request.GET.copy()
    asked.pop("page", None)
    return asked.urlencode()
