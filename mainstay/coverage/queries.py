"""What is known of who pays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from mainstay.chart.models import Document
from mainstay.coverage.models import CoverageCheck, Payer, Policy
from mainstay.coverage.permissions import SEE
from mainstay.coverage.rules import RANKS
from mainstay.foundation.actor import Actor
from mainstay.foundation.compiled import compiled
from mainstay.foundation.errors import NotFound
from mainstay.foundation.history import staff_of
from mainstay.people.models import Patient
from mainstay.workforce.models import Staff


@dataclass(frozen=True, slots=True)
class CoverageInBrief:
    """Coverage in one word with a meaning (fine, confirm, stop, plain), the plan, and the copay if it is known."""

    word: str
    kind: str
    plan: str = ""
    copay: Decimal | None = None


def coverage_in_brief(patient: Patient, *, on: date) -> CoverageInBrief:
    """The first policy that covers a day, and what the last check of it said. "Active" is never read as "covered"."""
    policies = _policies(patient.pk)
    current = [p for p in policies if (not p.effective or p.effective <= on) and (not p.ended or p.ended >= on)]
    if not current:
        return CoverageInBrief("Self-pay" if not policies else "Ended", "confirm")
    policy = current[0]
    last = policy.checks.order_by("-checked_at", "-pk").first()
    plan = f"{policy.payer.name} {policy.plan_name}".strip()
    copay = last.copay if last and last.copay is not None else policy.copay
    if last is None:
        return CoverageInBrief("Not checked", "confirm", plan, copay)
    words = {"active": ("Active", "fine"), "inactive": ("Inactive", "stop")}
    word, kind = words.get(last.result, ("Unknown", "confirm"))
    return CoverageInBrief(word, kind, plan, copay)


@compiled
def _policies(patient_id: int) -> QuerySet[Policy]:
    return Policy.objects.filter(patient_id=patient_id, is_withdrawn=False).select_related("payer").order_by("rank")


def policies_of(patient: Patient) -> list[Policy]:
    """Every policy of a patient in the order they pay, those that ended last, each with its checks as `checked`."""
    checks = CoverageCheck.objects.select_related("checked_by").order_by("-checked_at", "-pk")
    rows = Policy.objects.filter(patient=patient, is_withdrawn=False).select_related("payer", "card_front", "card_back")
    found = rows.prefetch_related(Prefetch("checks", queryset=checks, to_attr="checked")).order_by("rank", "-pk")
    return sorted(found, key=lambda policy: policy.ended is not None)


def policy_for(actor: Actor, patient: Patient, public_id: UUID) -> Policy:
    """One policy of a patient. Raises `NotPermitted` and `NotFound`."""
    actor.may(SEE).or_raise()
    rows = Policy.objects.select_related("payer", "patient", "card_front", "card_back")
    found = rows.filter(patient=patient, public_id=public_id).first()
    if found is None:
        raise NotFound("There is no such policy.")
    return found


def card_side(policy: Policy, side: str) -> Document:
    """The photograph of one side of a card. Raises `NotFound`."""
    paper = {"front": policy.card_front, "back": policy.card_back}.get(side)
    if paper is None:
        raise NotFound("This side of the card was not photographed.")
    return paper


def free_rank(patient: Patient) -> int:
    """The first place in the order that no policy in force holds; the last one when all are held."""
    held = set(Policy.objects.filter(patient=patient, ended=None, is_withdrawn=False).values_list("rank", flat=True))
    return next((rank for rank in RANKS if rank not in held), RANKS[-1])


def payers() -> QuerySet[Payer]:
    """Every insurer and program, by name."""
    return Payer.objects.order_by("name")


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """How a policy read at one time: when it was written, by whom, and the fields that changed since the one before."""

    at: datetime
    who: str
    changed: tuple[tuple[str, Any, Any], ...]


SHOWN = (
    "plan_name", "member_id", "group_number", "subscriber_name", "relationship", "rank", "effective", "ended",
    "end_reason", "copay", "is_withdrawn",
)  # fmt: skip


def versions_of(policy: Policy) -> list[PolicyVersion]:
    """Every version of a policy the database kept, newest first."""
    rows = list(policy.events.select_related("pgh_context").order_by("pgh_id"))  # type: ignore[attr-defined]  # added by pghistory
    ids = {staff_of(row) for row in rows}
    names: dict[int | None, str] = dict(Staff.objects.filter(pk__in=ids - {None}).values_list("pk", "shown_name"))
    found, before = [], None
    for row in rows:
        values = {field: getattr(row, field) for field in SHOWN}
        old = before or dict.fromkeys(SHOWN)
        changed = tuple((f.replace("_", " "), old[f], v) for f, v in values.items() if v != old[f] and (v or old[f]))
        who = names.get(staff_of(row))
        if changed:
            found.append(PolicyVersion(row.pgh_created_at, who or "Mainstay", changed))
        before = values
    return found[::-1]
