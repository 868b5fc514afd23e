"""Papers for the patient: the fixed words of the visit summary."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from mainstay.foundation.tables import read_toml

PACKAGE = "mainstay.visits"


def spoken(language: str) -> str:
    """The language of ours nearest to a language tag: `es-MX` is `es`, everything we lack is `en`."""
    return "es" if language.lower().startswith("es") else "en"


@cache
def _phrases(language: str) -> Mapping[str, str]:
    return MappingProxyType(dict(read_toml(PACKAGE, f"summary_{language}.toml")["phrase"]))


def summary_phrases(language: str) -> Mapping[str, str]:
    """The fixed words of the visit summary in a language (`tables/summary_en.toml`, `summary_es.toml`)."""
    return _phrases(spoken(language))
