"""One form, who may sign it, and the forms of one patient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from mainstay.forms.lifecycle import FormState
from mainstay.forms.models import FormResponse
from mainstay.forms.permissions import SEE
from mainstay.forms.queries.due import facts_of, interpreter_is_needed
from mainstay.forms.rules import ConsentFacts, consent_gaps, form_kinds, is_minor, release_gaps
from mainstay.forms.rules_signing import may_sign
from mainstay.forms.texts import relation_in, text_of
from mainstay.foundation.actor import Actor
from mainstay.foundation.decisions import Decision
from mainstay.foundation.errors import NotFound
from mainstay.foundation.findings import Finding
from mainstay.people.models import Patient, RelatedPerson
from mainstay.people.queries import proxies_of

PATIENT = "patient"
RELEASE = "records_release"


@dataclass(frozen=True, slots=True)
class SignerChoice:
    """Somebody who could sign: `value` is `patient` or a person's public id; the decision says whether they may."""

    value: str
    label: str
    decision: Decision


def response_for(actor: Actor, public_id: UUID) -> FormResponse:
    """One form with everybody it names. Raises `NotPermitted` and `NotFound`."""
    actor.may(SEE).or_raise()
    related = ("patient", "assigned_by", "explained_by", "witnessed_by", "signer_person", "document")
    found = FormResponse.objects.select_related(*related).filter(public_id=public_id).first()
    if found is None:
        raise NotFound("There is no such form.")
    return found


def responses_named(public_ids: Sequence[str]) -> list[FormResponse]:
    """Forms by their ids, in that order; ids of none are left out."""
    found = FormResponse.objects.select_related("patient").filter(public_id__in=public_ids)
    by_id = {str(row.public_id): row for row in found}
    return [by_id[key] for key in public_ids if key in by_id]


def forms_of(patient: Patient) -> QuerySet[FormResponse]:
    """Every form of a patient, newest first, without what was answered."""
    rows = FormResponse.objects.filter(patient=patient).defer("answers", "drawing")
    return rows.select_related("witnessed_by", "assigned_by").order_by("-assigned_at", "-pk")


def forms_to_hand_over(patient: Patient) -> list[FormResponse]:
    """The open forms a patient can fill in on a tablet, oldest first; paper forms are not among them."""
    rows = FormResponse.objects.filter(patient=patient, status=FormState.ASSIGNED).order_by("pk")
    return [row for row in rows if not text_of(row.form, row.version).is_paper_only]


def forms_offered(*, on: date) -> list[tuple[str, str]]:
    """The forms with a text in force on a day: code and title."""
    return [(kind.code, kind.title.en) for kind in form_kinds().values() if kind.version_on(on)]


def signers_of(response: FormResponse, *, on: date, service: str = "") -> list[SignerChoice]:
    """Who could sign this form, those who may first, each refusal with its reason."""
    kind, patient = form_kinds()[response.form], response.patient
    facts = facts_of(patient, marks=(), on=on)
    alone, _ = may_sign(kind, facts, proxy=None, service=service, on=on)
    found = [SignerChoice(PATIENT, patient.called_name, alone)]
    for proxy in proxies_of(patient, day=on):
        if proxy.person.authority != "none":
            decision, _ = may_sign(kind, facts, proxy=proxy.decision, service="", on=on)
            relation = relation_in(response.language, proxy.person.relationship)
            name = f"{proxy.person.name} ({relation})"
            found.append(SignerChoice(str(proxy.person.public_id), name, decision))
    return sorted(found, key=lambda choice: not choice.decision)


def proxy_named(response: FormResponse, value: str) -> RelatedPerson | None:
    """The person around the patient somebody chose as signer; None for the patient. Raises `NotFound`."""
    if value == PATIENT:
        return None
    try:
        found = response.patient.related_people.filter(public_id=UUID(value), is_withdrawn=False).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound("There is no such person around this patient.")
    return found


def patient_is_minor(patient: Patient, *, on: date) -> bool:
    """Whether somebody else signs for this patient by default."""
    return is_minor(facts_of(patient, marks=(), on=on), on)


def consent_findings(response: FormResponse, *, on: date) -> tuple[Finding, ...]:
    """What a signed consent or release lacks before anybody acts on it; nothing for other forms."""
    kind = form_kinds()[response.form]
    covered = text_of(response.form, response.version).covered(response.answers)
    if response.document_id:
        covered = frozenset(p.covers for p in text_of(response.form, response.version).parts if p.covers)
    is_signed = response.status == FormState.SIGNED
    if response.form == RELEASE:
        return release_gaps(covered, is_signed=is_signed, expires_on=response.expires_on, on=on)
    if not kind.needs_explainer:
        return ()
    return consent_gaps(
        ConsentFacts(
            covered=covered,
            explained_by_licensed=response.explained_by_id is not None,
            explainer=str(response.explained_by_id or ""),
            witness=str(response.witnessed_by_id or ""),
            is_signed=is_signed,
            signer_may_sign=is_signed,
            interpreter_needed=interpreter_is_needed(response.patient),
            interpreter=response.interpreter,
        )
    )
