"""Time-based one-time codes: RFC 6238 over RFC 4226, six digits, thirty seconds, SHA-1 as every app expects."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import struct
from datetime import datetime
from urllib.parse import quote, urlencode

SECONDS = 30
DIGITS = 6
DRIFT = 1
"""Steps a clock may be off, either way."""


def new_secret() -> str:
    """A fresh secret of 160 bits, in base 32 (RFC 4226 §4)."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def step_at(now: datetime) -> int:
    """The number of the time step a moment falls in."""
    return int(now.timestamp()) // SECONDS


def code_at(secret: str, step: int) -> str:
    """The code of one time step (RFC 4226 §5.3)."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def matching_step(secret: str, code: str, *, now: datetime, after: int) -> int | None:
    """The step a typed code belongs to, if it is in the window and later than `after`; else None.

    A code is good once: the caller keeps the step it was accepted for and passes it as `after` (RFC 6238 §5.2).
    """
    typed = "".join(code.split())
    here, found = step_at(now), None
    for step in range(here - DRIFT, here + DRIFT + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), typed.encode()) and step > after:
            found = step
    return found


def address_for_app(secret: str, *, account: str, issuer: str) -> str:
    """The `otpauth://` address an authenticator app scans."""
    label = quote(f"{issuer}:{account}")
    settings = urlencode({"secret": secret, "issuer": issuer, "digits": DIGITS, "period": SECONDS})
    return f"otpauth://totp/{label}?{settings}"
