"""A row of the board, drawn once for everybody who sees the same."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import uuid4

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from mainstay.foundation import clock
from mainstay.foundation.components.day import BoardRow
from mainstay.foundation.components.forms import IDEMPOTENCY_FIELD, token_of

TOKEN = uuid4().hex
FRESH = re.compile(rf'{TOKEN}|(?<=name="{IDEMPOTENCY_FIELD}" value=")[0-9a-f-]{{36}}(?=")')


def board_row(row: BoardRow, now: datetime | None, request: HttpRequest | None) -> SafeString:
    """One row as a `<tr>`, with a token and keys of its own.

    A change on the board draws sixty rows on every screen of the site, and all but one are what they were: the
    drawing is remembered for the row's values, the minutes it shows, the language and the zone.
    """
    minutes = max(-2, int(((now or clock.now()) - row.since).total_seconds() // 60))
    pieces = _drawn(row, minutes, get_language(), timezone.get_current_timezone_name())
    token = token_of(request) if request else ""
    return SafeString("".join(piece or token if piece is not None else str(uuid4()) for piece in pieces))


@lru_cache(maxsize=1024)
def _drawn(row: BoardRow, minutes: int, language: str, zone: str) -> tuple[str | None, ...]:
    """The row in pieces: text, an empty piece where the token goes, None where a fresh key goes."""
    context = {"row": row, "now": row.since + timedelta(minutes=minutes), "csrf_token": TOKEN}
    html = render_to_string("foundation/components/board_row.html", context)
    pieces: list[str | None] = []
    end = 0
    for found in FRESH.finditer(html):
        pieces += [html[end : found.start()], "" if found[0] == TOKEN else None]
        end = found.end()
    return (*pieces, html[end:])
