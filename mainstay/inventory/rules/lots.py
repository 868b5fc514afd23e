"""Whether a lot may be used, and which one first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from mainstay.foundation.findings import Finding, Severity
from mainstay.inventory.gs1 import BarCode
from mainstay.inventory.lifecycle import Funding

FIELD = "lot"


@dataclass(frozen=True, slots=True)
class LotFacts:
    """One lot in one storage unit as it stands: `doses_left` with those in the open vial, `unopened` without.

    `opened_at` and `beyond_use_at` are of the vial in use, None without one. `holds` are the reasons it is held,
    `recall` why it was called back, empty when it was not. Days are of `zone`, the site's.
    """

    item: str
    lot_number: str
    expires_on: date
    funding: Funding
    unit: str
    doses_left: int
    unopened: int
    zone: ZoneInfo
    opened_at: datetime | None = None
    beyond_use_at: datetime | None = None
    recall: str = ""
    holds: tuple[str, ...] = ()
    counted_in: str = "dose"

    def open_vial_is_over(self, now: datetime) -> bool:
        """Whether the vial in use is past the hours it may be used after opening."""
        return self.beyond_use_at is not None and now >= self.beyond_use_at


def judge_lot(facts: LotFacts, *, now: datetime, funding: Funding | str | None) -> tuple[Finding, ...]:
    """Why a lot may not be used now for somebody of this funding (None: not asked); empty when it may.

    A lot may be used through its expiry day. An opened vial past its hours stops the lot only where no unopened
    vial is left. Sources: CDC Vaccine Storage and Handling Toolkit; 42 USC 1396s (VFC for eligible children).
    """
    return tuple(_against(facts, now, Funding(funding) if funding else None))


def _against(facts: LotFacts, now: datetime, funding: Funding | None) -> Iterator[Finding]:
    name = f"{facts.item} lot {facts.lot_number}"
    today = now.astimezone(facts.zone).date()
    if facts.recall:
        yield _stop("recalled", f"{name} is recalled: {facts.recall.rstrip('.')}. Do not use it.")
    if facts.expires_on < today:
        yield _stop("expired", f"{name} expired on {facts.expires_on:%m/%d/%Y}. Do not use it.")
    for hold in facts.holds:
        yield _stop("held", f"{name} in {facts.unit} is held: {hold} DO NOT USE until there is a verdict.")
    if facts.doses_left <= 0:
        yield _stop("empty", f"No {facts.counted_in} of {name} is left in {facts.unit}.")
    elif facts.open_vial_is_over(now) and facts.unopened <= 0:
        opened = facts.opened_at.astimezone(facts.zone) if facts.opened_at else None
        since = f", opened {opened:%m/%d at %-I:%M} {opened:%p}".lower() if opened else ""
        yield _stop("beyond_use", f"The open vial of {name}{since}, is past its hours of use. Discard it.")
    if funding and facts.funding is not funding:
        yield _stop(
            "wrong_funding",
            f"{name} is {facts.funding.label} stock and this dose needs {funding.label} stock. "
            "Take the right lot, or record a borrowing first.",
        )


def judge_label(facts: LotFacts, code: BarCode) -> tuple[Finding, ...]:
    """Where the label in the hand and the record of the lot differ."""
    if code.expires_on and code.expires_on != facts.expires_on:
        return (
            _stop(
                "label_differs",
                f"The label says this lot expires {code.expires_on:%m/%d/%Y}, the record says "
                f"{facts.expires_on:%m/%d/%Y}. Have the lead put the record right before it is used.",
            ),
        )
    return ()


def first_to_use(facts: LotFacts, *, now: datetime) -> tuple[bool, date, int]:
    """Sort key of lots that may be used: the open vial first, then what expires first, then what is nearly gone."""
    is_open = facts.opened_at is not None and not facts.open_vial_is_over(now)
    return not is_open, facts.expires_on, facts.doses_left


def _stop(code: str, message: str) -> Finding:
    return Finding(Severity.STOP, code, FIELD, message)
