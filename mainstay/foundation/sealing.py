"""Secrets that are stored sealed: authenticated encryption under the installation's own key."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

from mainstay.foundation.errors import ClinicError


class SealBroken(ClinicError):
    """This secret was sealed with another key. Set MAINSTAY_SECRET_KEY to the key this practice was opened with."""

    code = "seal-broken"
    status = 503


def seal(plain: str, *, purpose: str) -> str:
    """The text sealed for one purpose; only the same purpose opens it."""
    return _boxes(purpose).encrypt(plain.encode()).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """The text behind a seal. Raises `SealBroken` under a wrong key or for a tampered text."""
    try:
        return _boxes(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SealBroken() from None


def _boxes(purpose: str) -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_key(key, purpose)) for key in keys])


@cache
def _key(secret: str, purpose: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=b"mainstay", info=purpose.encode()).derive(force_bytes(secret))
    return urlsafe_b64encode(derived)
