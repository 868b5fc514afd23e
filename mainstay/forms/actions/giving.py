"""Giving a form out, keeping what was answered so far, and writing down that somebody would not sign."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from mainstay.forms.errors import FormIsSettled
from mainstay.forms.events import FormSettled
from mainstay.forms.lifecycle import FormState, form_lifecycle
from mainstay.forms.models import FormResponse
from mainstay.forms.permissions import GIVE
from mainstay.forms.rules import form_kinds
from mainstay.forms.rules_signing import Answers
from mainstay.forms.texts import LANGUAGES
from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.moves import begin, locked, take_step
from mainstay.foundation.outbox import publish
from mainstay.people.models import Patient


@transaction.atomic
def give_form(
    *, actor: Actor, patient: Patient, form: str, language: str, visit_ref: UUID | None = None
) -> FormResponse:
    """Give a patient the text of a form that is in force today; one that is still open is handed back instead.

    Raises `InvalidInput` for a form that does not exist or has no text yet.
    """
    actor.may(GIVE).or_raise()
    kind = form_kinds().get(form)
    version = kind.version_on(actor.today) if kind else None
    if version is None or language not in LANGUAGES:
        raise InvalidInput("There is no such form, or not in this language.", field="form")
    response, is_new = FormResponse.objects.get_or_create(
        patient=patient,
        form=form,
        status=FormState.ASSIGNED,
        defaults={
            "version": version.isoformat(),
            "language": language,
            "visit_ref": visit_ref,
            "assigned_at": actor.now,
            "assigned_by_id": actor.staff_id,
        },
    )
    if is_new:
        begin(response, form_lifecycle, actor=actor)
    elif response.language != language or (visit_ref and response.visit_ref is None):
        response.language, response.visit_ref = language, response.visit_ref or visit_ref
        response.save()
    return response


@transaction.atomic
def give_forms(
    *, actor: Actor, patient: Patient, forms: Collection[str], language: str, visit_ref: UUID | None = None
) -> list[FormResponse]:
    """Give several forms at once, in the order asked for."""
    return [
        give_form(actor=actor, patient=patient, form=form, language=language, visit_ref=visit_ref) for form in forms
    ]


@transaction.atomic
def keep_answers(*, actor: Actor, response: FormResponse, answers: Answers) -> FormResponse:
    """Keep what was answered so far. Raises `FormIsSettled` once the form is signed or closed."""
    fresh = open_form(actor, response)
    if fresh.answers != answers:
        fresh.answers = answers
        fresh.save()
    return fresh


@transaction.atomic
def decline_form(*, actor: Actor, response: FormResponse, reason: str) -> FormResponse:
    """Write down that somebody would not sign, and what they said. Care goes on."""
    fresh = open_form(actor, response)
    if not reason.strip():
        raise InvalidInput("Say why it is not signed, in their words.", field="reason")
    take_step(fresh, form_lifecycle, "decline", actor=actor, column="status", reason=reason.strip()[:200])
    fresh.declined_reason = reason.strip()[:200]
    fresh.ended_at = actor.now
    fresh.save()
    publish(FormSettled(response_id=fresh.pk))
    return fresh


@transaction.atomic
def take_back_form(*, actor: Actor, response: FormResponse, reason: str) -> FormResponse:
    """A form was given out in error: nobody signs it."""
    fresh = open_form(actor, response)
    if not reason.strip():
        raise InvalidInput("Say why it is taken back.", field="reason")
    take_step(fresh, form_lifecycle, "take_back", actor=actor, column="status", reason=reason.strip()[:200])
    fresh.ended_reason, fresh.ended_at = reason.strip()[:200], actor.now
    fresh.save()
    publish(FormSettled(response_id=fresh.pk))
    return fresh


def open_form(actor: Actor, response: FormResponse) -> FormResponse:
    """A form nobody has signed or closed, locked. Raises `NotPermitted` and `FormIsSettled`."""
    actor.may(GIVE).or_raise()
    fresh = locked(FormResponse.objects.select_related("patient"), pk=response.pk)
    if fresh.status != FormState.ASSIGNED:
        raise FormIsSettled()
    return fresh
