"""The tables: acts, states, credentials, and one rule for every state, act and day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any

from mainstay.authority.facts import Supervision
from mainstay.foundation.decisions import Confidence
from mainstay.foundation.tables import read_toml

PACKAGE = "mainstay.authority"


class Code(StrEnum):
    """The codes of a rule: of the law as read, and of what the product does by default."""

    ALLOWED = "A"
    CONDITIONS = "C"
    SILENT = "S"
    PERMIT = "P"
    UNSURE = "U"
    PROHIBITED = "X"
    MEASURE_ONLY = "measure_only"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Act:
    """Something regulated or competency-bound that somebody may be asked to do."""

    code: str
    name: str
    verb: str
    law: Code
    default: Code
    supervision: Supervision
    short: str = ""
    hands: bool = False
    medicine: bool = False
    hard_stop: bool = False
    beside_matrix: bool = False
    competency: bool = False
    order: tuple[str, ...] = ()
    permits: tuple[str, ...] = ()
    credentials: tuple[str, ...] = ()
    credential_reason: str = ""
    credential_kinds: frozenset[str] = frozenset({"medical_assistant", "state"})
    conditions: tuple[str, ...] = ()
    citation: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Regime:
    """How a state puts supervision: the least presence, and what is answered below it."""

    code: str
    least: Supervision
    below: Code
    words: str


@dataclass(frozen=True, slots=True)
class State:
    """One jurisdiction: its name, its citation, its supervision regime, who may delegate."""

    code: str
    name: str
    citation: str
    regime: Regime
    confidence: Confidence
    on_site_for_all: bool = False
    delegators: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Training:
    """Training a law counts: any of several sets of (measure, least)."""

    words: str
    any: tuple[tuple[tuple[str, int], ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """What holds for one act in one state between two days; compared and hashed by identity."""

    state: State
    act: Act
    law: Code
    default: Code
    confidence: Confidence
    source: str
    citation: str
    checked: date
    reviewed_by: str
    supervision: Supervision
    below_supervision: Code
    effective: date | None = None
    until: date | None = None
    note: str = ""
    conditions: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    credentials: tuple[str, ...] = ()
    credentials_ask: tuple[str, ...] = ()
    credentials_where: tuple[frozenset[str], tuple[str, ...]] | None = None
    credential_reason: str = ""
    training: tuple[Training, ...] = ()
    barred: tuple[str, ...] = ()
    settings_barred: frozenset[str] = frozenset()
    settings_needed: frozenset[str] = frozenset()
    stable: bool = False
    least_performer_age: int = 0

    @property
    def is_verified(self) -> bool:
        """Whether somebody read a source for it; otherwise it is inference, and users see so."""
        return self.source != "unverified"

    def covers(self, on: date) -> bool:
        """Whether it speaks about a day."""
        return (self.effective is None or self.effective <= on) and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True)
class CredentialKind:
    """A kind of credential or license: code, name, issuer, kind and usual cycle in months."""

    code: str
    name: str
    issuer: str
    kind: str
    renewal_months: int
    source: str


@dataclass(frozen=True, slots=True)
class License:
    """What holders of a license may do by it, in outline."""

    code: str
    needs_order: bool
    ask: frozenset[str]
    refuse: frozenset[str]


@cache
def credential_kinds() -> Mapping[str, CredentialKind]:
    """Every credential Mainstay knows, by code."""
    rows = read_toml(PACKAGE, "credentials.toml")["credential"]
    return MappingProxyType({code: CredentialKind(code=code, **row) for code, row in rows.items()})


@cache
def credential_group(name: str) -> tuple[str, ...]:
    """The codes of a named group, e.g. `national`; raises `KeyError` if there is none."""
    return tuple(read_toml(PACKAGE, "credentials.toml")["group"][name])


@cache
def licenses() -> Mapping[str, License]:
    """License outlines by credential code: MD, NP, RN …"""
    found = {}
    for name, row in read_toml(PACKAGE, "credentials.toml")["license"].items():
        outline = License(name, row["needs_order"], frozenset(row["ask"]), frozenset(row["refuse"]))
        found.update(dict.fromkeys(row["holders"], outline))
    return MappingProxyType(found)


@cache
def acts() -> Mapping[str, Act]:
    """Every act by code, the 28 of the matrix first."""
    found = {}
    for code, row in read_toml(PACKAGE, "acts.toml")["act"].items():
        row = dict(row)
        row["law"], row["default"] = Code(row["law"]), Code(row["default"])
        row["supervision"] = Supervision[row["supervision"].upper()]
        for key in ("order", "permits", "conditions"):
            row[key] = tuple(row.get(key, ()))
        row["credentials"] = _credentials(row.get("credentials", ()))
        if "credential_kinds" in row:
            row["credential_kinds"] = frozenset(row["credential_kinds"])
        found[code] = Act(code=code, **row)
    return MappingProxyType(found)


@cache
def substances() -> Mapping[str, tuple[str, str]]:
    """Substances that change the answer: code → (name, what decides)."""
    rows = read_toml(PACKAGE, "acts.toml")["substance"]
    return MappingProxyType({code: (row["name"], row["decides"]) for code, row in rows.items()})


@cache
def states() -> Mapping[str, State]:
    """The 50 states and the District of Columbia, by postal code."""
    table = read_toml(PACKAGE, "states.toml")
    regimes = {
        code: Regime(code, Supervision[row["least"].upper()], _below(row["below"]), row["words"])
        for code, row in table["regime"].items()
    }
    return MappingProxyType(
        {
            code: State(
                code=code,
                name=row["name"],
                citation=row["citation"],
                regime=regimes[row["supervision"]],
                confidence=Confidence(row["confidence"]),
                on_site_for_all=row.get("on_site_for_all", False),
                delegators=frozenset(row.get("delegators", ())),
            )
            for code, row in table["state"].items()
        }
    )


@cache
def rules() -> Mapping[tuple[str, str], tuple[Rule, ...]]:
    """For every (state, act): the rules, dated ones first, the undated one last."""
    table = read_toml(PACKAGE, "rules.toml")
    training = {
        name: Training(row["words"], tuple(tuple(one.items()) for one in row["any"]))
        for name, row in table["training"].items()
    }
    blocks: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for block in table["rule"]:
        for code in _expand(block["acts"], table["group"]):
            blocks.setdefault((block["state"], code), []).append(block)
    found = {}
    for state in states().values():
        for act in acts().values():
            base = _default_rule(state, act, table)
            dated = []
            for block in blocks.pop((state.code, act.code), ()):
                if "effective" in block or "until" in block:
                    dated.append(_overlaid(base, block, training))
                else:
                    base = _overlaid(base, block, training)
            found[state.code, act.code] = (*dated, base)
    if blocks:
        raise ValueError(f"rules.toml speaks of unknown states or acts: {sorted(blocks)}")
    return MappingProxyType(found)


@cache
def training_topics() -> Mapping[str, str]:
    """Topics of training records a law may count, each with its short word."""
    return MappingProxyType(dict(read_toml(PACKAGE, "rules.toml")["topic"]))


def rule_on(state: str, act: str, on: date) -> Rule:
    """The rule for an act in a state on a day; raises `KeyError` for an unknown state or act."""
    versions = rules()[state, act]
    if len(versions) > 1:
        for rule in versions:
            if rule.covers(on):
                return rule
    return versions[-1]


def _default_rule(state: State, act: Act, table: Mapping[str, Any]) -> Rule:
    return Rule(
        state=state,
        act=act,
        law=act.law,
        default=act.default,
        confidence=Confidence.UNVERIFIED if act.beside_matrix else state.confidence,
        source="unverified",
        citation="; ".join(filter(None, (state.citation, act.citation))),
        checked=table["checked"],
        reviewed_by=table["reviewed_by"],
        supervision=_least_supervision(state, act, act.law),
        below_supervision=state.regime.below,
        note=act.note,
        conditions=act.conditions,
        order=act.order,
        credentials=act.credentials,
        credential_reason=act.credential_reason,
    )


def _overlaid(rule: Rule, block: Mapping[str, Any], training: Mapping[str, Training]) -> Rule:
    change: dict[str, Any] = {}
    for key in ("source", "note", "stable", "least_performer_age", "credential_reason", "effective", "until"):
        if key in block:
            change[key] = block[key]
    for key in ("law", "default"):
        if key in block:
            change[key] = Code(block[key])
    for key in ("credentials", "credentials_ask"):
        if key in block:
            change[key] = _credentials(block[key])
    if "confidence" in block:
        change["confidence"] = Confidence(block["confidence"])
    if "citation" in block:
        change["citation"] = "; ".join(filter(None, (block["citation"], rule.act.citation)))
    if "conditions" in block:
        change["conditions"] = (*rule.conditions, *block["conditions"])
    if "order" in block:
        change["order"] = tuple(block["order"])
    if "training" in block:
        change["training"] = tuple(training[name] for name in block["training"])
    if "barred" in block:
        change["barred"] = tuple(block["barred"])
    for key in ("settings_barred", "settings_needed"):
        if key in block:
            change[key] = frozenset(block[key])
    if "credentials_where" in block:
        where = block["credentials_where"]
        change["credentials_where"] = (frozenset(where["settings"]), _credentials(where["any"]))
    law = change.get("law", rule.law)
    return replace(rule, supervision=_least_supervision(rule.state, rule.act, law), **change)


def _least_supervision(state: State, act: Act, law: Code) -> Supervision:
    if not act.hands:
        return act.supervision
    least = state.regime.least
    if act.supervision is Supervision.DIRECT_VISUAL:
        return act.supervision
    if act.supervision is Supervision.ON_SITE:
        return least
    by_law = state.on_site_for_all or (law is Code.CONDITIONS and state.regime.code != "on_site_by_policy")
    return max(act.supervision, least) if by_law else act.supervision


def _below(word: str) -> Code:
    return Code.ASK if word == "ask" else Code.PROHIBITED


def _credentials(codes: Iterable[str]) -> tuple[str, ...]:
    found: list[str] = []
    for code in codes:
        found.extend(credential_group(code[1:]) if code.startswith("@") else [code])
    if unknown := set(found) - set(credential_kinds()):
        raise ValueError(f"unknown credentials {sorted(unknown)}")
    return tuple(dict.fromkeys(found))


def _expand(codes: Iterable[str], groups: Mapping[str, list[str]]) -> tuple[str, ...]:
    found: list[str] = []
    for code in codes:
        found.extend(groups[code[1:]] if code.startswith("@") else [code])
    return tuple(dict.fromkeys(found))
