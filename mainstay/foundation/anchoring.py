"""Where the access log ended a moment ago, kept outside the database: rows cut off its end leave a contradiction.

Each row of the log seals the one before it, which nobody notices of a last row that is gone. The worker writes down
every minute, in the installation's folder, how many rows there are and the seal of the last one. Whoever can write
the tables but not that folder can take away no row that was there when it was written: neither the last ones, nor
all, nor one in the middle with every later seal made again. Rows of the minute since are not covered, and whoever
can write both is not stopped.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection

NAME = "access-log.json"
REMEDY = (
    "Keep the newest backup from before, and tell the privacy officer: 45 CFR 164.312(b). "
    "When that is done, or if this database was brought back from a copy on purpose, remove {file}."
)
"""What to do about an anchor that is contradicted."""
USUAL_DELAY = timedelta(minutes=10)
"""How long rows may wait for their anchor before somebody asks whether a worker runs."""
END = """
    SELECT id, hash, (SELECT count(*) FROM foundation_accessrecord WHERE id > %s)
    FROM foundation_accessrecord ORDER BY id DESC LIMIT 1
"""
UP_TO = "SELECT count(*), max(hash) FILTER (WHERE id = %s) FROM foundation_accessrecord WHERE id <= %s"
SEAL_OF = "SELECT hash FROM foundation_accessrecord WHERE id = %s"
LEFT = "SELECT count(*), max(at) - min(at) FROM foundation_accessrecord WHERE id > %s"


@dataclass(frozen=True, slots=True)
class Anchor:
    """The end of the log at a moment: the number and the seal of its last row, and how many rows there were."""

    rows: int
    last: int
    seal: str
    at: datetime
    is_broken: bool = False
    """Whether the worker found it contradicted and told so; it stays as it is until somebody takes it away."""


def anchor_in(folder: Path) -> Anchor | None:
    """The anchor kept in an installation's folder, or None. Raises `ValueError` for a file that is none."""
    try:
        written = (folder / NAME).read_text()
    except FileNotFoundError:
        return None
    try:
        kept = json.loads(written)
        return Anchor(**{**kept, "at": datetime.fromisoformat(kept["at"])})
    except (TypeError, KeyError, ValueError) as fault:
        raise ValueError(f"{folder / NAME} is no anchor of the access log.") from fault


def move_anchor(folder: Path, *, now: datetime) -> str:
    """Write down where the log ends now; returns, once, what contradicts the anchor that is there, and leaves it.

    Reads the rows written since and no others, so it costs nothing whatever the length of the log.
    """
    before = anchor_in(folder) or Anchor(0, 0, "", now)
    if before.is_broken:
        return ""
    with connection.cursor() as cursor:
        cursor.execute(SEAL_OF, [before.last])
        if before.rows and cursor.fetchone() != (before.seal,):
            _write(folder, replace(before, is_broken=True))
            return contradiction(before)
        cursor.execute(END, [before.last])
        end = cursor.fetchone()
    if end is not None and end[0] != before.last:
        last, seal, more = end
        _write(folder, Anchor(before.rows + more, last, seal, now))
    return ""


def contradiction(anchor: Anchor) -> str:
    """What the log lacks that was there when the anchor was written, in words; empty when nothing is."""
    with connection.cursor() as cursor:
        cursor.execute(UP_TO, [anchor.last, anchor.last])
        rows, seal = cursor.fetchone()
    when = f"at {anchor.at:%Y-%m-%d %H:%M} UTC"
    if rows < anchor.rows:
        return f"The access log had {anchor.rows} rows {when}; {anchor.rows - rows} of them are gone."
    if rows > anchor.rows or seal != anchor.seal:
        return f"The access log ended in another row {when}, number {anchor.last}: it was written anew since."
    return ""


def is_left_behind(anchor: Anchor | None) -> bool:
    """Whether rows were written for so long that a worker should have anchored them."""
    with connection.cursor() as cursor:
        cursor.execute(LEFT, [anchor.last if anchor else 0])
        rows, span = cursor.fetchone()
    return bool(rows) and span > USUAL_DELAY


def lift_anchor(folder: Path) -> None:
    """Put the anchor of a folder aside: another database is there now, on purpose."""
    if (folder / NAME).exists():
        (folder / NAME).replace(folder / f"{NAME}.before")


def _write(folder: Path, anchor: Anchor) -> None:
    draft = folder / f"{NAME}.new"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({**asdict(anchor), "at": anchor.at.isoformat()}, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / NAME)
