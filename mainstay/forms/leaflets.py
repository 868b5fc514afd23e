"""Education leaflets: short papers in plain words, and how hard a text is to read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from mainstay.forms.rules import PACKAGE
from mainstay.forms.texts import LANGUAGES
from mainstay.foundation.tables import read_toml


def nearest(language: str) -> str:
    """The language of ours nearest to a language tag: `es-MX` is `es`, everything we lack is `en`."""
    return "es" if language.lower().startswith("es") else "en"


@dataclass(frozen=True, slots=True)
class Leaflet:
    """One paper in one language: what to do, when to call us, when to call 911."""

    code: str
    version: date
    language: str
    title: str
    do: tuple[str, ...]
    call: tuple[str, ...]
    emergency: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole paper as running text."""
        return " ".join((f"{self.title}.", *self.do, *self.call, *self.emergency))


@cache
def leaflets() -> Mapping[tuple[str, str], Leaflet]:
    """Every leaflet by code and language (`tables/leaflets.toml`)."""
    table = read_toml(PACKAGE, "leaflets.toml")["leaflet"]
    return {
        (code, language): Leaflet(
            code=code,
            version=row["version"],
            language=language,
            title=row[language]["title"],
            do=tuple(row[language]["do"]),
            call=tuple(row[language]["call"]),
            emergency=tuple(row[language]["emergency"]),
        )
        for code, row in table.items()
        for language in LANGUAGES
    }


def leaflet(code: str, language: str) -> Leaflet:
    """A leaflet in a language, English where we lack it; raises `KeyError` for an unknown code."""
    return leaflets()[code, nearest(language)]


def _syllables(word: str, language: str) -> int:
    bare = word.lower()
    if language == "es":
        return max(1, len(re.findall(r"[aeiouáéíóúü]+", re.sub(r"(?<=[qg])u(?=[eiéí])", "", bare))))
    if len(bare) > 3 and bare.endswith("e") and not bare.endswith("le"):
        bare = bare[:-1]
    if len(bare) > 3 and bare.endswith("es") and not bare.endswith(("ses", "zes", "ches", "shes", "xes", "ges", "ces")):
        bare = bare[:-2] + "s"
    return max(1, len(re.findall(r"[aeiouy]+", bare)))


def reading_grade(text: str, language: str) -> float:
    """How many school years a text asks for.

    English: Flesch-Kincaid grade. Spanish: Fernandez Huerta ease, mapped to grades by his own table (70 is sixth
    grade, ten points a grade). Estimated from vowel groups, good to about one grade.
    """
    tongue = nearest(language)
    sentences = max(1, len(re.findall(r"[.!?:]+(?=\s|$)", text)))
    words = re.findall(r"[^\W\d_]+", text)
    if not words:
        return 0.0
    per_sentence = len(words) / sentences
    per_word = sum(_syllables(word, tongue) for word in words) / len(words)
    if tongue == "en":
        return max(0.0, 0.39 * per_sentence + 11.8 * per_word - 15.59)
    ease = 206.84 - 60 * per_word - 1.02 * per_sentence
    return max(0.0, 6 + (70 - ease) / 10)
