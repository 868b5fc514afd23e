"""What must hold of a policy, and what deserves a second look."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mainstay.foundation.findings import Finding, Severity

RANKS = (1, 2, 3)
LETTER = "[AC-HJKMNP-RT-Y]"
EITHER = "[AC-HJKMNP-RT-Y0-9]"
MEDICARE_ID = re.compile(rf"[1-9]{LETTER}{EITHER}\d{LETTER}{EITHER}\d{LETTER}{LETTER}\d\d")
"""A Medicare beneficiary identifier: 11 signs without S, L, O, I, B and Z. Source: CMS, MBI format."""


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What a card says that can be judged."""

    payer_kind: str
    member_id: str
    relationship: str
    subscriber_name: str
    effective: date | None
    ended: date | None


def judge_card(card: CardFacts, *, today: date) -> tuple[Finding, ...]:
    """Findings on a policy as it is written down."""
    found = []
    if card.effective and card.ended and card.ended < card.effective:
        found.append(Finding(Severity.STOP, "ends-first", "ended", "The policy ends before it begins."))
    if card.relationship != "self" and not card.subscriber_name.strip():
        message = "Whose policy is it? Type the subscriber's name."
        found.append(Finding(Severity.STOP, "no-subscriber", "subscriber_name", message))
    if card.payer_kind != "self_pay" and not card.member_id.strip():
        message = "Without a member number nobody can ask the payer. Save only if the card is being brought."
        found.append(Finding(Severity.CONFIRM, "no-member-id", "member_id", message))
    plain = re.sub(r"[\s-]", "", card.member_id).upper()
    if card.payer_kind == "medicare" and plain and not MEDICARE_ID.fullmatch(plain):
        message = "This does not look like a Medicare number (11 signs, as on the card). Read it again."
        found.append(Finding(Severity.CONFIRM, "medicare-id", "member_id", message))
    if card.ended and card.ended < today:
        message = f"This policy ended on {card.ended:%m/%d/%Y}. It is kept as past coverage."
        found.append(Finding(Severity.CONFIRM, "ended-already", "ended", message))
    return tuple(found)


def judge_order(kinds_in_order: Iterable[str]) -> tuple[Finding, ...]:
    """Findings on who pays first: Medicaid is the payer of last resort (42 CFR 433.138)."""
    kinds = list(kinds_in_order)
    if "medicaid" in kinds[:-1]:
        message = "Medicaid pays last. Is the order right?"
        return (Finding(Severity.CONFIRM, "medicaid-last", "rank", message),)
    return ()
