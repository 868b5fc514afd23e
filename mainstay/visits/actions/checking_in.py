"""The front desk: who is this, are they contagious, what is still due."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.findings import Finding
from mainstay.visits.actions.board import raise_signal
from mainstay.visits.actions.moving import mark_arrived, move
from mainstay.visits.actions.tasks import plan_tasks
from mainstay.visits.errors import NotIdentified
from mainstay.visits.lifecycle import Stage
from mainstay.visits.models import CheckIn, SignalKind, Visit
from mainstay.visits.queries.traits import traits_of
from mainstay.visits.rules import judge_arrival

IDENTIFIERS_NEEDED = 2


@dataclass(frozen=True, slots=True)
class ArrivalScreen:
    """What an arriving patient says: None is "not asked"."""

    fever: bool | None = None
    rash: bool | None = None
    cough: bool | None = None
    travel: str = ""
    mask_given: bool = False


@dataclass(frozen=True, slots=True)
class DeskCheck:
    """What the desk verified. `identifiers` are the codes checked aloud: name, birth_date, address, phone, photo."""

    identifiers: Collection[str]
    photo_id_seen: bool = False
    demographics_confirmed: bool = False
    card_seen: bool = False
    copay_stated: Decimal | None = None
    accompanied_by: str = ""


@transaction.atomic
def screen_arrival(*, actor: Actor, visit: Visit, screen: ArrivalScreen) -> list[Finding]:
    """Write down the arrival screen; a rash with fever raises the airborne signal at once."""
    CheckIn.objects.update_or_create(
        visit=visit,
        defaults={
            "fever": screen.fever,
            "rash": screen.rash,
            "cough": screen.cough,
            "travel": screen.travel[:160],
            "mask_given": screen.mask_given,
        },
    )
    findings = judge_arrival(fever=screen.fever, rash=screen.rash, cough=screen.cough)
    if any(f.code == "arrival.rash_with_fever" for f in findings):
        Visit.objects.filter(pk=visit.pk).update(is_airborne_risk=True)
        raise_signal(
            actor=actor, visit=visit, kind=SignalKind.AIRBORNE, text="Rash with fever: room directly", severity="stop"
        )
    return findings


@transaction.atomic
def check_in_patient(
    *, actor: Actor, visit: Visit, check: DeskCheck, screen: ArrivalScreen, seen_version: int | None = None
) -> Visit:
    """Check a patient in with two identifiers and the arrival screen; plan what the playbook asks.

    Raises `NotIdentified` with fewer than two identifiers, `Stale` when another desk was first.
    """
    if len(set(check.identifiers)) < IDENTIFIERS_NEEDED:
        raise NotIdentified(field="identifiers")
    if visit.stage == Stage.EXPECTED or visit.stage == Stage.NO_SHOW:
        visit = mark_arrived(actor=actor, visit=visit, seen_version=seen_version)
        seen_version = None
    fresh = move(visit, "check_in", actor=actor, seen_version=seen_version)
    fresh.save()
    screen_arrival(actor=actor, visit=fresh, screen=screen)
    CheckIn.objects.filter(visit=fresh).update(
        identifiers=sorted(set(check.identifiers)),
        photo_id_seen=check.photo_id_seen,
        demographics_confirmed=check.demographics_confirmed,
        card_seen=check.card_seen,
        copay_stated=check.copay_stated,
        accompanied_by=check.accompanied_by[:120],
        checked_in_by_id=actor.staff_id,
        checked_in_at=actor.now,
    )
    plan_tasks(actor=actor, visit=fresh, traits=traits_of(fresh.patient, on=fresh.day, reason=fresh.reason))
    return fresh
