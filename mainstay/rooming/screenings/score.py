"""Scores: totals, the tool's own band, and what must follow. Arithmetic, never a diagnosis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mainstay.foundation.findings import Finding, Severity
from mainstay.rooming.screenings.tools import Item, Rule, Tool, Words


@dataclass(frozen=True, slots=True)
class Result:
    """What a set of answers comes to.

    `total` is None until every scored item is answered; `least` and `most` bound what it can become. `band` is set
    as soon as it is certain. `now` lists the codes of findings to act on before leaving the patient.
    """

    tool: str
    total: int | None
    least: int
    most: int
    is_complete: bool
    band: Words | None
    findings: tuple[Finding, ...]
    follow_on: tuple[str, ...]
    now: tuple[str, ...]
    missing: tuple[str, ...]


def _given(item: Item, answers: Mapping[str, int | str | None], known: Mapping[str, int]) -> int | None:
    """The value given for an item: None if it is not certain yet; raises `ValueError` if it is none of its choices."""
    raw = answers.get(item.code)
    value = None if raw is None or raw == "" else int(raw)
    if value is not None and value not in {answer.value for answer in item.answers}:
        raise ValueError(item.code)
    if item.zero_when is None:
        return value
    asked_first, never = item.zero_when
    if asked_first not in known:
        return None
    return 0 if known[asked_first] == never else value


def _read_answers(tool: Tool, answers: Mapping[str, int | str | None]) -> tuple[dict[str, int], list[Finding]]:
    known: dict[str, int] = {}
    wrong = [
        Finding(Severity.STOP, "screening-question-unknown", code, "This question is not part of the tool.")
        for code in answers
        if tool.item(code) is None
    ]
    for item in tool.items:
        try:
            value = _given(item, answers, known)
        except ValueError:
            wrong.append(
                Finding(Severity.STOP, "screening-answer-unknown", item.code, "This is none of the answers to choose.")
            )
            continue
        if value is not None:
            known[item.code] = value
        if value == 0 and answers.get(item.code) not in (None, "", 0, "0"):
            wrong.append(
                Finding(
                    Severity.CONFIRM,
                    "screening-answers-disagree",
                    item.code,
                    "This does not fit an earlier answer and counts 0. Ask again, or say why.",
                )
            )
    return known, wrong


def _applies(rule: Rule, known: Mapping[str, int], least: int, band: Words | None) -> bool:
    if rule.item:
        return known.get(rule.item, -1) >= rule.at_least
    if rule.total_at_least is not None:
        return least >= rule.total_at_least
    return band is not None and band.en == rule.band


def score(tool: Tool, answers: Mapping[str, int | str | None], *, sex: str = "unknown") -> Result:
    """Score the answers given so far, by item code.

    Unanswered items are never taken as zero for the total, but what is certain already (an item marked, a total that
    can only grow) is reported at once. Answers that are no choice of the tool are STOP findings;
    Answers that contradict each other are CONFIRM findings.
    """
    known, wrong = _read_answers(tool, answers)
    scored = [item for item in tool.items if item.is_scored]
    missing = tuple(item.code for item in tool.items if item.code not in known and not item.is_optional)
    least = sum(known.get(i.code, min(a.value for a in i.answers)) for i in scored) if tool.is_summed else 0
    most = sum(known.get(i.code, max(a.value for a in i.answers)) for i in scored) if tool.is_summed else 0
    all_scored = all(item.code in known for item in scored)
    band = next((b.name for b in tool.bands_for(sex) if b.low <= least and most <= b.high), None)
    band = band if tool.is_summed else None
    rules = [rule for rule in tool.rules if _applies(rule, known, least, band)]
    return Result(
        tool=tool.code,
        total=least if all_scored and tool.is_summed else None,
        least=least,
        most=most,
        is_complete=not missing and not any(f.severity is Severity.STOP for f in wrong),
        band=band,
        findings=(*wrong, *(Finding(Severity.ALERT, rule.code, rule.item, rule.message) for rule in rules)),
        follow_on=tuple(rule.follow_on for rule in rules if rule.follow_on),
        now=tuple(rule.code for rule in rules if rule.is_now),
        missing=missing,
    )
