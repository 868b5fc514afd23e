"""Finding a time and booking it: red flags first, then the first times that suit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from mainstay.foundation.findings import Finding
from mainstay.foundation.pages import StaffRequest, attempt, confirmations_in, page, redirect_to, staff_page
from mainstay.messages.queries import (
    call_for,
    clinicians_answer,
    clinicians_leave,
    leave_for_call,
    thread_for,
    words_of,
)
from mainstay.people.models import Patient
from mainstay.people.queries import banner_for, open_chart, patients_found
from mainstay.practice.queries import OTHER_AGE, age_findings, open_sites
from mainstay.scheduling import actions, queries
from mainstay.scheduling.actions.booking import CLOSED_THEN
from mainstay.scheduling.actions.desk import book_found_time, stop_for_red_flag
from mainstay.scheduling.forms import BookForm, SearchForm
from mainstay.scheduling.models import Appointment
from mainstay.scheduling.permissions import BOOK, BOOK_OTHER_AGE, OVER_BOOK, OVERRIDE_RED_FLAG

MORE = 40


@staff_page(BOOK, repeatable=True)
def find_slot(request: StaffRequest) -> HttpResponse:
    """Who, what for, when it suits; then the first three times, or what to do instead of booking."""
    asked = _Asked(request)
    if asked.patient is None:
        typed = request.GET.get("q", "").strip()
        found = patients_found(request.actor, typed, limit=20) if typed else []
        return page(request, "scheduling/who.html", {"typed": typed, "found": found, "carried": asked.carried})
    given = request.POST or (request.GET if "visit_type" in request.GET else None)
    form = SearchForm(
        given, initial=asked.initial(request), moving=asked.moving, actor=request.actor, patient=asked.patient
    )
    if not form.is_valid():
        awaited = queries.stopped_until_answered(asked.known, zone=request.actor.zone)
        return page(request, "scheduling/find_slot.html", {**asked.context(request), "awaited": awaited}, form=form)
    return _answer(request, asked, form)


@require_POST
@staff_page(BOOK)
def book_slot(request: StaffRequest) -> HttpResponse:
    """Book the time that was chosen; when it is gone, offer what is left."""
    asked = _Asked(request)
    if asked.patient is None:
        return find_slot(request)
    search = SearchForm(request.POST, moving=asked.moving, actor=request.actor, patient=asked.patient)
    form = BookForm(request.POST)
    if not search.is_valid():
        return find_slot(request)
    if form.is_valid() and (booked := attempt(form, _book, request=request, asked=asked, search=search, booking=form)):
        here = reverse("appointment", args=[booked.public_id])
        return redirect_to(request, f"{here}?booked=1" + (f"&back={asked.back}" if asked.back else ""))
    return _answer(request, asked, search, form)


def _book(*, request: StaffRequest, asked: _Asked, search: SearchForm, booking: BookForm) -> Appointment:
    visit_type = search.cleaned_data["visit_type"]
    home = next((s for s in open_sites() if s.pk == request.actor.site_id), None)
    booked = book_found_time(
        actor=request.actor,
        patient=asked.known,
        visit_type=visit_type,
        slot=booking.chosen(visit_type, search, home),
        asked=replace(
            booking.asked(
                search, asked.moving, asked.call, asked.carried.get("loose_end", ""), confirmations_in(request)
            ),
            conversation=asked.conversation,
        ),
    )
    if asked.recall is not None:
        actions.meet_recall(actor=request.actor, recall=asked.recall, appointment=booked)
    return booked


def _answer(request: StaffRequest, asked: _Asked, form: SearchForm, booking: BookForm | None = None) -> HttpResponse:
    """The times that suit, or the red flag that comes first."""
    context = asked.context(request)
    said = form.cleaned_data
    reason = asked.moving.reason if asked.moving else said["reason"]
    stop = _stop(request, asked, reason)
    if stop is not None and not (said["red_flag_override"] and request.actor.may(OVERRIDE_RED_FLAG)):
        owed = stop_for_red_flag(actor=request.actor, patient=asked.known, reason=said["reason"])
        context["answered_at"] = owed.url if owed else stop.url
        context["decided"] = clinicians_answer(asked.known, reason, at=request.actor.now)
        return page(request, "scheduling/find_slot.html", {**context, "stop": stop, "form": form})
    search = form.search(request.actor, asked.known, asked.moving)
    given = confirmations_in(request).reasons
    context["reasons"] = {code: why for code, why in given.items() if code != CLOSED_THEN}
    context["closed_then"] = [one for one in getattr(booking, "findings", ()) if one.code == CLOSED_THEN]
    context["to_confirm"] = _ages_to_confirm(request, asked, search, booking)
    if context["to_confirm"]:
        status = 422 if booking else 200
        return page(request, "scheduling/find_slot.html", {**context, "form": form}, status=status)
    wants_more = request.POST.get("show") == "more"
    times = _more(search) if wants_more else queries.first_times_that_suit(search)
    context |= {"times": times, "searched": True, "wants_more": wants_more, "visit_type": said["visit_type"]}
    context |= {"booking": booking or BookForm(), "last_day": search.last_day, "form": form}
    return page(request, "scheduling/find_slot.html", context, status=422 if booking and booking.errors else 200)


def _stop(request: StaffRequest, asked: _Asked, reason: str) -> queries.Intercept | None:
    """What is said now, what was said in the call, or what was said earlier and waits for a clinician's answer."""
    actor = request.actor
    awaited = queries.stopped_until_answered(asked.known, zone=actor.zone)
    if awaited is None and clinicians_leave(asked.known, reason, at=actor.now):
        return None
    if awaited is None and asked.moving and asked.moving.red_flag_override:
        return None
    stop = queries.red_flags_of(asked.patient, reason, at=actor.now, on=actor.today)
    if stop is None and asked.call is not None and not leave_for_call(asked.call):
        stop = queries.stopped_by_call(asked.call)
    return stop or awaited


def _ages_to_confirm(
    request: StaffRequest, asked: _Asked, search: queries.Search, booking: BookForm | None
) -> Sequence[Finding]:
    """What is to be said, with a reason, before a kind of visit is booked for an age it is not for."""
    found = [one for one in getattr(booking, "findings", ()) if one.code != CLOSED_THEN]
    if any(not one.is_answered for one in found):
        return found
    if asked.moving is not None or confirmations_in(request).reason_for(OTHER_AGE):
        return ()
    may = request.actor.may(BOOK_OTHER_AGE)
    days = [
        age_findings(search.visit_type, born=asked.known.birth_date, on=day, may=may)
        for day in (search.first_day, search.last_day)
    ]
    return days[0] if all(days) else ()


def _more(search: queries.Search) -> list[queries.OpenTime]:
    return queries.named(list(islice(queries.openings(search), MORE)))


class _Asked:
    """For whom a time is looked for, and what brought the asker here; carried along from page to page."""

    CARRIED = ("patient", "appointment", "recall", "call", "conversation", "loose_end", "back")

    def __init__(self, request: StaffRequest) -> None:
        given: QueryDict = request.POST if request.method == "POST" else request.GET
        self.carried: dict[str, str] = {name: str(given[name]) for name in self.CARRIED if given.get(name)}
        self.moving = self.recall = self.call = self.conversation = None
        if key := _uuid(self.carried.get("appointment")):
            self.moving = queries.appointment_for(request.actor, key)
        if key := _uuid(self.carried.get("recall")):
            self.recall = queries.recall_to_book(key)
        if key := _uuid(self.carried.get("call")):
            self.call = call_for(request.actor, key)
        if key := _uuid(self.carried.get("conversation")):
            self.conversation = thread_for(request.actor, key)
        owner = self.moving or self.recall or self.call or self.conversation
        known = owner.patient if owner else None
        key = known.public_id if known else _uuid(self.carried.get("patient"))
        self.patient: Patient | None = open_chart(request.actor, key, what="booking") if key else None
        back = self.carried.get("back", "") or (reverse("call", args=[self.call.public_id]) if self.call else "")
        self.back = back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back[:1] == "/" else ""

    @property
    def known(self) -> Patient:
        """The patient, once there is one."""
        if self.patient is None:
            raise LookupError("no patient was chosen")
        return self.patient

    def initial(self, request: StaffRequest) -> dict[str, Any]:
        """What is typed in already when somebody moves a booking or answers a recall."""
        known: dict[str, Any] = {"site": request.actor.site_id}
        if self.call:
            known |= {"reason": " ".join(self.call.words.split())[:240]}
        elif self.conversation:
            known |= {"reason": " ".join(words_of(self.conversation).split())[:240]}
        elif self.moving:
            known |= {"visit_type": self.moving.visit_type.code, "reason": self.moving.reason}
            known |= {"provider": self.moving.provider and self.moving.provider.public_id, "site": self.moving.site_id}
        elif self.recall:
            known |= {
                "visit_type": self.recall.visit_type and self.recall.visit_type.code,
                "reason": self.recall.reason,
            }
            known |= {"provider": self.recall.provider and self.recall.provider.public_id}
        return known

    def context(self, request: StaffRequest) -> dict[str, Any]:
        """What every answer of the page shows."""
        return {
            "patient": self.patient,
            "banner": banner_for(request.actor, self.known),
            "moving": self.moving,
            "recall": self.recall,
            "carried": {**self.carried, "patient": str(self.known.public_id)},
            "back": self.back,
            "may_over_book": request.actor.may(OVER_BOOK),
            "may_override": request.actor.may(OVERRIDE_RED_FLAG),
        }


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
