"""What the reason of a visit says that must not wait for a slot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from mainstay.foundation.dates import spell_date, spell_time
from mainstay.messages.models import Call
from mainstay.messages.queries import answer_awaited, band_of_call, facts_about
from mainstay.messages.red_flags import Say, complaint_band
from mainstay.people.models import Patient
from mainstay.work.lifecycle import Band

STOPS_AT = Band.R2
"""This band and every more urgent one stops the search for a slot."""


@dataclass(frozen=True)
class Intercept:
    """Why nobody may look for a slot now, and what to do and say instead."""

    band: Band
    reasons: tuple[str, ...]
    raised_by: tuple[str, ...]
    say: tuple[Say, ...]
    url: str = ""
    """Where a clinician answers it, if it waits there."""

    @property
    def is_emergency(self) -> bool:
        """Whether 911 (or 988) comes first."""
        return self.band is Band.R0


def stopped_by_call(call: Call) -> Intercept | None:
    """What was said and answered in a call that stops a booking made from it."""
    judged = band_of_call(call)
    if judged.band is None or judged.band.rank > STOPS_AT.rank:
        return None
    return Intercept(judged.band, judged.reasons, judged.raised_by, judged.say)


def stopped_until_answered(patient: Patient | None, *, zone: tzinfo) -> Intercept | None:
    """What the patient said earlier that no clinician has answered: until then nothing is booked for them."""
    awaited = answer_awaited(patient)
    if awaited is None:
        return None
    local = awaited.since.astimezone(zone)
    since = f"{spell_date(local.date())}, {spell_time(local.time())}"
    whose = f" {awaited.whose} has it." if awaited.whose else ""
    said = f"“{awaited.words}”, " if awaited.words.strip() else ""
    reason = f"{said}said {since}: a clinician has not answered yet.{whose}"
    return Intercept(awaited.band, (reason,), (), (), awaited.url)


def red_flags_of(patient: Patient | None, reason: str, *, at: datetime, on: date) -> Intercept | None:
    """What stops a booking, or None, which never means that all is well. Nothing is read while no reason is given.

    Every sign of R0 to R2 stops (phones_messages §2: a red flag is heard before a slot is searched), read with what the
    chart says: pregnancy and birth, weak immunity, blood thinners, heart disease, diabetes, operations.
    """
    decision = complaint_band(reason, facts_about(patient, at=at, on=on)) if reason.strip() else None
    if decision is None or decision.band.rank > STOPS_AT.rank:
        return None
    return Intercept(decision.band, decision.reasons, decision.raised_by, decision.say)
