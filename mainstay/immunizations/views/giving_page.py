"""The page of giving with its many forms: each at its step or its vaccine's card, a refused one as it was typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse

from mainstay.foundation.findings import Severity
from mainstay.foundation.pages import StaffRequest, findings_of, page
from mainstay.immunizations.forms_giving import (
    ANSWERS,
    BackForm,
    DecideForm,
    EligibilityForm,
    EndWatchForm,
    GiveForm,
    IdentifyForm,
    PlaceForm,
    ReactionForm,
    ReasonForm,
    RefuseForm,
    ReportForm,
    ScanForm,
    ScreeningForm,
    StatementsForm,
    TreatmentForm,
    WitnessForm,
    WordsForm,
)
from mainstay.immunizations.lifecycle import WITH_VIAL, PreparationState
from mainstay.immunizations.permissions import CHECK, DECIDE, DISCUSS
from mainstay.immunizations.queries.letters import ADULT_YEARS
from mainstay.immunizations.queries.page import Card, GivingPage, giving_page_of, speaks_spanish
from mainstay.immunizations.rules.ages import years_old
from mainstay.people.queries import banner_for
from mainstay.visits.models import Visit


def giving_page(
    request: StaffRequest, visit: Visit, *, status: int = 200, refused: forms.Form | None = None, at: object = ""
) -> HttpResponse:
    """The page; a form that was refused keeps what was typed, at the step (or the vaccine's card) it belongs to."""
    shown = giving_page_of(request.actor, visit)
    context: dict[str, Any] = {
        "shown": shown,
        "visit": visit,
        "now": request.actor.now,
        "banner": banner_for(request.actor, visit.patient),
        "may_decide": request.actor.may(DECIDE),
        "may_order": request.actor.may("orders.pend"),
        "may_discuss": request.actor.may(DISCUSS),
        "may_check": request.actor.may(CHECK) and shown.is_licensed,
        "refused": refused,
        "answers": ANSWERS,
        "is_spanish": speaks_spanish(visit.patient),
        "identify": IdentifyForm(),
        "end_watch": EndWatchForm(),
        "reaction": ReactionForm(),
        "cards": _cards_forms(request, shown, refused, at),
    }
    context |= _forms_of_visit(request, shown)
    if refused is not None and not at:
        context[_name(refused)] = refused
    for reaction in context.get("reactions", ()) if isinstance(refused, TreatmentForm | ReportForm) else ():
        if reaction["one"].public_id == at:
            reaction["treatment" if isinstance(refused, TreatmentForm) else "report"] = refused
    return page(request, "immunizations/give.html", context, status=status)


def _name(form: forms.Form) -> str:
    return {
        IdentifyForm: "identify",
        ScreeningForm: "screening",
        EligibilityForm: "eligibility",
        EndWatchForm: "end_watch",
        ReactionForm: "reaction",
    }.get(type(form), "refused")


def _forms_of_visit(request: StaffRequest, shown: GivingPage) -> dict[str, Any]:
    vaccination, visit = shown.vaccination, shown.visit
    if vaccination is None:
        return {}
    found: dict[str, Any] = {
        "screening": ScreeningForm(
            asked=shown.asked, initial={"told_by": vaccination.told_by or _who_speaks(request, shown)}
        ),
        "eligibility": EligibilityForm(
            born=visit.patient.birth_date,
            on=request.actor.today,
            setting=visit.site.setting,
            initial={"eligibility": vaccination.eligibility},
        ),
    }
    if shown.watch is not None:
        found["reactions"] = [
            {"one": one, "treatment": TreatmentForm(part=one.pk), "report": ReportForm(part=one.pk)}
            for one in shown.watch.reactions.all()
        ]
    return found


def _cards_forms(
    request: StaffRequest, shown: GivingPage, refused: forms.Form | None, at: object
) -> list[dict[str, Any]]:
    in_hand = any(card.state in WITH_VIAL for card in shown.cards)
    witnesses = WitnessForm(site_id=shown.visit.site_id).witnesses() if in_hand else []
    return [_card_forms(request, shown, card, refused, at, witnesses) for card in shown.cards]


def _card_forms(
    request: StaffRequest,
    shown: GivingPage,
    card: Card,
    refused: forms.Form | None,
    at: object,
    witnesses: list[tuple[str, str]],
) -> dict[str, Any]:
    """One vaccine with the forms its state allows; the refused one in place of its own kind."""
    key, site_id = card.preparation.pk, shown.visit.site_id
    made: dict[str, Any] = {
        "card": card,
        "one": card.preparation,
        "scan": ScanForm(part=key),
        "aside": ReasonForm(part=key),
        "back": BackForm(part=key),
        "words": WordsForm(part=key),
        "refuse": RefuseForm(part=key, initial=_who_refuses(request, shown)),
        "waste": WitnessForm(part=key, site_id=site_id, witnesses=witnesses),
        "statements": StatementsForm(part=key, initial={"language": _language(shown), "how": "paper"}),
        "give": GiveForm(part=key),
        "to_confirm": [],
    }
    if card.state == PreparationState.TAKEN:
        made["place"] = place_form(request, shown, card)
    if refused is not None and at == card.preparation.public_id:
        made[CARD_FORMS[type(refused)]] = refused
        made["refused"] = refused
        made["to_confirm"] = [f for f in findings_of(request, refused) if f.severity is Severity.CONFIRM]
    return made


CARD_FORMS: dict[type, str] = {
    ScanForm: "scan",
    ReasonForm: "aside",
    BackForm: "back",
    DecideForm: "decide",
    WordsForm: "words",
    RefuseForm: "refuse",
    WitnessForm: "waste",
    StatementsForm: "statements",
    GiveForm: "give",
    PlaceForm: "place",
    forms.Form: "plain",
}


def _who_speaks(request: StaffRequest, shown: GivingPage) -> str:
    """Who answers the questions, as it usually is: a parent for a child."""
    return "parent" if _is_child(request, shown) else "patient"


def _who_refuses(request: StaffRequest, shown: GivingPage) -> dict[str, str]:
    """Whose decision a refusal usually is."""
    if _is_child(request, shown):
        return {"refused_because": "00", "by_relation": "parent"}
    return {"refused_because": "03", "by_relation": "self", "by_name": shown.visit.patient.legal_name}


def _is_child(request: StaffRequest, shown: GivingPage) -> bool:
    return years_old(shown.visit.patient.birth_date, request.actor.today) < ADULT_YEARS


def _language(shown: GivingPage) -> str:
    spoken = shown.visit.patient.language[:2]
    return spoken if spoken in ("en", "es") else "other"


def place_form(request: StaffRequest, shown: GivingPage, card: Card, typed: Any = None) -> PlaceForm:
    """Dose, route, site and needle of a vial in hand, the usual ones filled in."""
    product = card.product
    needles = card.advice.sites if card.advice else {}
    first = next(iter(needles.values()), (0,))[0]
    initial = {
        "volume": product.volumes[0] if product and len(product.volumes) == 1 else None,
        "route": product.routes[0] if product else "",
        "site": card.first_site if card.first_site in ("PO", "NASAL") else "",
        "needle": first,
    }
    born, key = shown.visit.patient.birth_date, card.preparation.pk
    return PlaceForm(typed, card=card, born=born, on=request.actor.today, initial=initial, part=key)
