"""Who may sign a form, and what it still lacks before it is signed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from mainstay.forms.rules import FormKind, PatientFacts, SignerKind, is_minor, may_consent_alone
from mainstay.forms.texts import FormText, Part, PartKind
from mainstay.foundation.decisions import YES, Decision, Outcome, no
from mainstay.foundation.findings import Finding, Severity

LONGEST_ANSWER = 2000
LONGEST_DRAWING = 20_000
DRAWING = re.compile(r"(?:[ML]\d{1,4} \d{1,4} ?)*")
"""A drawn signature: SVG moves and lines on a field of 600 × 150."""

Answers = dict[str, str | list[str]]


def may_sign(
    form: FormKind, patient: PatientFacts, *, proxy: Decision | None, service: str, on: date
) -> tuple[Decision, Finding | None]:
    """Whether somebody may sign for a patient, and what has to be confirmed first.

    `proxy` is the standing decision about a representative's authority, None when the patient signs alone. A minor
    signs alone only what is a minor's own form, or for a kind of care (`service`) where the law may allow it; that
    is then confirmed with a reason. Source: 45 CFR 164.502(g); state law on minors' consent.
    """
    if proxy is not None:
        if form.signer is SignerKind.PATIENT:
            return no("The patient alone answers and signs this form.", who_could=("the patient",)), None
        return proxy, None
    if form.signer is SignerKind.REPRESENTATIVE:
        return no("This form is signed by whoever decides for the patient.", who_could=("a parent or guardian",)), None
    if form.signer is SignerKind.PATIENT or not is_minor(patient, on):
        return YES, None
    if not service or service == "general":
        reason = f"The patient is {patient.years_on(on)}: a parent or guardian signs."
        return no(reason, citation="45 CFR 164.502(g)(3)", who_could=("a parent or guardian",)), None
    decision = may_consent_alone(patient, service, on=on)
    if decision.outcome is Outcome.ASK:
        return YES, Finding(Severity.CONFIRM, "minor-consents-alone", "service", decision.reason)
    return decision, None


def _answer(part: Part, typed: Sequence[str]) -> str | list[str]:
    given = [text.strip()[:LONGEST_ANSWER] for text in typed if text.strip()]
    if not part.options:
        return given[-1] if given else ""
    known = {code for code, _ in part.options}
    chosen = [code for code in given if code in known]
    return chosen if part.kind is PartKind.MANY else (chosen[-1] if chosen else "")


def answers_in(text: FormText, typed: Mapping[str, Sequence[str]]) -> Answers:
    """The answers typed into a form, by question; what nobody asked, and choices that do not exist, are left out."""
    found = {part.key: _answer(part, typed[part.key]) for part in text.questions if part.key in typed}
    return {key: answer for key, answer in found.items() if answer}


def unanswered(text: FormText, answers: Mapping[str, object]) -> tuple[Finding, ...]:
    """The questions that have to be answered before anybody signs."""
    return tuple(
        Finding(Severity.STOP, "form-unanswered", part.key, f"Please answer: {part.words.en}")
        for part in text.questions
        if part.is_required and part.applies(answers) and not answers.get(part.key)
    )


def is_drawing(text: str) -> bool:
    """Whether something sent as a drawn signature is one (or empty)."""
    return len(text) <= LONGEST_DRAWING and DRAWING.fullmatch(text) is not None
