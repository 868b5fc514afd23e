"""An abnormal value as the board says it: the value first, no instructions."""

from __future__ import annotations

import re

SHORT = {
    "Oxygen saturation": "SpO₂",
    "Blood pressure": "BP",
    "Systolic": "BP systolic",
    "Heart rate": "Pulse",
    "Respiratory rate": "Breathing",
    "early warning score": "warning score",
}
LONGEST = 60


def in_brief(message: str) -> str:
    """The first clause of a finding's sentence, in the short words of the board; never over 60 characters."""
    first = re.split(r"[.;:](?=\s|$)", message.strip())[0]
    for long, short in SHORT.items():
        first = first.replace(long, short)
    if re.match(r"\d+/\d+", first):
        first = f"BP {first}"
    return first if len(first) <= LONGEST else first[: LONGEST - 1].rsplit(" ", 1)[0] + "…"
