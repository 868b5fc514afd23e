"""The explorer: states down, acts across, one mark in each cell, and the whole answer for one of them. Plain Python."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mainstay.authority.engine import decide
from mainstay.authority.facts import Credential, Order, Question, Supervision
from mainstay.authority.law import Act, Code, Rule, State, acts, credential_kinds, rule_on, rules, states
from mainstay.authority.words import PRESENCE, day, names_of
from mainstay.foundation.decisions import Decision, Outcome


class Mark(StrEnum):
    """What a cell shows."""

    ALLOWED = "A"
    CONDITIONS = "C"
    MEASURE = "M"
    PERMIT = "P"
    ASK = "?"
    UNSURE = "U"
    CLOSED = "X"


LEGEND = (
    (Mark.ALLOWED, "Allowed"),
    (Mark.CONDITIONS, "With conditions"),
    (Mark.MEASURE, "Measure only"),
    (Mark.PERMIT, "Separate permit"),
    (Mark.ASK, "Ask first"),
    (Mark.UNSURE, "Unsure, so closed"),
    (Mark.CLOSED, "Closed"),
)

FAMILIES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("needles", "Injections", ("inj_im", "inj_sc", "inj_id", "vaccine", "read_tb_skin_test")),
    ("blood", "Blood, tests", ("venipuncture", "capillary", "clia_waived", "ecg_acquire", "ecg_interpret")),
    ("medicines", "Medicines", ("med_oral", "med_topical", "med_inhaled", "controlled_substance", "local_anaesthetic")),
    ("lines", "IV", ("iv_start", "iv_med")),
    (
        "procedures",
        "Procedures",
        ("ear_lavage", "suture_removal", "urinary_catheter", "xray_expose", "laser_energy"),
    ),
    (
        "phone",
        "Phone",
        ("phone_triage_advice", "relay_signed_advice", "relay_positive_result", "refill_relay"),
    ),
    ("orders", "Orders", ("order_pend", "order_enter_on_instruction")),
)

LAW_WORDS = {
    Code.ALLOWED: "allows it",
    Code.CONDITIONS: "allows it with conditions",
    Code.SILENT: "is silent: general delegation by a physician",
    Code.PERMIT: "asks for a separate permit",
    Code.UNSURE: "is unsure",
    Code.PROHIBITED: "prohibits it",
}


UNVERIFIED = " (unverified)"


@dataclass(frozen=True, slots=True)
class Cell:
    """One state and act: the mark, and whether a source was read for it."""

    act: str
    mark: Mark
    is_verified: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One state with its cells, in the order of the columns."""

    state: State
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the explorer asks with: whose credential ("" for whichever the law wants), presence, order, day."""

    on: date
    credential: str = ""
    supervision: Supervision = Supervision.ON_SITE
    order: Order = Order.SIGNED
    delegator: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer for one act: the decision and the rule behind it."""

    act: Act
    rule: Rule
    decision: Decision

    @property
    def is_verified(self) -> bool:
        """Whether what the decision rests on was read in a source, or is the clinic's own."""
        return not self.decision.citation.endswith(UNVERIFIED)

    @property
    def cited(self) -> str:
        """What the decision rests on, without the word that it is unverified."""
        return self.decision.citation.removesuffix(UNVERIFIED)

    @property
    def behind(self) -> list[tuple[str, str]]:
        """The rule in names and values, for people."""
        rule = self.rule
        pairs = [
            ("Law as read", f"{rule.state.name} law {LAW_WORDS[rule.law]} ({rule.law})"),
            ("Confidence", f"{rule.confidence}{'' if rule.is_verified else ', not verified'}"),
            (
                "Source",
                rule.source if rule.is_verified else "None read: inferred from silence or professional knowledge",
            ),
            ("Presence", f"At least {PRESENCE[rule.supervision]}: {rule.state.regime.words}"),
            ("Order", " or ".join({"signed": "for this patient", "standing": "standing"}[o] for o in rule.order)),
            ("Credential", names_of(rule.credentials) if rule.credentials else ""),
            ("Training", "; ".join(t.words for t in rule.training)),
            ("Who may delegate", ", ".join(sorted(rule.state.delegators)) or "The law names nobody"),
            ("In force", _in_force(rule)),
            ("Checked", f"{day(rule.checked)}; {_reviewed(rule)}"),
        ]
        return [(name, text) for name, text in pairs if text]


def columns(family: str = "") -> tuple[tuple[str, tuple[Act, ...]], ...]:
    """The acts across, by family, or one family alone."""
    chosen = [f for f in FAMILIES if not family or f[0] == family]
    return tuple((label, tuple(acts()[code] for code in codes)) for _, label, codes in chosen)


def grid(circumstances: Circumstances, *, family: str = "", marks: Sequence[str] = ()) -> tuple[Row, ...]:
    """A row for every state; with `marks`, only states where a column bears one of them."""
    across = [act.code for _, members in columns(family) for act in members]
    rows = (Row(s, tuple(_cell(s.code, code, circumstances) for code in across)) for s in states().values())
    return tuple(r for r in rows if not marks or any(c.mark in marks for c in r.cells))


def answer(state: str, act: str, circumstances: Circumstances) -> Answer:
    """The whole answer for one cell; raises `InvalidInput` for a state or act that does not exist."""
    decision = decide(_question(state, act, circumstances))
    rule = rule_on(state, act, circumstances.on)
    return Answer(rule.act, rule, decision)


def checked_on() -> date:
    """The day the least lately checked rule of the table was checked."""
    return min(version.checked for versions in rules().values() for version in versions)


def credential_choices() -> list[tuple[str, str]]:
    """Credentials to ask with."""
    shown = ("medical_assistant", "phlebotomy", "ecg", "state", "permit", "license")
    kinds = [k for k in credential_kinds().values() if k.kind in shown]
    return [("", "As law asks"), ("none", "No credential"), *((k.code, k.name) for k in kinds)]


def _cell(state: str, act: str, circumstances: Circumstances) -> Cell:
    rule = rule_on(state, act, circumstances.on)
    decision = decide(_question(state, act, circumstances))
    return Cell(act, _mark(rule, decision), rule.is_verified)


def _mark(rule: Rule, decision: Decision) -> Mark:
    if decision.outcome is Outcome.ALLOW:
        return Mark.ALLOWED
    if decision.outcome is Outcome.ALLOW_WITH_CONDITIONS:
        return Mark.MEASURE if rule.default is Code.MEASURE_ONLY else Mark.CONDITIONS
    if decision.outcome is Outcome.ASK:
        return Mark.ASK
    if rule.default is Code.PERMIT:
        return Mark.PERMIT
    return Mark.UNSURE if rule.law is Code.UNSURE else Mark.CLOSED


def _question(state: str, act: str, circumstances: Circumstances) -> Question:
    if circumstances.credential == "none":
        held: tuple[str, ...] = ()
    elif circumstances.credential:
        held = (circumstances.credential,)
    else:
        wanted = rule_on(state, act, circumstances.on).credentials if state in states() and act in acts() else ()
        held = wanted[:1] or ("CMA_AAMA",)
    return Question(
        state=state,
        act=act,
        on=circumstances.on,
        credentials=tuple(Credential(code) for code in held),
        supervision=circumstances.supervision,
        order=circumstances.order,
        delegator=circumstances.delegator,
    )


def _reviewed(rule: Rule) -> str:
    return "not reviewed by counsel yet" if rule.reviewed_by == "unverified" else f"reviewed by {rule.reviewed_by}"


def _in_force(rule: Rule) -> str:
    start = f"from {day(rule.effective)}" if rule.effective else ""
    end = f"until the day before {day(rule.until)}" if rule.until else ""
    return " ".join(filter(None, (start, end)))
