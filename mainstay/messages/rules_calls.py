"""How urgent a call is, and what must have happened before it is closed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mainstay.foundation.findings import Finding, Severity
from mainstay.messages.red_flags import Facts, Say, band, complaint_band, script
from mainstay.work.lifecycle import Band, most_urgent

OPENING = "opening"
FACTS_TOPIC = "facts"
ATTEMPTS_BEFORE_LETTER = 3
"""Calls that reached nobody before a letter is written."""
TARGET_SECONDS = 30
"""Answer within this many seconds."""


@dataclass(frozen=True, slots=True)
class CallBand:
    """How urgent a call is (None: no symptom so far), why, what raised it, what to do and say, what is unasked."""

    band: Band | None
    reasons: tuple[str, ...] = ()
    raised_by: tuple[str, ...] = ()
    say: tuple[Say, ...] = ()
    unasked: tuple[str, ...] = ()

    @property
    def is_emergency(self) -> bool:
        """Whether 911 or 988 is called now."""
        return self.band is Band.R0

    @property
    def needs_clinician_now(self) -> bool:
        """Whether a clinician comes to the line before the call ends."""
        return self.band in (Band.R0, Band.R1)


def judge_call(
    *, emergency: str, answers: Mapping[str, str], words: str, category_is_banded: bool, facts: Facts
) -> CallBand:
    """The most urgent of what was answered and what was said in the caller's own words.

    An emergency claimed by the caller is a live clinician at least, until the questions say more.
    """
    said = complaint_band(words, facts) if words.strip() else None
    asked = band(answers, facts) if answers or category_is_banded or said else None
    found = [d for d in (asked, said) if d is not None]
    bands = [d.band for d in found]
    reasons = [reason for d in found for reason in d.reasons]
    if emergency in ("yes", "unsure"):
        bands.append(Band.R1)
        reasons.insert(0, f"{emergency}: {script().opening.en}")
    if not bands:
        return CallBand(None)
    worst = most_urgent(*bands)
    says = [say for d in found if d.band is worst for say in d.say]
    if not says:
        says = [script().says["warm_transfer"]]
    return CallBand(
        band=worst,
        reasons=tuple(dict.fromkeys(reasons)),
        raised_by=tuple(dict.fromkeys(why for d in found for why in d.raised_by)),
        say=tuple(dict.fromkeys(says)),
        unasked=asked.unasked if asked else (),
    )


@dataclass(frozen=True, slots=True)
class EndOfCall:
    """What was done before a call is closed."""

    band: Band | None
    action: str
    has_words: bool
    has_category: bool
    has_number: bool
    has_location: bool
    has_clinician: bool
    has_second_person: bool
    is_safety_net_given: bool
    identifiers: int
    has_patient: bool
    has_authority: bool | None
    unasked: int


def before_ending(end: EndOfCall) -> tuple[Finding, ...]:
    """What stands in the way of closing a call, or takes a reason (fact sheet of phones, sections 1 and 5)."""
    found = []

    def stop(code: str, field: str, message: str) -> None:
        found.append(Finding(Severity.STOP, code, field, message))

    def confirm(code: str, field: str, message: str) -> None:
        found.append(Finding(Severity.CONFIRM, code, field, message))

    if not end.has_words:
        stop("call-without-words", "action", "Write the reason in the caller's own words first.")
    if not end.has_category:
        stop("call-without-category", "action", "Choose what the call is about first.")
    if not end.has_number:
        confirm("call-without-number", "action", "There is no call-back number.")
    if end.band is Band.R0 and end.action != "emergency":
        confirm("emergency-not-called", "action", "This is an emergency: 911 or 988 is called before the call ends.")
    if end.action == "emergency" and not end.has_location:
        confirm("emergency-without-place", "action", "There is no address to send help to.")
    if end.action == "emergency" and not end.has_second_person:
        stop("emergency-alone", "second_person", "Name the second person who called and told the clinician.")
    if end.band is Band.R1 and end.action not in ("warm_transfer", "emergency"):
        confirm("no-warm-transfer", "action", "A clinician has to come to the line before this call ends.")
    if end.action == "warm_transfer" and not end.has_clinician:
        stop("transfer-to-nobody", "clinician", "Name the clinician who took the call.")
    if end.band is not None and not end.is_safety_net_given:
        stop("no-safety-net", "safety_net_given", "Read the safety net aloud, then tick it.")
    if end.has_patient and end.identifiers < 2:
        stop("not-identified", "action", "Two identifiers have to match before anything goes to this chart.")
    if end.has_patient and end.has_authority is False:
        confirm("no-authority", "action", "The caller has no documented authority: nothing about the patient is told.")
    if end.band is not None and end.unasked:
        confirm("not-all-asked", "action", f"{end.unasked} urgent questions were not asked.")
    return tuple(found)


def band_for_writing(found: Band) -> Band:
    """The band of red-flag words that came in writing: nobody is on the line to keep there, so a clinician at once."""
    return Band.R1 if found is Band.R0 else found
