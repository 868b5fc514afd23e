"""From answers to a band: the most urgent yes, raised for those who stand less."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mainstay.messages.red_flags.model import Facts, Question, Say, script
from mainstay.work.lifecycle import Band, most_urgent

YES_OR_DOUBT = frozenset({"yes", "unsure"})
ANSWERS = frozenset({"yes", "no", "unsure", ""})


@dataclass(frozen=True, slots=True)
class BandDecision:
    """How urgent a call is, why, what raised it, and what to do.

    `unasked` lists the emergency questions of the topics touched that nobody has answered; the band may still rise.
    """

    band: Band
    reasons: tuple[str, ...]
    raised_by: tuple[str, ...]
    say: tuple[Say, ...]
    unasked: tuple[str, ...] = ()


def raised(band: Band, facts: Facts) -> tuple[Band, tuple[str, ...]]:
    """A band raised for the patient and the call, and what raised it, in words.

    Age, pregnancy, weak immunity and a recent operation raise by one together; a repeat call and a worried caller
    each by one more. A live clinician (R1) is the ceiling; 911 is never reached by raising alone.
    """
    ceiling = script().raise_ceiling
    applied: list[str] = []
    body_counted = False
    for rule in script().raises:
        if not rule.applies(facts):
            continue
        if rule.adds_up or not body_counted:
            higher = band.raised(no_higher_than=ceiling)
            if higher is band:
                continue
            band = higher
            body_counted = body_counted or not rule.adds_up
        applied.append(rule.title)
    return band, tuple(applied)


def questions_for(topic: str, facts: Facts) -> tuple[Question, ...]:
    """The questions to read aloud about a topic for this patient, most urgent first."""
    asked = [q for q in script().topics[topic].questions if q.limits.admit(facts)]
    return tuple(sorted(asked, key=lambda q: q.band.rank))


def _unasked(answers: Mapping[str, str], facts: Facts) -> Iterable[str]:
    topics = {script().question(code).topic for code in answers}
    for topic in script().topics:
        if topic in topics:
            for question in questions_for(topic, facts):
                if question.band.rank <= Band.R1.rank and not answers.get(question.code):
                    yield question.code


def band(answers: Mapping[str, str], facts: Facts) -> BandDecision:
    """The band of a call from the answers given (`yes`, `no`, `unsure` by question code).

    Not being sure counts as yes. No yes at all gives the band of a plain symptom call: a no never reassures.
    Raises `KeyError` for a question that does not exist and `ValueError` for an answer that is none.
    """
    if strange := set(answers.values()) - ANSWERS:
        raise ValueError(f"not an answer: {sorted(strange)}")
    flagged = [script().question(code) for code, answer in answers.items() if answer in YES_OR_DOUBT]
    flagged.sort(key=lambda q: q.band.rank)
    start = most_urgent(script().band_without_flag, *(q.band for q in flagged))
    final, raised_by = raised(start, facts)
    says = tuple(dict.fromkeys(q.say for q in flagged if q.band is start))
    return BandDecision(
        band=final,
        reasons=tuple(f"{answers[q.code].capitalize()}: {q.ask.en}" for q in flagged),
        raised_by=raised_by,
        say=_say_at_least(final, says),
        unasked=tuple(_unasked(answers, facts)),
    )


def _say_at_least(band: Band, says: tuple[Say, ...]) -> tuple[Say, ...]:
    """What to say for a band: a raise to a live clinician needs the sentence of a live clinician."""
    by_band = {Band.R0: "call_911", Band.R1: "warm_transfer", Band.R2: "clinician_soon"}
    weaker = {"clinician_soon", "same_day"} if band.rank <= Band.R1.rank else {"same_day"}
    kept = tuple(say for say in says if say.code not in weaker or band.rank > Band.R2.rank)
    return kept or (script().says[by_band.get(band, "same_day")],)
