"""Who pays for a vaccine: eligibility asked at every visit, and the stock it may be given from (42 USC 1396s)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

from mainstay.foundation.findings import Finding, Severity
from mainstay.foundation.tables import read_toml
from mainstay.immunizations.rules.ages import years_old
from mainstay.immunizations.rules.vaccines import PACKAGE

VFC_UNTIL_YEARS = 19
VFC = "vfc"


@dataclass(frozen=True, slots=True)
class Eligibility:
    """One answer (HL7 64994-7): how it is asked, and the stock it may be given from."""

    code: str
    name: str
    ask: str
    es: str
    funding: tuple[str, ...]
    is_vfc: bool
    settings: tuple[str, ...]
    from_years: int
    until_years: int


@dataclass(frozen=True, slots=True)
class Funding:
    """A pool of stock: our code, its name, and its HL7 code (30963-3)."""

    code: str
    name: str
    hl7: str


@cache
def eligibilities() -> Mapping[str, Eligibility]:
    """Every answer by its code."""
    rows = read_toml(PACKAGE, "giving/eligibility.toml")["eligibility"]
    return MappingProxyType(
        {
            row["code"]: Eligibility(
                row["code"],
                row["name"],
                row["ask"],
                row["es"],
                tuple(row["funding"]),
                row.get("is_vfc", False),
                tuple(row.get("settings", ())),
                row.get("from_years", 0),
                VFC_UNTIL_YEARS if row.get("is_vfc") else row.get("until_years", 200),
            )
            for row in rows
        }
    )


@cache
def fundings() -> Mapping[str, Funding]:
    """Every pool of stock by our code."""
    rows = read_toml(PACKAGE, "giving/eligibility.toml")["funding"]
    return MappingProxyType({code: Funding(code, row["name"], row["code"]) for code, row in rows.items()})


def eligibilities_for(*, born: date, on: date, setting: str) -> tuple[Eligibility, ...]:
    """The answers to offer for somebody's age at a site."""
    years = years_old(born, on)
    fits = (one for one in eligibilities().values() if one.from_years <= years < one.until_years)
    return tuple(one for one in fits if _allows(one, setting))


def judge_eligibility(code: str, *, born: date, on: date, setting: str) -> list[Finding]:
    """Whether an answer can be: VFC is for those under 19, the underinsured only at FQHC, RHC or deputized sites."""
    known = eligibilities().get(code)
    if known is None:
        return [_stop("eligibility_unknown", "eligibility", "Choose who pays: it is asked at every visit.")]
    if years_old(born, on) >= known.until_years:
        return [_stop("eligibility_age", "eligibility", f"{known.name} is for those under {known.until_years} years.")]
    if years_old(born, on) < known.from_years:
        return [_stop("eligibility_age", "eligibility", f"{known.name} is for those from {known.from_years} years.")]
    if not _allows(known, setting):
        words = "This clinic is no FQHC, RHC or deputized site: the underinsured are not VFC-eligible here."
        return [_stop("eligibility_setting", "eligibility", words)]
    return []


def judge_funding(eligibility: str, stock: str, *, born: date, on: date) -> list[Finding]:
    """Whether stock of one pool may be given to this patient; pools never mix, borrowing has its own form."""
    known, pool = eligibilities().get(eligibility), fundings().get(stock)
    if known is None:
        return [_stop("eligibility_unknown", "eligibility", "Ask who pays first: it is asked at every visit.")]
    if pool is None:
        return [_stop("funding_unknown", "lot", "Nobody wrote down who paid for this lot. Ask who keeps the stock.")]
    if stock in known.funding:
        return []
    if stock == VFC and years_old(born, on) >= VFC_UNTIL_YEARS:
        return [_stop("vfc_to_adult", "lot", "This is VFC stock, and VFC is for those under 19. Take private stock.")]
    if stock == VFC:
        words = (
            f"This is VFC stock, and the patient is not VFC-eligible today ({known.name}). Take {_names(known)} stock."
        )
        return [_stop("vfc_to_insured", "lot", words)]
    if known.is_vfc:
        words = f"The patient is VFC-eligible ({known.name}): take VFC stock, or record a borrowing in Stock."
        return [_stop("vfc_child_other_stock", "lot", words)]
    words = f"This is {pool.name} stock, and today's vaccines are paid for by {known.name}. Take {_names(known)} stock."
    return [_stop("wrong_funding", "lot", words)]


def _allows(one: Eligibility, setting: str) -> bool:
    return not one.settings or setting in one.settings


def _names(one: Eligibility) -> str:
    return " or ".join(fundings()[code].name for code in one.funding)


def _stop(code: str, field: str, message: str) -> Finding:
    return Finding(Severity.STOP, code, field, message)
