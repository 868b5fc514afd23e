"""Credentials and competencies: recorded, verified, revoked; signed off rung by rung; reminded of before they end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput, NotPermitted
from mainstay.foundation.findings import NOTHING_CONFIRMED, Confirmations
from mainstay.foundation.moves import locked
from mainstay.foundation.outbox import publish
from mainstay.workforce.errors import SignsOffThemselves
from mainstay.workforce.events import CompetencyFailed, CredentialExpiring, CredentialRenewed
from mainstay.workforce.models import (
    CompetencySignOff,
    Credential,
    ExpiryReminder,
    LadderRung,
    Staff,
    TrainingFact,
)
from mainstay.workforce.permissions import SIGN_OFF, VERIFY_CREDENTIALS
from mainstay.workforce.rules import RECHECK, before_signing_off, reminder_due
from mainstay.workforce.sign_off_counts import suggested_times


@transaction.atomic
def record_credential(
    *,
    actor: Actor,
    staff: Staff,
    code: str,
    issuer: str,
    number: str = "",
    state: str = "",
    issued_on: date | None = None,
    expires_on: date | None = None,
    note: str = "",
) -> Credential:
    """Write down what somebody holds; acts rest on it only once it is verified with its issuer."""
    actor.may(VERIFY_CREDENTIALS).or_raise()
    if issued_on and expires_on and expires_on < issued_on:
        raise InvalidInput("It cannot end before it was issued.", field="expires_on")
    if issued_on and issued_on > actor.today:
        raise InvalidInput("It cannot be issued after today.", field="issued_on")
    made = Credential.objects.create(
        staff=staff,
        code=code,
        issuer=issuer.strip()[:60],
        number=number.strip()[:40],
        state=state,
        issued_on=issued_on,
        expires_on=expires_on,
        note=note.strip()[:300],
    )
    for earlier in Credential.objects.filter(staff=staff, code=code, state=state).exclude(pk=made.pk):
        publish(CredentialRenewed(credential_id=earlier.pk))
    return made


@transaction.atomic
def verify_credential(
    *, actor: Actor, credential: Credential, verifier: Staff, how: str, expires_on: date | None = None
) -> Credential:
    """Say that the issuer confirmed a credential, how, and until when; who and when is kept.

    People verify in their own name only; the system carries over what somebody verified elsewhere.
    """
    actor.may(VERIFY_CREDENTIALS).or_raise()
    _in_own_name(actor, verifier)
    if not how.strip():
        raise InvalidInput("Say how it was verified: the issuer's web page, a call, a letter.", field="how")
    if credential.staff_id == verifier.pk and actor.staff_id is not None:
        raise InvalidInput("Nobody verifies their own credential. Ask a colleague who may.")
    fresh = locked(Credential.objects.all(), pk=credential.pk)
    if fresh.revoked_on is not None:
        raise IllegalMove("This credential is revoked. Record the new one instead.")
    is_longer = bool(expires_on and (fresh.expires_on is None or expires_on > fresh.expires_on))
    fresh.verified_by, fresh.verified_at, fresh.verified_how = verifier, actor.now, how.strip()[:120]
    fresh.expires_on = expires_on or fresh.expires_on
    fresh.save()
    if is_longer:
        publish(CredentialRenewed(credential_id=fresh.pk))
    return fresh


@transaction.atomic
def revoke_credential(*, actor: Actor, credential: Credential, reason: str) -> Credential:
    """Say that a credential no longer counts from today on: withdrawn, surrendered or recorded by mistake."""
    actor.may(VERIFY_CREDENTIALS).or_raise()
    if not reason.strip():
        raise InvalidInput("Say why it no longer counts.", field="reason")
    fresh = locked(Credential.objects.all(), pk=credential.pk)
    if fresh.revoked_on is not None:
        raise IllegalMove("This credential is revoked already.")
    fresh.revoked_on, fresh.note = actor.today, reason.strip()[:300]
    fresh.save(update_fields=["revoked_on", "note"])
    publish(CredentialRenewed(credential_id=fresh.pk))
    return fresh


@dataclass(frozen=True, slots=True)
class Assessment:
    """What an assessor saw: the rung reached with one act, how often, by which checklist, until when."""

    act: str
    rung: LadderRung
    checklist_version: str
    times: int = 1
    restriction: str = ""
    expires_on: date | None = None


@transaction.atomic
def sign_off_competency(
    *,
    actor: Actor,
    staff: Staff,
    assessor: Staff,
    assessment: Assessment,
    confirmed: Confirmations = NOTHING_CONFIRMED,
) -> CompetencySignOff:
    """An assessor's word on one act: the rung reached, or that the check was failed and the act is off at once.

    Without a day, independence is checked again in twelve months. Raises `SignsOffThemselves`, and
    `NeedsConfirmation` for a rung that was skipped or seen too few times; the system carries sign-offs over as given.
    """
    actor.may(SIGN_OFF).or_raise()
    _in_own_name(actor, assessor)
    if staff.pk == assessor.pk:
        raise SignsOffThemselves()
    Staff.objects.select_for_update().get(pk=staff.pk)
    reasons = "" if actor.staff_id is None else _answered(staff, assessment, confirmed)
    expires_on = assessment.expires_on
    if assessment.rung == LadderRung.INDEPENDENT and expires_on is None:
        expires_on = actor.today + RECHECK
    made = CompetencySignOff.objects.create(
        staff=staff,
        act=assessment.act,
        rung=LadderRung(assessment.rung),
        times=assessment.times,
        checklist_version=assessment.checklist_version.strip()[:30],
        restriction=assessment.restriction.strip()[:200],
        reason=reasons,
        assessed_by=assessor,
        assessed_on=actor.today,
        expires_on=expires_on,
    )
    if made.rung == LadderRung.FAILED:
        publish(CompetencyFailed(sign_off_id=made.pk))
    return made


def _answered(staff: Staff, assessment: Assessment, confirmed: Confirmations) -> str:
    """The reasons given for what speaks against a sign-off."""
    earlier = list(CompetencySignOff.objects.filter(staff=staff, act=assessment.act).order_by("pk"))
    more = assessment.times if assessment.rung == LadderRung.SUPERVISED else 0
    found = before_signing_off(
        assessment.rung,
        reached=earlier[-1].rung if earlier else "",
        times_seen=_supervised(earlier) + more,
        suggested=suggested_times(assessment.act),
    )
    confirmed.answer(found)
    return "; ".join(confirmed.reason_for(f.code) for f in found)[:200]


def _in_own_name(actor: Actor, person: Staff) -> None:
    if actor.staff_id is not None and actor.staff_id != person.pk:
        raise NotPermitted("Everybody answers for this in their own name.")


@transaction.atomic
def record_training(*, actor: Actor, staff: Staff, topic: str, amount: Decimal, completed_on: date) -> TrainingFact:
    """Write down hours or supervised counts the law asks about."""
    actor.may(SIGN_OFF).or_raise()
    if amount <= 0:
        raise InvalidInput("More than nothing.", field="amount")
    if completed_on > actor.today:
        raise InvalidInput("It cannot be completed after today.", field="completed_on")
    return TrainingFact.objects.create(
        staff=staff, topic=topic, amount=amount, completed_on=completed_on, recorded_by_id=actor.staff_id
    )


@transaction.atomic
def withdraw_training(*, actor: Actor, training: TrainingFact) -> TrainingFact:
    """Take back training that was recorded by mistake; it stays in the history."""
    actor.may(SIGN_OFF).or_raise()
    fresh = locked(TrainingFact.objects.all(), pk=training.pk)
    fresh.is_withdrawn = True
    fresh.save(update_fields=["is_withdrawn"])
    return fresh


@transaction.atomic
def remind_of_credentials(*, actor: Actor) -> int:
    """Tell of every credential that ends in 180, 90, 60, 30 or 7 days, once for each; returns how many."""
    told = 0
    ending = Credential.objects.select_for_update(of=("self",), skip_locked=True).filter(
        revoked_on__isnull=True, expires_on__isnull=False, expires_on__gte=actor.today, staff__is_active=True
    )
    for credential in ending:
        assert credential.expires_on is not None
        before = credential.reminders.filter(expires_on=credential.expires_on).values_list("days", flat=True)
        days = reminder_due(credential.expires_on, actor.today, set(before))
        if days is None or _is_renewed(credential):
            continue
        ExpiryReminder.objects.create(credential=credential, expires_on=credential.expires_on, days=days, at=actor.now)
        publish(CredentialExpiring(credential_id=credential.pk, days=days))
        told += 1
    return told


def _is_renewed(credential: Credential) -> bool:
    later = Credential.objects.filter(
        staff_id=credential.staff_id, code=credential.code, state=credential.state, revoked_on__isnull=True
    )
    return later.filter(expires_on__gt=credential.expires_on).exists()


def _supervised(earlier: list[CompetencySignOff]) -> int:
    """Supervised performances since the last failed check."""
    count = 0
    for one in earlier:
        if one.rung == LadderRung.FAILED:
            count = 0
        elif one.rung == LadderRung.SUPERVISED:
            count += one.times
    return count
