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


@cache
def _kinds_in_spanish() -> Mapping[str, str]:
    return MappingProxyType(dict(read_toml(PACKAGE, "visit_kinds_es.toml")["kind"]))


def kind_for_patients(playbook: str, name: str, *, language: str) -> str:
    """What a kind of visit is called on paper: the practice's own name, or Spanish words for its playbook."""
    return _kinds_in_spanish().get(playbook, name) if spoken(language) == "es" else name


def summary_phrases(language: str) -> Mapping[str, str]:
    """The fixed words of the visit summary in a language (`tables/summary_en.toml`, `summary_es.toml`)."""
    return _phrases(spoken(language))
