"""What stands around a person: ways to reach them, people, needs, alerts, names. Added and ended one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mainstay.foundation.actor import Actor
from mainstay.foundation.components.forms import confirmations_from
from mainstay.foundation.errors import NotFound
from mainstay.foundation.findings import Confirmations
from mainstay.foundation.pages import StaffRequest, attempt, page, redirect_to, staff_page
from mainstay.people import actions, queries
from mainstay.people.actions import Relation
from mainstay.people.forms import (
    ActorForm,
    AlertForm,
    NameForm,
    NeedForm,
    PlaceForm,
    ReachForm,
    RelationForm,
    WishesForm,
)
from mainstay.people.models import Patient, RelatedPerson
from mainstay.people.permissions import REGISTER

Save = Callable[[Actor, Patient, Any, Confirmations], Any]


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of thing around a person: its title, its form, and the action that saves it."""

    title: Any
    form: type[ActorForm]
    save: Save


def _reach(actor: Actor, patient: Patient, form: ReachForm, confirmed: Confirmations) -> object:
    return actions.add_contact_point(actor=actor, patient=patient, reach=form.reach())


def _place(actor: Actor, patient: Patient, form: PlaceForm, confirmed: Confirmations) -> object:
    return actions.add_address(actor=actor, patient=patient, place=form.place())


def _relation(actor: Actor, patient: Patient, form: RelationForm, confirmed: Confirmations) -> object:
    return actions.add_related_person(actor=actor, patient=patient, relation=form.relation(), confirmed=confirmed)


def _need(actor: Actor, patient: Patient, form: NeedForm, confirmed: Confirmations) -> object:
    return actions.note_need(actor=actor, patient=patient, **form.cleaned_data)


def _alert(actor: Actor, patient: Patient, form: AlertForm, confirmed: Confirmations) -> object:
    return actions.note_alert(actor=actor, patient=patient, text=form.cleaned_data["text"])


def _name(actor: Actor, patient: Patient, form: NameForm, confirmed: Confirmations) -> object:
    return actions.add_name(actor=actor, patient=patient, **form.cleaned_data)


def _wishes(actor: Actor, patient: Patient, form: WishesForm, confirmed: Confirmations) -> object:
    return actions.choose_communication(actor=actor, patient=patient, wishes=form.wishes())


SECTIONS = {
    "reach": Section(_("Add a phone or e-mail"), ReachForm, _reach),
    "address": Section(_("Change the address"), PlaceForm, _place),
    "person": Section(_("Add a contact or proxy"), RelationForm, _relation),
    "need": Section(_("Add a need"), NeedForm, _need),
    "alert": Section(_("Add an alert"), AlertForm, _alert),
    "name": Section(_("Add a name"), NameForm, _name),
    "communication": Section(_("How to reach this person"), WishesForm, _wishes),
}
ENDS: dict[str, tuple[str, Callable[..., Any], str]] = {
    "reach": ("contact_points", actions.withdraw_contact_point, "point"),
    "address": ("addresses", actions.withdraw_address, "address"),
    "person": ("related_people", actions.withdraw_related_person, "person"),
    "need": ("needs", actions.end_need, "need"),
    "alert": ("alerts", actions.end_alert, "alert"),
    "name": ("names", actions.withdraw_name, "name"),
}


@staff_page(REGISTER)
def add(request: StaffRequest, public_id: UUID, section: str) -> HttpResponse:
    """Add one thing around a person."""
    if (kind := SECTIONS.get(section)) is None:
        raise NotFound("There is no such page.")
    opened = queries.open_chart(request.actor, public_id, what="demographics, to change")
    key = f"people:{section}:{opened.public_id}"
    form = kind.form(request.POST or None, actor=request.actor, initial=_known(section, opened))
    if request.method == "POST" and form.is_valid():
        made = attempt(form, _save, kind=kind, request=request, patient=opened, form_=form)
        if made:
            return redirect_to(request, "patient", opened.public_id)
    return _section_page(request, opened, form, kind.title, key)


def _save(kind: Section, request: StaffRequest, patient: Patient, form_: ActorForm) -> object:
    return kind.save(request.actor, patient, form_, confirmations_from(request.POST))


def _known(section: str, patient: Patient) -> dict[str, Any]:
    if section != "communication" or (choice := queries.communication_of(patient)) is None:
        return {}
    quiet = {"quiet_from": choice.quiet_from, "quiet_until": choice.quiet_until}
    shown = {"preferred": choice.preferred, "reminders": choice.reminders, "portal": choice.portal}
    return shown | quiet | {"text_consent": choice.text_consent_at is not None}


def _section_page(request: StaffRequest, patient: Patient, form: ActorForm, title: Any, draft: str) -> HttpResponse:
    context = {
        "page_title": title,
        "patient": patient,
        "banner": queries.banner_for(request.actor, patient),
        "draft": draft,
    }
    return page(request, "people/section.html", context, form=form)


@staff_page(REGISTER)
def related(request: StaffRequest, public_id: UUID, person_id: UUID) -> HttpResponse:
    """Change a contact or proxy."""
    opened = queries.open_chart(request.actor, public_id, what="demographics, to change")
    person = queries.related_person(opened, person_id)
    key = f"people:related:{person.public_id}"
    form = RelationForm(request.POST or None, actor=request.actor, initial=_relation_of(person))
    if request.method == "POST" and form.is_valid():
        changed = attempt(
            form,
            actions.change_related_person,
            actor=request.actor,
            person=person,
            relation=form.relation(),
            confirmed=confirmations_from(request.POST),
        )
        if changed:
            return redirect_to(request, "patient", opened.public_id)
    return _section_page(request, opened, form, person.name, key)


def _relation_of(person: RelatedPerson) -> dict[str, Any]:
    return {field: getattr(person, field) for field in Relation.__dataclass_fields__}


@require_POST
@staff_page(REGISTER)
def end(request: StaffRequest, public_id: UUID, section: str, row: int) -> HttpResponse:
    """End or withdraw one thing; it stays in the history."""
    if section not in ENDS:
        raise NotFound("There is no such page.")
    relation, action, argument = ENDS[section]
    opened = queries.open_chart(request.actor, public_id, what="demographics, to change")
    action(actor=request.actor, **{argument: queries.row_of(opened, relation, row)})
    return redirect_to(request, "patient", opened.public_id)
