"""A registry's complaint in words a medical assistant can act on."""

from __future__ import annotations

from functools import cache

from mainstay.foundation.tables import read_csv
from mainstay.interop.hl7.acknowledging import Complaint


def complaint_in_words(complaint: Complaint) -> str:
    """What it is about, what the registry says of it, and where in the message."""
    about = _fields().get(complaint.place, "")
    told = complaint.words.strip().rstrip(".") or "no reason given"
    where = f" ({complaint.place})" if complaint.place else ""
    told = told[:1].upper() + told[1:]
    return f"{about}: {told}{where}." if about else f"{told}{where}."


@cache
def _fields() -> dict[str, str]:
    return {row["place"]: row["words"] for row in read_csv("mainstay.interop", "registry_fields.csv")}
