"""The gates a question passes, in order; each closes with a decision, or adds what remains to be verified.

A gate takes the question, the rule and the conditions so far, and returns a `Decision` when it closes, else None.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from mainstay.authority.facts import Competence, Order, Policy, Question, Supervision, Unstated
from mainstay.authority.law import Code, Rule, Training, credential_kinds, substances
from mainstay.authority.words import PRESENCE, PROVIDERS, cited, day, either, names_of, usual_people
from mainstay.foundation.decisions import Decision, Outcome


def _closed(rule: Rule, reason: str, outcome: Outcome, who_could: tuple[str, ...] | None = None) -> Decision:
    people = usual_people(rule.act.code) if who_could is None else who_could
    return Decision(outcome, reason, cited(rule), rule.confidence, who_could=people)


def _refused(rule: Rule, reason: str, who_could: tuple[str, ...] | None = None) -> Decision:
    return _closed(rule, reason, Outcome.REFUSE, who_could)


def _asked(rule: Rule, reason: str, who_could: tuple[str, ...] | None = None) -> Decision:
    return _closed(rule, reason, Outcome.ASK, who_could)


def forbidden_by_policy(rule: Rule, policy: Policy) -> Decision:
    """The clinic has closed the act for medical assistants."""
    why = policy.reason.rstrip(".") or "no reason is written"
    return _by_policy(rule, policy, f"The clinic's own policy of {day(policy.effective)} does not allow it: {why}.")


def _by_policy(rule: Rule, policy: Policy, reason: str) -> Decision:
    return replace(_refused(rule, reason), citation=f"Clinic policy of {day(policy.effective)}")


def narrowed(question: Question, rule: Rule, policy: Policy, conditions: list[str]) -> Decision | None:
    """What a narrowing policy asks for beyond the rule."""
    least = policy.least_supervision
    if least > Supervision.GENERAL:
        if question.supervision is Supervision.NOT_STATED:
            conditions.append(f"Clinic policy: {PRESENCE[least]} is present.")
        elif question.supervision < least:
            return _by_policy(rule, policy, f"Clinic policy asks for {PRESENCE[least]} here.")
    if policy.credentials and not _current(question, policy.credentials):
        return _by_policy(rule, policy, f"Clinic policy asks for a current {names_of(policy.credentials)}.")
    if policy.least_patient_age is not None:
        if question.patient_age is None:
            conditions.append(f"Clinic policy: the patient is at least {policy.least_patient_age} years old.")
        elif question.patient_age < policy.least_patient_age:
            return _by_policy(rule, policy, f"Clinic policy allows it from {policy.least_patient_age} years of age.")
    return None


def permit(question: Question, rule: Rule, conditions: list[str]) -> Decision | None:
    """Acts behind a separate state permit."""
    if rule.default is not Code.PERMIT or _current(question, rule.act.permits):
        return None
    lapsed = _lapsed(question, rule.act.permits)
    wanted = names_of(rule.act.permits)
    if lapsed:
        return _refused(rule, f"The {lapsed}; to {rule.act.verb} takes a current {wanted}.")
    return _refused(
        rule, f"In {rule.state.name}, to {rule.act.verb} takes a separate permit: {wanted}. {rule.note}".strip()
    )


def credential(question: Question, rule: Rule, conditions: list[str]) -> Decision | None:
    """Credentials the rule names."""
    wanted, merely = rule.credentials, rule.credentials_ask
    if rule.credentials_where is not None:
        settings, listed = rule.credentials_where
        if question.setting in settings:
            wanted = listed
    if not wanted:
        return None
    held = _current(question, wanted)
    if held:
        if question.unstated is Unstated.REFUSE and not any(
            c.is_verified for c in question.credentials if c.code in held
        ):
            return _refused(rule, f"The {names_of(held)} on file has not been verified with its issuer yet.")
        return None
    if maybe := _current(question, merely):
        return _asked(
            rule, f"Whether {names_of(maybe)} is enough to {rule.act.verb} in {rule.state.name} is not settled."
        )
    someone = (f"a medical assistant who holds {names_of(wanted)}", *usual_people(rule.act.code))
    if lapsed := _lapsed(question, wanted):
        return _refused(rule, f"The {lapsed}, and the acts that rest on it stopped that midnight.", someone)
    reason = rule.credential_reason or f"{rule.state.name} lets only a credentialed medical assistant {rule.act.verb}."
    return _refused(rule, f"{reason} It takes a current {names_of(wanted)}.", someone)


def lapse(question: Question, rule: Rule, conditions: list[str]) -> Decision | None:
    """A lapsed credential takes its acts with it, even where the law asks for none."""
    if rule.default is Code.ALLOWED:
        return None
    kinds, lapsed = credential_kinds(), ""
    for held in question.credentials:
        kind = kinds[held.code].kind if held.code in kinds else ""
        if kind == "license" or kind in rule.act.credential_kinds:
            if held.is_current(question.on):
                return None
            lapsed = lapsed or f"The {kinds[held.code].name} expired on {day(held.expires or question.on)}"
    if not lapsed:
        return None
    return _refused(rule, f"{lapsed}, and the acts that rest on it stopped that midnight. Renew it, then ask again.")


def training(question: Question, rule: Rule, conditions: list[str]) -> Decision | None:
    """Training the law counts in hours or repetitions."""
    for needed in rule.training:
        met = _met(needed, question)
        if met:
            continue
        asks = f"{rule.state.name} asks for {needed.words}"
        if met is False:
            return _refused(rule, f"{asks}; what is on file falls short of it.")
        if question.unstated is Unstated.REFUSE:
            return _refused(rule, f"{asks}; nothing on file says so.")
        if rule.default is not Code.ALLOWED:
            conditions.append(f"On file: {needed.words}.")
    return None


def competency(question: Question, rule: Rule, conditions: list[str]) -> Decision | None:
    """The clinic's own sign-off for the act."""
    if not rule.act.competency:
        return None
    signed = question.competency
    someone = (f"a colleague signed off to {rule.act.verb}", *usual_people(rule.act.code))
    if signed.state is Competence.NONE or (
        signed.state is Competence.NOT_STATED and question.unstated is Unstated.REFUSE
    ):
        reason = f"There is no sign-off to {rule.act.verb} yet; an assessor has to give it first."
        return _by_sign_off(rule, reason, someone)
    if signed.expires is not None and signed.expires < question.on:
        reason = f"The sign-off to {rule.act.verb} ended on {day(signed.expires)}; it is due again."
        return _by_sign_off(rule, reason, someone)
    if signed.restriction:
        conditions.append(f"The sign-off is restricted: {signed.restriction.rstrip('.')}.")
    if signed.state is Competence.NOT_STATED and rule.default is not Code.ALLOWED:
        conditions.append(f"A named assessor has signed off to {rule.act.verb}, and it is in date.")
    return None


def _by_sign_off(rule: Rule, reason: str, who_could: tuple[str, ...]) -> Decision:
    return replace(_refused(rule, reason, who_could), citation=f"Clinic sign-off; {cited(rule)}")


def delegator(question: Question, rule: Rule, conditions: list[str]) -> Decision | None:
    """Who delegates matters: the key of the law is the delegator's license."""
    if not rule.act.hands or rule.default is Code.ALLOWED:
        return None
    who, named = question.delegator, rule.state.delegators
    by_law = bool(named) and rule.law in (Code.CONDITIONS, Code.ALLOWED)
    if not who:
        if by_law:
            conditions.append(f"The one who delegates is one of: {', '.join(sorted(named))}.")
        return None
    if who in ("MD", "DO") or (by_law and who in named):
        if by_law and who not in named:
            return _refused(
                rule, f"{rule.state.name} does not name {who} among those who may delegate this.", PROVIDERS
            )
        return None
    if by_law:
        return _refused(
            rule, f"{rule.state.name} lets this be delegated by {either(sorted(named))}, not by {who}.", PROVIDERS
        )
    if who in ("RN", "LPN"):
        return _asked(
            rule,
            f"What a {who} may delegate follows the nursing rules of {rule.state.name}; ask a provider.",
            PROVIDERS,
        )
    conditions.append(f"{rule.state.name} lets a {who} delegate this: have it confirmed once, in writing.")
    return None


def place(question: Question, rule: Rule, conditions: list[str]) -> Decision | None:
    """Settings the law bars or asks for, and the performer's own age."""
    if question.setting:
        if question.setting in rule.settings_barred:
            return _refused(rule, f"{rule.state.name} does not allow it in a {question.setting.replace('_', ' ')}.")
        if rule.settings_needed and question.setting not in rule.settings_needed:
            wanted = either(sorted(s.replace("_", " ") for s in rule.settings_needed))
            return _refused(rule, f"{rule.state.name} allows it in {wanted} only.")
    elif rule.settings_needed:
        conditions.append(f"The practice is {either(sorted(s.replace('_', ' ') for s in rule.settings_needed))}.")
    elif rule.settings_barred and rule.default is not Code.ALLOWED:
        conditions.append(f"The place is not a {either(sorted(s.replace('_', ' ') for s in rule.settings_barred))}.")
    if (
        rule.least_performer_age
        and question.performer_age is not None
        and question.performer_age < rule.least_performer_age
    ):
        return _refused(rule, f"{rule.state.name} asks the assistant to be {rule.least_performer_age} or older.")
    return None


def order(question: Question, rule: Rule, conditions: list[str]) -> Decision | None:
    """On whose order."""
    if not rule.order or question.order is Order.SIGNED:
        return None
    standing_may_do = Order.STANDING in rule.order
    wanted = "a signed order for this patient" + (" or a signed standing order" if standing_may_do else "")
    if question.order is Order.NONE:
        return _refused(rule, f"To {rule.act.verb} takes {wanted}, and there is none.", PROVIDERS)
    if question.order is Order.NOT_STATED:
        conditions.append(f"There is {wanted}.")
        return None
    if not standing_may_do:
        return _refused(
            rule, f"To {rule.act.verb} in {rule.state.name} takes {wanted}; a standing order is not enough.", PROVIDERS
        )
    return _standing(question, rule, conditions)


def _standing(question: Question, rule: Rule, conditions: list[str]) -> Decision | None:
    facts, on = question.standing_order, question.on
    if facts.is_signed is False:
        return _refused(rule, "The standing order is not signed.", PROVIDERS)
    if facts.names_assistants is False:
        return _refused(rule, "The standing order does not name medical assistants.", PROVIDERS)
    if facts.dated is not None and facts.dated > on:
        return _refused(rule, f"The standing order starts on {day(facts.dated)}.", PROVIDERS)
    if facts.expires is not None and facts.expires < on:
        return _refused(rule, f"The standing order ended on {day(facts.expires)}.", PROVIDERS)
    reviewed = facts.reviewed or facts.dated
    if reviewed is not None and on > _a_year_after(reviewed):
        return _refused(
            rule,
            f"The standing order was last reviewed on {day(reviewed)}; it has to be every twelve months.",
            PROVIDERS,
        )
    if facts.is_signed is None or facts.names_assistants is None or reviewed is None:
        conditions.append(
            "The standing order is written, dated, signed, names medical assistants, was reviewed within a year."
        )
    conditions.append(
        "Every answer the standing order asks for fits; anything that needs judgment goes to the provider."
    )
    return None


def supervision(question: Question, rule: Rule, conditions: list[str]) -> Decision | None:
    """How present the supervisor is; Medicare's direct supervision does not replace the state's."""
    needed, there = rule.supervision, question.supervision
    if needed <= Supervision.GENERAL:
        return None
    if there is Supervision.NOT_STATED:
        conditions.append(f"There is {PRESENCE[needed]} while it is done.")
        return None
    if there >= needed:
        if rule.default is not Code.ALLOWED:
            conditions.append("The supervisor stays until it is done.")
        return None
    words = rule.state.regime.words
    reason = (
        f"To {rule.act.verb} in {rule.state.name} takes {PRESENCE[needed]}; there is only {PRESENCE[there]} ({words})."
    )
    if question.medicare_direct:
        reason += " Medicare's direct supervision by video counts for billing, not for this."
    if rule.below_supervision is Code.ASK and needed is Supervision.ON_SITE:
        return _asked(rule, f"With only {PRESENCE[there]}, ask first: {words}.", PROVIDERS)
    return _refused(rule, reason)


def patient(question: Question, rule: Rule, conditions: list[str]) -> Decision | None:
    """What the patient and the substance change."""
    if rule.stable:
        if question.is_patient_stable is False:
            return _refused(rule, f"{rule.state.name} allows it for a stable, predictable patient only.")
        if question.is_patient_stable is None:
            conditions.append("The patient is stable and the course predictable.")
    for code in question.substances:
        name, decides = substances()[code]
        if code in rule.barred:
            return _refused(rule, f"{rule.state.name} does not let a medical assistant give {name}.")
        if decides == "refuse":
            return _refused(rule, f"Mainstay does not let a medical assistant give {name}.")
    if rule.barred and not question.substances:
        conditions.append(f"It is none of: {', '.join(substances()[code][0] for code in rule.barred)}.")
    return None


def _a_year_after(start: date) -> date:
    """The same day next year; 1 March after a leap day."""
    try:
        return start.replace(year=start.year + 1)
    except ValueError:
        return start + timedelta(days=366)


def acts_of_substances(question: Question) -> tuple[str, ...]:
    """The acts whose rule a substance brings in, e.g. `controlled` → `controlled_substance`."""
    found = (substances()[code][1] for code in question.substances)
    return tuple(d.removeprefix("act:") for d in found if d.startswith("act:") and d != f"act:{question.act}")


def _current(question: Question, wanted: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(c.code for c in question.credentials if c.code in wanted and c.is_current(question.on))


def _lapsed(question: Question, wanted: tuple[str, ...]) -> str:
    for held in question.credentials:
        if held.code in wanted and held.expires is not None and held.expires < question.on:
            return f"{credential_kinds()[held.code].name} expired on {day(held.expires)}"
    return ""


def _met(needed: Training, question: Question) -> bool | None:
    """Whether training is met; None when nothing on file speaks of it."""
    have = dict(question.training)
    spoken = False
    for alternative in needed.any:
        if all(have.get(measure, -1) >= least for measure, least in alternative):
            return True
        spoken = spoken or any(measure in have for measure, _ in alternative)
    return False if spoken else None
