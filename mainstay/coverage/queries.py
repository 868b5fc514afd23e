"""What is known of who pays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mainstay.coverage.models import Policy
from mainstay.people.models import Patient


@dataclass(frozen=True, slots=True)
class CoverageInBrief:
    """Coverage in one word with a meaning (fine, confirm, stop, plain), the plan, and the copay if it is known."""

    word: str
    kind: str
    plan: str = ""
    copay: Decimal | None = None


def coverage_in_brief(patient: Patient, *, on: date) -> CoverageInBrief:
    """The first policy that covers a day, and what the last check of it said. "Active" is never read as "covered"."""
    policies = Policy.objects.filter(patient=patient, is_withdrawn=False).select_related("payer").order_by("rank")
    current = [p for p in policies if (not p.effective or p.effective <= on) and (not p.ended or p.ended >= on)]
    if not current:
        return CoverageInBrief("Self-pay" if not policies else "Ended", "confirm")
    policy = current[0]
    last = policy.checks.order_by("-checked_at").first()
    plan = f"{policy.payer.name} {policy.plan_name}".strip()
    copay = last.copay if last and last.copay is not None else policy.copay
    if last is None:
        return CoverageInBrief("Not checked", "confirm", plan, copay)
    words = {"active": ("Active", "fine"), "inactive": ("Inactive", "stop")}
    word, kind = words.get(last.result, ("Unknown", "confirm"))
    return CoverageInBrief(word, kind, plan, copay)
