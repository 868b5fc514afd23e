"""Holders of a license act by it, not by delegation: an outline, the practice act of each state decides."""

from __future__ import annotations

from mainstay.authority.facts import Order, Question
from mainstay.authority.law import Rule, credential_kinds, licenses
from mainstay.authority.words import PROVIDERS, day, usual_people
from mainstay.foundation.decisions import Confidence, Decision, Outcome


def held_license(question: Question) -> str:
    """The code of the current license a person holds, the widest first; empty if none."""
    known = licenses()
    held = [c.code for c in question.credentials if c.code in known and c.is_current(question.on)]
    if not held:
        return ""
    return min(held, key=lambda code: len(known[code].refuse) + len(known[code].ask))


def decide_by_license(question: Question, rule: Rule, code: str) -> Decision:
    """What the holder of a license may do, as far as the outline goes."""
    outline, name, act = licenses()[code], credential_kinds()[code].name, rule.act
    citation = f"Practice act of {rule.state.name} for the license {code} (unverified)"
    others = tuple(p for p in usual_people(act.code) if name.split(" (")[0] not in p)
    if act.code in outline.refuse:
        reason = f"A {name} does not {act.verb} by license."
        return Decision(Outcome.REFUSE, reason, citation, Confidence.UNVERIFIED, who_could=others)
    if act.code in outline.ask:
        reason = f"Whether a {name} may {act.verb} depends on the state's practice act and the clinic; ask first."
        return Decision(Outcome.ASK, reason, citation, Confidence.UNVERIFIED, who_could=others)
    conditions: tuple[str, ...] = ()
    if outline.needs_order and (act.order or act.medicine):
        if question.order is Order.NONE:
            reason = f"A {name} needs an order to {act.verb}."
            return Decision(Outcome.REFUSE, reason, citation, Confidence.UNVERIFIED, who_could=PROVIDERS)
        expired = question.standing_order.expires
        if question.order is Order.STANDING and expired is not None and expired < question.on:
            reason = f"The standing order ended on {day(expired)}."
            return Decision(Outcome.REFUSE, reason, citation, Confidence.UNVERIFIED, who_could=PROVIDERS)
        if question.order is Order.NOT_STATED:
            conditions = ("A provider has signed an order or a standing order.",)
    outcome = Outcome.ALLOW_WITH_CONDITIONS if conditions else Outcome.ALLOW
    return Decision(outcome, f"A {name} may {act.verb} by license.", citation, Confidence.UNVERIFIED, conditions)
