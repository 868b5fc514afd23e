"""Whether a vaccine of shared clinical decision-making may go on, or is talked over with the patient first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mainstay.foundation.dates import spell_date
from mainstay.foundation.decisions import YES, Decision, no

WANTED = "wanted"
CAME_TO = {"not_wanted": "the patient does not want it", "undecided": "the patient is thinking it over"}
NOBODY_HERE = "A provider"


@dataclass(frozen=True, slots=True)
class Talk:
    """The last time a clinician talked a vaccine over with a patient, and what came of it. `at` is aware."""

    outcome: str
    at: datetime
    clinician: str


def may_go_on(group: str, *, talk: Talk | None, ordered_at: datetime | None, clinicians: Sequence[str]) -> Decision:
    """Whether somebody who does not prescribe may prepare a vaccine of shared decision.

    Yes after a talk that says it is wanted, or on an order signed for this patient that no later talk speaks against
    (the schedule's Shared Clinical Decision-Making: a person decides with the patient, not a standing order).
    `clinicians` are those here who can have the talk. `talk.at` is in the zone of the site.
    """
    if talk is not None and talk.outcome == WANTED:
        return YES
    if ordered_at is not None and (talk is None or talk.at < ordered_at):
        return YES
    who = " or ".join(clinicians) or NOBODY_HERE
    if talk is None:
        words = f"{group} goes by shared decision: talk first. {who} can have the talk and note that it is wanted."
    else:
        came = CAME_TO[talk.outcome]
        words = f"{group} was talked over with {talk.clinician} on {spell_date(talk.at.date())}: {came}."
        words += f" It waits until a talk notes that it is wanted; {who} can have it."
    return no(words)
