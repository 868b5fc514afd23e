"""The authority engine: may this person do this act here, today, and on whose order.

One pure function, `decide`. It passes a question through gates in a fixed order; the first gate that closes gives the
answer, and what a gate cannot know becomes a condition. The mapping is written out in docs/clinical/authority.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from mainstay.authority import gates
from mainstay.authority.facts import Colleague, Policy, PolicyEffect, Question, Supervision
from mainstay.authority.law import Code, Rule, acts, rules, states
from mainstay.authority.licensed import decide_by_license, held_license
from mainstay.authority.words import (
    cited,
    day,
    refused_by_default,
    the_assistant_may,
    usual_people,
)
from mainstay.foundation.decisions import Confidence, Decision, Outcome
from mainstay.foundation.errors import InvalidInput

STRICTNESS = {Outcome.ALLOW: 0, Outcome.ALLOW_WITH_CONDITIONS: 1, Outcome.ASK: 2, Outcome.REFUSE: 3}
WEAKNESS = {confidence: rank for rank, confidence in enumerate(Confidence)}

Gate = Callable[[Question, Rule, list[str]], Decision | None]
GATES: tuple[Gate, ...] = (
    gates.permit,
    gates.credential,
    gates.lapse,
    gates.training,
    gates.competency,
    gates.delegator,
    gates.place,
    gates.order,
    gates.supervision,
    gates.patient,
)


def decide(question: Question) -> Decision:
    """Allow, allow with conditions, ask or refuse; with the reason, its source, and who could do it instead.

    The law of the state where the act happens and that of the patient's state both apply, the stricter prevailing.
    Raises `InvalidInput` for a state or act that does not exist.
    """
    decision = _decide_in(question, question.state)
    if question.patient_state and question.patient_state != question.state:
        decision = _stricter(decision, _decide_in(question, question.patient_state))
    if question.colleagues and not decision:
        able = tuple(c.name for c in question.colleagues if _could(question, c))
        if able:
            return replace(decision, who_could=able)
    return decision


def _decide_in(question: Question, state: str) -> Decision:
    try:
        versions = rules()[state, question.act]
    except KeyError:
        raise _unknown(state, question.act) from None
    rule = versions[0]
    if len(versions) > 1:
        rule = next(r for r in versions if r.covers(question.on))
    license_code = held_license(question)
    if license_code:
        return decide_by_license(question, rule, license_code)
    if question.substances:
        for act in gates.acts_of_substances(question):
            controlling = _decide_in(replace(question, act=act, substances=()), state)
            if not controlling:
                return controlling
    return _decide_for_assistant(question, rule)


def _decide_for_assistant(question: Question, rule: Rule) -> Decision:
    conditions = list(rule.conditions)
    loosening = None
    if question.policies:
        spoken = [p for p in question.policies if p.speaks(question.act, rule.state.code, question.on)]
        for policy in spoken:
            if policy.effect is PolicyEffect.FORBID:
                return gates.forbidden_by_policy(rule, policy)
            if policy.effect is PolicyEffect.LOOSEN and policy.may_loosen:
                loosening = policy
        for policy in spoken:
            if policy.effect is PolicyEffect.NARROW:
                closed = gates.narrowed(question, rule, policy, conditions)
                if closed is not None:
                    return closed
    if rule.default is Code.PROHIBITED or rule.default is Code.ASK:
        closed = _closed_by_default(rule) if loosening is None else _opened_by_policy(rule, loosening, conditions)
        if closed is not None:
            return closed
        rule = _under_policy(rule)
    for gate in GATES:
        closed = gate(question, rule, conditions)
        if closed is not None:
            return closed
    if rule.default is Code.ALLOWED and not conditions:
        return _plain_yes(rule)
    if (question.on - rule.checked).days > 365:
        conditions.append(f"This rule was last checked on {day(rule.checked)}; have it checked again.")
    return Decision(
        Outcome.ALLOW_WITH_CONDITIONS, the_assistant_may(rule), cited(rule), rule.confidence, tuple(conditions)
    )


@cache
def _closed_by_default(rule: Rule) -> Decision:
    """The one answer of a rule the default closes; the same for every medical assistant."""
    outcome = Outcome.ASK if rule.default is Code.ASK else Outcome.REFUSE
    return Decision(
        outcome, refused_by_default(rule), cited(rule), rule.confidence, who_could=usual_people(rule.act.code)
    )


@cache
def _plain_yes(rule: Rule) -> Decision:
    return Decision(Outcome.ALLOW, the_assistant_may(rule), cited(rule), rule.confidence)


def _opened_by_policy(rule: Rule, policy: Policy, conditions: list[str]) -> Decision | None:
    """Let a medical director's policy open what the default refuses, unless a law that was read forbids it."""
    if rule.law is Code.PROHIBITED and rule.is_verified:
        return Decision(
            Outcome.ASK,
            f"{rule.state.name} law as read forbids it, while a policy signed by {policy.signed_by} relies on "
            f"{policy.statute}: counsel has to confirm, and the rule table has to be changed first.",
            cited(rule),
            rule.confidence,
            who_could=usual_people(rule.act.code),
        )
    signed = day(policy.signed_on) if policy.signed_on else ""
    conditions.append(f"Policy signed by medical director {policy.signed_by} on {signed}, resting on {policy.statute}.")
    return None


@cache
def _under_policy(rule: Rule) -> Rule:
    """The rule as it stands once a policy opened it: order, sign-off and presence are asked for in full."""
    return replace(
        rule,
        default=Code.CONDITIONS,
        order=rule.order or (("signed",) if rule.act.hands else ()),
        act=replace(rule.act, competency=True),
        supervision=max(rule.supervision, Supervision.ON_SITE) if rule.act.hands else rule.supervision,
    )


def _stricter(first: Decision, second: Decision) -> Decision:
    if STRICTNESS[first.outcome] != STRICTNESS[second.outcome]:
        return max(first, second, key=lambda d: STRICTNESS[d.outcome])
    citations = tuple(dict.fromkeys((first.citation, second.citation)))
    worse = max(first, second, key=lambda d: WEAKNESS[d.confidence])
    return replace(
        worse,
        citation="; ".join(citations),
        conditions=tuple(dict.fromkeys((*first.conditions, *second.conditions))),
    )


def _could(question: Question, colleague: Colleague) -> bool:
    return bool(
        decide(
            replace(
                question,
                credentials=colleague.credentials,
                competency=colleague.competency,
                training=colleague.training,
                performer_age=None,
                colleagues=(),
            )
        )
    )


def _unknown(state: str, act: str) -> InvalidInput:
    if state not in states():
        return InvalidInput(f"There is no state {state!r}. Use a postal code: {', '.join(states())}.", field="state")
    return InvalidInput(f"There is no act {act!r}. Acts: {', '.join(acts())}.", field="act")
