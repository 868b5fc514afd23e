"""Writing down who pays, and what somebody found out about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from mainstay.chart import actions as chart_actions
from mainstay.chart.models import Document
from mainstay.coverage.events import CoverageChanged
from mainstay.coverage.models import CoverageCheck, Payer, Policy
from mainstay.coverage.permissions import RECORD
from mainstay.coverage.rules import RANKS, CardFacts, judge_card, judge_order
from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.findings import NOTHING_CONFIRMED, Confirmations, Finding
from mainstay.foundation.moves import in_turn, locked
from mainstay.foundation.outbox import publish
from mainstay.people.models import Patient

RESULTS = ("active", "inactive", "unknown")
PARKED = 100
"""Added to the ranks while they trade places, so that no two are the same meanwhile."""


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """What a card says. `copay` is in dollars, None when it is not known."""

    plan_name: str = ""
    member_id: str = ""
    group_number: str = ""
    subscriber_name: str = ""
    subscriber_birth_date: date | None = None
    relationship: str = "self"
    effective: date | None = None
    ended: date | None = None
    copay: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """Photographs of a card: front and back, as files; empty when not taken."""

    front: bytes = b""
    back: bytes = b""


NO_CARD = Card()


@transaction.atomic
def know_payer(*, actor: Actor, name: str, kind: str = "commercial", payer_id: str = "") -> Payer:
    """The payer of that name, made known if it is new."""
    actor.may(RECORD).or_raise()
    if not name.strip():
        raise InvalidInput("Type the name of the insurer.", field="payer")
    payer, _ = Payer.objects.get_or_create(name=name.strip(), defaults={"kind": kind, "payer_id": payer_id})
    return payer


@transaction.atomic
def record_policy(*, actor: Actor, patient: Patient, payer: Payer, facts: PolicyFacts, rank: int = 1) -> Policy:
    """Write down a policy; one that held this rank ends."""
    actor.may(RECORD).or_raise()
    if facts.ended is None:
        for earlier in _in_force(patient).filter(rank=rank):
            _end(earlier, actor.today, "Replaced by another policy")
    return Policy.objects.create(patient=patient, payer=payer, rank=rank, **asdict(facts))


@transaction.atomic
def add_policy(
    *,
    actor: Actor,
    patient: Patient,
    payer: Payer,
    facts: PolicyFacts,
    rank: int,
    card: Card = NO_CARD,
    confirmed: Confirmations = NOTHING_CONFIRMED,
) -> Policy:
    """Write down a policy as its card says, with photographs of the card; one that held this rank ends.

    Raises `StopFound` and `NeedsConfirmation` for what `judge_card` and `judge_order` find.
    """
    actor.may(RECORD).or_raise()
    _lock(patient)
    if rank not in RANKS:
        raise InvalidInput("Primary, secondary or tertiary.", field="rank")
    confirmed.answer((*_judged(actor, payer, facts), *_order_with(patient, payer, rank, facts)))
    policy = record_policy(actor=actor, patient=patient, payer=payer, facts=facts, rank=rank)
    publish(CoverageChanged(patient_id=patient.pk))
    return _with_card(actor, policy, card)


@transaction.atomic
def change_policy(
    *,
    actor: Actor,
    policy: Policy,
    payer: Payer,
    facts: PolicyFacts,
    card: Card = NO_CARD,
    confirmed: Confirmations = NOTHING_CONFIRMED,
) -> Policy:
    """Put a policy right; what it said before stays in its history. An end date ends it."""
    actor.may(RECORD).or_raise()
    _lock(policy.patient)
    fresh = locked(Policy.objects.select_related("patient"), pk=policy.pk)
    if fresh.is_withdrawn:
        raise IllegalMove("This policy was written down in error.")
    confirmed.answer(_judged(actor, payer, facts))
    fresh.payer = payer
    for name, value in asdict(facts).items():
        setattr(fresh, name, value)
    fresh.save()
    publish(CoverageChanged(patient_id=fresh.patient_id))
    return _with_card(actor, fresh, card)


def _judged(actor: Actor, payer: Payer, facts: PolicyFacts) -> tuple[Finding, ...]:
    card = CardFacts(
        payer_kind=payer.kind,
        member_id=facts.member_id,
        relationship=facts.relationship,
        subscriber_name=facts.subscriber_name,
        effective=facts.effective,
        ended=facts.ended,
    )
    return judge_card(card, today=actor.today)


def _order_with(patient: Patient, payer: Payer, rank: int, facts: PolicyFacts) -> tuple[Finding, ...]:
    if facts.ended is not None:
        return ()
    others = _in_force(patient).exclude(rank=rank).values_list("rank", "payer__kind")
    return judge_order(kind for _, kind in sorted([*others, (rank, payer.kind)]))


def _with_card(actor: Actor, policy: Policy, card: Card) -> Policy:
    """File the photographs of a card in the chart, under the patient whose chart is open."""
    sides = {"card_front": (card.front, "front"), "card_back": (card.back, "back")}
    for column, (content, side) in sides.items():
        if content:
            title = f"Insurance card, {side}: {policy.payer.name}"
            setattr(policy, column, _filed(actor, policy.patient, content, title))
            policy.card_seen_on = actor.today
    if card.front or card.back:
        policy.save()
    return policy


def _filed(actor: Actor, patient: Patient, content: bytes, title: str) -> Document:
    """One side of a card: whoever records coverage files it, also a biller who files nothing else into charts."""
    filed = chart_actions.file_document(
        actor=replace(actor, permissions=actor.permissions | {"chart.file_documents"}),
        patient=patient,
        content=content,
        kind="insurance",
        title=title,
        dated=actor.today,
        keys=(patient.family_name, patient.birth_date),
    )
    if not filed.media_type.startswith(("image/", "application/pdf")):
        raise InvalidInput("Take a photograph of the card, or scan it.", field="card_front")
    return filed


@transaction.atomic
def end_policy(*, actor: Actor, policy: Policy, ended: date, reason: str) -> Policy:
    """A policy ends on a day, with the reason. Raises `IllegalMove` if it ended before."""
    actor.may(RECORD).or_raise()
    if not reason.strip():
        raise InvalidInput("Say why it ends: new job, turned 26, moved to Medicare…", field="reason")
    fresh = locked(Policy.objects.all(), pk=policy.pk)
    if fresh.ended is not None or fresh.is_withdrawn:
        raise IllegalMove("This policy has ended already.")
    if fresh.effective and ended < fresh.effective:
        raise InvalidInput("The policy would end before it begins.", field="ended")
    _end(fresh, ended, reason)
    publish(CoverageChanged(patient_id=fresh.patient_id))
    return fresh


def _end(policy: Policy, day: date, reason: str) -> None:
    policy.ended = max(day, policy.effective) if policy.effective else day
    policy.end_reason = reason.strip()[:160]
    policy.save()


@transaction.atomic
def withdraw_policy(*, actor: Actor, policy: Policy, reason: str) -> Policy:
    """A policy was written down in error: it was never this patient's."""
    actor.may(RECORD).or_raise()
    if not reason.strip():
        raise InvalidInput("Say what was wrong.", field="reason")
    fresh = locked(Policy.objects.all(), pk=policy.pk)
    fresh.is_withdrawn, fresh.end_reason = True, reason.strip()[:160]
    fresh.save()
    publish(CoverageChanged(patient_id=fresh.patient_id))
    return fresh


@transaction.atomic
def make_primary(*, actor: Actor, policy: Policy, confirmed: Confirmations = NOTHING_CONFIRMED) -> Policy:
    """Let a policy pay first; the others follow in the order they had.

    Raises `IllegalMove` for a policy that is not in force, `NeedsConfirmation` when Medicaid would not pay last.
    """
    actor.may(RECORD).or_raise()
    _lock(policy.patient)
    rows = list(_in_force(policy.patient).select_for_update(of=("self",)).select_related("payer").order_by("rank"))
    chosen = next((row for row in rows if row.pk == policy.pk), None)
    if chosen is None:
        raise IllegalMove("Only a policy in force can pay first.")
    order = [chosen, *(row for row in rows if row.pk != chosen.pk)]
    confirmed.answer(judge_order(row.payer.kind for row in order))
    for shift in (PARKED, 0):
        for number, row in enumerate(order, start=1):
            row.rank = number + shift
            row.save()
    publish(CoverageChanged(patient_id=policy.patient_id))
    return chosen


def _in_force(patient: Patient) -> QuerySet[Policy]:
    return Policy.objects.filter(patient=patient, ended=None, is_withdrawn=False)


def _lock(patient: Patient) -> None:
    """One desk at a time for one patient's policies."""
    in_turn(Patient.objects.all(), pk=patient.pk)


@transaction.atomic
def record_check(
    *, actor: Actor, policy: Policy, result: str, how: str = "phone", copay: Decimal | None = None, note: str = ""
) -> CoverageCheck:
    """Write down what somebody found out: active, inactive or unknown. Raises `InvalidInput` for anything else."""
    actor.may(RECORD).or_raise()
    if result not in RESULTS:
        raise InvalidInput("Active, inactive or unknown.", field="result")
    check = CoverageCheck.objects.create(
        policy=policy,
        checked_at=actor.now,
        checked_by_id=actor.staff_id,
        how=how,
        result=result,
        copay=copay,
        note=note[:240],
    )
    publish(CoverageChanged(patient_id=policy.patient_id))
    return check
