"""The tablet in the patient's hands: the screen is locked, and shows nothing but the forms that were handed over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.views.decorators.http import require_POST

from mainstay.forms import actions, queries
from mainstay.forms.forms import AnswersForm, TabletSignForm, typed_answers
from mainstay.forms.models import FormResponse
from mainstay.forms.permissions import GIVE
from mainstay.forms.rules import form_kinds
from mainstay.forms.texts import in_language, phrases, text_of
from mainstay.forms.views.patient import visit_in
from mainstay.foundation import clock
from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput, NotFound
from mainstay.foundation.history import acting
from mainstay.foundation.pages import StaffRequest, attempt, page, public_page, redirect_to, staff_page
from mainstay.people.models import Patient
from mainstay.people.queries import open_chart
from mainstay.workforce import actions as workforce_actions

KEY = "tablet"
"""The key of Django's session that says what was handed over, and by whom."""
LASTS = timedelta(hours=2)
LONGEST_PLACE = 200


@dataclass(frozen=True, slots=True)
class Handed:
    """What a patient holds: the forms in order, those put off, and the right of whoever handed them over."""

    actor: Actor
    forms: tuple[str, ...]
    later: tuple[str, ...]
    back: str

    def responses(self) -> list[FormResponse]:
        """The forms that were handed over."""
        return queries.responses_named(self.forms)


@require_POST
@staff_page(GIVE)
def hand_over(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Lock this screen and hand it over with the patient's open forms."""
    patient = open_chart(request.actor, patient_id, what="hand over forms")
    stay = getattr(request, "stay", None)
    ready = [str(row.public_id) for row in queries.forms_to_hand_over(patient)]
    if stay is None or not ready:
        raise InvalidInput("There is no form to hand over." if stay else "Sign in again before you hand this over.")
    back, actor = _way_back(request, patient), request.actor
    request.session[KEY] = {
        "forms": ready, "later": [], "back": back, "at": actor.now.isoformat(), "staff": actor.staff_id,
        "name": actor.name, "site": actor.site_id, "zone": str(actor.zone), "session": actor.session,
    }  # fmt: skip
    workforce_actions.lock_session(session=stay, place=back, now=actor.now)
    return redirect_to(request, "tablet")


def _way_back(request: StaffRequest, patient: Patient) -> str:
    """The page staff comes back to: the one they left if it is ours, else the patient's forms."""
    asked, visit = request.POST.get("back", ""), visit_in(request)
    if asked.startswith("/") and not asked.startswith("//") and asked.isprintable() and len(asked) <= LONGEST_PLACE:
        return asked
    return f"/patients/{patient.public_id}/forms/" + (f"?visit={visit}" if visit else "")


def handed_over(request: HttpRequest) -> Handed | None:
    """What this locked screen was handed over with; None when nothing was, or the staff is back."""
    kept, stay = request.session.get(KEY), getattr(request, "stay", None)
    now = clock.now()
    if not kept or stay is None or stay.locked_at is None or now - datetime.fromisoformat(kept["at"]) > LASTS:
        return None
    actor = Actor(
        staff_id=kept["staff"],
        name=kept["name"],
        permissions=frozenset({GIVE}),
        now=now,
        zone=ZoneInfo(kept["zone"]),
        site_id=kept["site"],
        session=kept["session"],
    )
    return Handed(actor, tuple(kept["forms"]), tuple(kept["later"]), kept["back"])


@public_page
def tablet(request: HttpRequest) -> HttpResponse:
    """The next form that was handed over, or the words that end it."""
    if (handed := handed_over(request)) is None:
        request.session.pop(KEY, None)
        return redirect_to(request, "home")
    rows = handed.responses()
    left = [r for r in rows if r.status == "assigned" and str(r.public_id) not in handed.later]
    with timezone.override(handed.actor.zone), translation.override(_language(rows)):
        if not left:
            return page(request, "forms/tablet_done.html", {"say": phrases(_language(rows)), "back": handed.back})
        if request.method == "POST" and request.POST.get("response") != str(left[0].public_id):
            return redirect_to(request, "tablet")
        return _one(request, handed, left[0], f"{len(rows) - len(left) + 1}", f"{len(rows)}")


def _language(rows: list[FormResponse]) -> str:
    return rows[0].language if rows else "en"


def _one(request: HttpRequest, handed: Handed, response: FormResponse, number: str, of: str) -> HttpResponse:
    """One form: signed and on to the next, or shown with what is missing."""
    posted, say = request.POST or None, phrases(response.language)
    signers = [s for s in queries.signers_of(response, on=handed.actor.today) if s.decision]
    answers = AnswersForm(posted, response=response, asks_staff=False)
    only = signers[0].value if len(signers) == 1 else None
    sign = TabletSignForm(posted, response=response, signers=signers, is_minor=False, initial={"signer": only})
    if request.method == "POST" and answers.is_valid() and sign.is_valid():
        arguments = {"answers": answers.answers(), "signing": sign.signing("tablet")}
        with acting(handed.actor):
            if attempt(sign, actions.sign_form, actor=handed.actor, response=response, **arguments):
                return redirect_to(request, "tablet")
    context: dict[str, Any] = {
        "response": response,
        "title": in_language(form_kinds()[response.form].title, response.language),
        "answers": answers,
        "say": say,
        "progress": say["next"].format(n=number, of=of),
        "form": sign,
    }
    return page(request, "forms/tablet.html", context, status=422 if request.method == "POST" else 200)


def _mine(request: HttpRequest) -> tuple[Handed, FormResponse]:
    """The handed-over form a request names. Raises `NotFound` for any other."""
    handed = handed_over(request)
    named = request.POST.get("response") or request.GET.get("response", "")
    if handed is None or named not in handed.forms:
        raise NotFound("This form was not handed over.")
    return handed, queries.responses_named([named])[0]


@require_POST
@public_page
def keep(request: HttpRequest) -> HttpResponse:
    """Keep what the patient answered so far."""
    handed, response = _mine(request)
    text = text_of(response.form, response.version)
    ours = {part.key for part in text.questions if part.is_for_staff}
    kept = {key: answer for key, answer in response.answers.items() if key in ours}
    with acting(handed.actor):
        answers = kept | typed_answers(text, request.POST)
        actions.keep_answers(actor=handed.actor, response=response, answers=answers)
    return HttpResponse(status=204)


@require_POST
@public_page
def ask_later(request: HttpRequest) -> HttpResponse:
    """Go on without signing this one; the desk sees it as open."""
    handed, response = _mine(request)
    later = {*handed.later, str(response.public_id)}
    request.session[KEY] = {**request.session[KEY], "later": sorted(later)}
    return redirect_to(request, "tablet")
