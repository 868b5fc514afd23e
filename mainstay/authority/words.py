"""The sentences of a decision: short, plain, about the act and not about the code."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache

from mainstay.authority.facts import Supervision
from mainstay.authority.law import Code, Rule, acts, credential_kinds, licenses

PRESENCE = {
    Supervision.NOT_STATED: "nobody",
    Supervision.GENERAL: "a supervisor who can be reached",
    Supervision.TELEHEALTH_AV: "a supervisor on live video",
    Supervision.ON_SITE: "a supervisor on site",
    Supervision.DIRECT_VISUAL: "a supervisor who watches the act",
}


def day(value: date) -> str:
    """A date nobody misreads: `20 Nov 2026`."""
    return f"{value.day} {value:%b %Y}"


def either(words: Iterable[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    *first, last = list(words)
    return f"{', '.join(first)} or {last}" if first else last


def names_of(codes: Iterable[str]) -> str:
    """Credentials by name, joined with "or"."""
    return either(credential_kinds()[code].name for code in codes)


@cache
def cited(rule: Rule) -> str:
    """The citation of a rule; says so when nobody verified it."""
    return rule.citation if rule.is_verified else f"{rule.citation} (unverified)"


@cache
def the_assistant_may(rule: Rule) -> str:
    """The sentence of a yes."""
    act, place = rule.act, rule.state.name
    if rule.default is Code.ALLOWED:
        sentence = f"A medical assistant may {act.verb} in {place}."
        if rule.training:
            sentence += f" {place} asks for {rule.training[0].words}, on file."
    elif rule.default is Code.MEASURE_ONLY:
        sentence = f"In {place} a medical assistant may measure and record it, but not say what it means."
    elif rule.law is Code.SILENT:
        sentence = f"No rule of {place} names it; by delegation a medical assistant may {act.verb}, if all below holds."
    else:
        sentence = f"A medical assistant may {act.verb} in {place}, if all below holds."
    return f"{sentence} {rule.note}".strip()


@cache
def refused_by_default(rule: Rule) -> str:
    """The sentence of a rule that the default closes for every medical assistant."""
    act, place = rule.act, rule.state.name
    if rule.default is Code.ASK:
        sentence = f"Whether a medical assistant may {act.verb} in {place} on this day is not settled; ask first."
    elif act.hard_stop and rule.law is not Code.PROHIBITED:
        sentence = (
            f"A medical assistant does not {act.verb}: one of six acts closed everywhere until the medical director "
            f"signs a policy that names the statute."
        )
    elif rule.law is Code.PROHIBITED and rule.is_verified:
        sentence = f"{place} law does not let a medical assistant {act.verb}."
    elif rule.law is Code.PROHIBITED:
        sentence = f"A medical assistant may not {act.verb}."
    elif rule.law is Code.UNSURE:
        sentence = (
            f"It is unsure whether a medical assistant may {act.verb} in {place}; it counts as not allowed until "
            f"counsel confirms."
        )
    elif rule.law is Code.CONDITIONS:
        sentence = (
            f"{place} law would let a medical assistant {act.verb} under conditions; Mainstay keeps it closed until "
            f"the medical director signs a policy that names the statute."
        )
    else:
        sentence = (
            f"Mainstay does not let a medical assistant {act.verb}: no {place} law speaks for it, and it stays closed "
            f"until the medical director signs a policy that names a statute."
        )
    return f"{sentence} {rule.note}".strip()


@cache
def usual_people(act: str) -> tuple[str, ...]:
    """Who may usually do an act by license or permit, in words."""
    people = []
    for code, words in (
        ("LPN", "a licensed practical nurse"),
        ("RN", "a registered nurse"),
        ("MD", "a physician, physician assistant or nurse practitioner"),
    ):
        outline = licenses()[code]
        if act not in outline.refuse and act not in outline.ask:
            people.append(words)
    people += [f"a holder of a {credential_kinds()[code].name}" for code in acts()[act].permits]
    return tuple(people)


PROVIDERS = ("a physician, physician assistant or nurse practitioner",)
