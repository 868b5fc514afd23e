"""Words from the authority tables that these pages offer: acts, credentials, licenses, training topics.

The tables stand a floor above, so they are told to us once, when the program is wired together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache


@dataclass(frozen=True, slots=True)
class CredentialWord:
    """A kind of credential: its name, who issues it, its kind (license, life_support, …) and usual cycle in months."""

    name: str
    issuer: str
    kind: str
    renewal_months: int


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names by code."""

    acts: Mapping[str, str] = field(default_factory=dict)
    credentials: Mapping[str, CredentialWord] = field(default_factory=dict)
    licenses: Mapping[str, str] = field(default_factory=dict)
    topics: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)


_tellers: list[Callable[[], Vocabulary]] = []


def told_by(teller: Callable[[], Vocabulary]) -> None:
    """Say where the words come from; they are read when first asked for."""
    _tellers[:] = [teller]
    vocabulary.cache_clear()


@cache
def vocabulary() -> Vocabulary:
    """The words, read once."""
    return _tellers[-1]() if _tellers else Vocabulary()
