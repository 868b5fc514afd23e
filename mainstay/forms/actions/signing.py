"""Signing: who, for whom, by what right, after whose explanation, and before whose eyes."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction

from mainstay.chart import actions as chart_actions
from mainstay.forms.errors import FormIsSettled, WrongSigner
from mainstay.forms.events import FormSettled
from mainstay.forms.lifecycle import FormState, form_lifecycle
from mainstay.forms.models import SEALED, FormResponse
from mainstay.forms.permissions import EXPLAIN, GIVE, WITNESS
from mainstay.forms.queries.due import facts_of, interpreter_is_needed
from mainstay.forms.rules import ConsentFacts, DueRule, consent_gaps, form_kinds
from mainstay.forms.rules_signing import Answers, is_drawing, may_sign, unanswered
from mainstay.forms.texts import text_of
from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.findings import NOTHING_CONFIRMED, Confirmations, Finding
from mainstay.foundation.moves import locked, take_step
from mainstay.foundation.outbox import publish
from mainstay.people.models import RelatedPerson
from mainstay.people.queries import may_act_for

COMES_LATER = "consent-no-witness"


@dataclass(frozen=True, slots=True)
class Signing:
    """How somebody signs. `proxy` is None when the patient does; `how` is desk, tablet or paper.

    `service` names the kind of care a minor consents to alone; `is_witnessed` says that the actor saw it signed.
    """

    name: str
    how: str = "desk"
    proxy: RelatedPerson | None = None
    drawing: str = ""
    service: str = ""
    interpreter: str = ""
    is_witnessed: bool = False


@transaction.atomic
def sign_form(
    *,
    actor: Actor,
    response: FormResponse,
    answers: Answers,
    signing: Signing,
    confirmed: Confirmations = NOTHING_CONFIRMED,
) -> FormResponse:
    """Sign a form: from then on nobody changes it. An earlier one of its kind is superseded.

    Raises `FormIsSettled`, `WrongSigner` (the patient is a minor, the proxy's authority ended), `StopFound` naming
    each question left open and what a consent lacks, and `NeedsConfirmation` where a minor consents alone.
    """
    actor.may(GIVE).or_raise()
    fresh = _unsigned(response)
    text = text_of(fresh.form, fresh.version)
    if text.is_paper_only and signing.how != "paper":
        raise InvalidInput("This form is signed on its own paper. Scan it in.", field="signer")
    if len(re.sub(r"\W", "", signing.name)) < 2 or not is_drawing(signing.drawing):
        raise InvalidInput("Type the full name of the person who signs.", field="signer_name")
    findings = [] if signing.how == "paper" else list(unanswered(text, answers))
    findings += _about_signer(actor, fresh, signing)
    findings += _about_consent(fresh, answers, signing)
    confirmed.answer(findings)
    if signing.is_witnessed:
        _witness(actor, fresh)
    _put_name(actor, fresh, signing, answers, confirmed)
    take_step(fresh, form_lifecycle, "sign", actor=actor, column="status")
    fresh.save()
    _supersede_earlier(actor, fresh)
    publish(FormSettled(response_id=fresh.pk))
    return fresh


def _unsigned(response: FormResponse) -> FormResponse:
    fresh = locked(FormResponse.objects.select_related("patient"), pk=response.pk)
    if fresh.status not in (FormState.ASSIGNED, FormState.DECLINED):
        raise FormIsSettled()
    return fresh


def _about_signer(actor: Actor, response: FormResponse, signing: Signing) -> list[Finding]:
    patient, proxy = response.patient, signing.proxy
    if proxy is not None and proxy.patient_id != patient.pk:
        raise WrongSigner("That person is not among this patient's people.", field="signer")
    standing = may_act_for(patient, proxy, day=actor.today) if proxy else None
    facts = facts_of(patient, marks=frozenset(), on=actor.today)
    kind = form_kinds()[response.form]
    decision, finding = may_sign(kind, facts, proxy=standing, service=signing.service, on=actor.today)
    if not decision:
        raise WrongSigner(decision.reason, field="signer")
    return [finding] if finding else []


def _about_consent(response: FormResponse, answers: Answers, signing: Signing) -> list[Finding]:
    """What a procedure consent still lacks; its witness may follow."""
    kind = form_kinds()[response.form]
    if not kind.needs_explainer:
        return []
    covered = text_of(response.form, response.version).covered(answers)
    gaps = consent_gaps(
        ConsentFacts(
            covered=covered,
            explained_by_licensed=response.explained_by_id is not None,
            explainer=str(response.explained_by_id or ""),
            witness="later",
            is_signed=True,
            signer_may_sign=True,
            interpreter_needed=interpreter_is_needed(response.patient),
            interpreter=signing.interpreter,
        )
    )
    is_paper = signing.how == "paper"
    return [g for g in gaps if g.code != COMES_LATER and not (is_paper and g.code == "consent-element-missing")]


def _put_name(actor: Actor, fresh: FormResponse, signing: Signing, answers: Answers, confirmed: Confirmations) -> None:
    fresh.answers = answers
    fresh.signer_name, fresh.signed_at, fresh.signed_how = signing.name.strip()[:120], actor.now, signing.how
    fresh.signer_person = signing.proxy
    fresh.signer_relation = (signing.proxy.relationship if signing.proxy else "self")[:40]
    fresh.drawing, fresh.interpreter = signing.drawing, signing.interpreter.strip()[:80]
    fresh.minor_service = signing.service if confirmed.reason_for("minor-consents-alone") else ""
    fresh.minor_reason = confirmed.reason_for("minor-consents-alone")[:200]
    fresh.declined_reason, fresh.ended_at = "", None
    expiry = answers.get("expiry")
    if isinstance(expiry, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", expiry):
        fresh.expires_on = date.fromisoformat(expiry)
    fresh.seal = seal_of(fresh)


def seal_of(response: FormResponse) -> str:
    """The SHA-256 of everything that was signed, for comparing a paper with what is kept."""
    columns = (c for c in SEALED if c != "seal")
    kept = {"patient": str(response.patient.public_id), **{c: getattr(response, c) for c in columns}}
    return hashlib.sha256(json.dumps(kept, sort_keys=True, default=str).encode()).hexdigest()


def _supersede_earlier(actor: Actor, fresh: FormResponse) -> None:
    if form_kinds()[fresh.form].due in (DueRule.EACH_VISIT, DueRule.ON_REQUEST):
        return
    earlier = FormResponse.objects.select_for_update().filter(
        patient=fresh.patient, form=fresh.form, status__in=[FormState.SIGNED, FormState.DECLINED], pk__lt=fresh.pk
    )
    for old in earlier:
        take_step(old, form_lifecycle, "supersede", actor=actor, column="status")
        old.ended_at = actor.now
        old.save()


@transaction.atomic
def explain_form(*, actor: Actor, response: FormResponse) -> FormResponse:
    """A licensed provider says that they explained it to whoever signs."""
    actor.may(EXPLAIN).or_raise()
    fresh = _unsigned(response)
    fresh.explained_by_id, fresh.explained_at = actor.staff_id, actor.now
    fresh.save()
    return fresh


@transaction.atomic
def witness_form(*, actor: Actor, response: FormResponse) -> FormResponse:
    """Say that one saw it signed: on the same day, and never as the one who explained it."""
    fresh = locked(FormResponse.objects.select_related("patient"), pk=response.pk)
    if fresh.status != FormState.SIGNED or fresh.signed_at is None:
        raise IllegalMove("Only a signed form can be witnessed.")
    if fresh.signed_at.astimezone(actor.zone).date() != actor.today:
        raise IllegalMove("Only who saw it signed can witness it, on the same day.")
    _witness(actor, fresh)
    fresh.save()
    return fresh


def _witness(actor: Actor, fresh: FormResponse) -> None:
    actor.may(WITNESS).or_raise()
    if fresh.witnessed_by_id is not None:
        raise IllegalMove("Somebody witnessed this already.")
    if fresh.explained_by_id is not None and fresh.explained_by_id == actor.staff_id:
        raise InvalidInput("Who explained it cannot witness the signature.", field="is_witnessed")
    fresh.witnessed_by_id, fresh.witnessed_at = actor.staff_id, actor.now


@transaction.atomic
def withdraw_form(*, actor: Actor, response: FormResponse, reason: str) -> FormResponse:
    """The patient takes a signed form back, from now on; it stays readable."""
    actor.may(GIVE).or_raise()
    if not reason.strip():
        raise InvalidInput("Say why it is taken back, in their words.", field="reason")
    fresh = locked(FormResponse.objects.all(), pk=response.pk)
    take_step(fresh, form_lifecycle, "withdraw", actor=actor, column="status", reason=reason.strip()[:200])
    fresh.ended_reason, fresh.ended_at = reason.strip()[:200], actor.now
    fresh.save()
    publish(FormSettled(response_id=fresh.pk))
    return fresh


@transaction.atomic
def file_signed_paper(
    *, actor: Actor, response: FormResponse, content: bytes, keys: tuple[str, date], signing: Signing
) -> FormResponse:
    """Scan a signed paper in: it is filed in the chart and is the form from then on.

    `keys` are the family name and birth date read off the paper. Raises what `file_document` and `sign_form` raise.
    """
    fresh = _unsigned(response)
    paper = chart_actions.file_document(
        actor=actor,
        patient=fresh.patient,
        content=content,
        kind="consent",
        title=form_kinds()[fresh.form].title.en,
        dated=actor.today,
        keys=keys,
        author=signing.name,
        visit_ref=fresh.visit_ref,
    )
    FormResponse.objects.filter(pk=fresh.pk).update(document=paper)
    return sign_form(actor=actor, response=fresh, answers=fresh.answers, signing=replace(signing, how="paper"))
