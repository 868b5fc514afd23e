"""Times, days and numbers as HL7 writes them (2.5.1, 2.A.21 DT, 2.A.77 TS, 2.A.47 NM)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

_TIME = re.compile(
    r"(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:\.(\d{1,6}))?)?)?)?)?)?(?:([+-])(\d\d)(\d\d))?"
)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)")


def moment_of(text: str, zone: ZoneInfo) -> datetime | None:
    """The moment a TS or DTM names, in UTC; what it leaves out is the beginning, a missing offset the sender's `zone`.

    None if it is no time that exists.
    """
    found = _TIME.fullmatch(text.strip())
    if not found:
        return None
    year, month, day, hour, minute, second, fraction, sign, hours, minutes = found.groups()
    zoned: timezone | ZoneInfo = zone
    if sign:
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        if offset >= timedelta(hours=24):
            return None
        zoned = timezone(-offset if sign == "-" else offset)
    try:
        local = datetime(
            int(year),
            int(month or 1),
            int(day or 1),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            int((fraction or "0").ljust(6, "0")),
            tzinfo=zoned,
        )
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def day_of(text: str) -> date | None:
    """The calendar day a DT, TS or DTM names, as it is written there; None if it names no whole day."""
    found = _TIME.fullmatch(text.strip())
    if not found or not found.group(3):
        return None
    try:
        return date(int(found.group(1)), int(found.group(2)), int(found.group(3)))
    except ValueError:
        return None


def is_time(text: str) -> bool:
    """Whether a text is a TS or DTM of any precision."""
    return moment_of(text, ZoneInfo("UTC")) is not None


def number_of(text: str) -> Decimal | None:
    """The number an NM holds; None if it is none."""
    text = text.strip()
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def day_written(day: date) -> str:
    """A DT: YYYYMMDD."""
    return day.strftime("%Y%m%d")


def moment_written(moment: datetime, zone: ZoneInfo) -> str:
    """A TS to the second, with the offset of `zone`."""
    return moment.astimezone(zone).strftime("%Y%m%d%H%M%S%z")
