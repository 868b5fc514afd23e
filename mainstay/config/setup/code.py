"""The one-time code of the set-up: printed where the server was started, so that only whoever started it gets in."""

from __future__ import annotations

import os
import secrets

from django.utils.crypto import constant_time_compare, salted_hmac

VARIABLE = "MAINSTAY_SET_UP_CODE"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def make_code() -> str:
    """A code for this start, left where the web processes find it; one given by the operator is kept."""
    fresh = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
    return os.environ.setdefault(VARIABLE, fresh)


def is_right(typed: str) -> bool:
    """Whether this is the code of this start; without one nobody gets in."""
    wanted = _plain(os.environ.get(VARIABLE, ""))
    return bool(wanted) and constant_time_compare(_plain(typed), wanted)


def proof() -> str:
    """What a session keeps once the code was typed: worth nothing after the next start."""
    return salted_hmac("mainstay.set-up", _plain(os.environ.get(VARIABLE, ""))).hexdigest()


def _plain(code: str) -> str:
    return "".join(c for c in code.lower() if c.isalnum())
