"""JSON whose numbers keep every digit: FHIR decimals are significant to the last zero."""

from __future__ import annotations

import hashlib
import json
import re
from decimal import Decimal
from typing import Any

_MARK = "\x00decimal:"
"""Stands before a decimal inside the encoded text; a NUL cannot come from a resource, PostgreSQL would refuse it."""
_MARKED = re.compile(r'"\\u0000decimal:([-+0-9.eE]+)"')


def _marked(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{_MARK}{value}"
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


class ExactEncoder(json.JSONEncoder):
    """Writes `Decimal` as the number it is."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**(options | {"default": _marked, "ensure_ascii": True}))

    def encode(self, o: Any) -> str:
        return _MARKED.sub(lambda found: found[1], super().encode(o))


class ExactDecoder(json.JSONDecoder):
    """Reads numbers with a point as `Decimal`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**(options | {"parse_float": Decimal}))


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")


def read(text: str | bytes) -> Any:
    """The value of a JSON text. Raises `ValueError`, also for NaN and infinities, and `RecursionError`."""
    return json.loads(text, parse_float=Decimal, parse_constant=_no_constant)


def fingerprint(body: Any) -> str:
    """The hash of a resource's content, whatever the order of its keys.

    Raises `ValueError` for what PostgreSQL cannot keep: NUL characters and half characters (lone surrogates).
    """
    text = json.dumps(body, default=str, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    if "\\u0000" in text:
        raise ValueError("a NUL character")
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def written(body: Any) -> str:
    """A resource as indented text, for reading."""
    return ExactEncoder(indent=2).encode(body)
