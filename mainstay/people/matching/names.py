"""Names made comparable: case, accents, hyphens, suffixes, titles, particles, nicknames."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import cache, lru_cache

import jellyfish
from rapidfuzz.distance import OSA, JaroWinkler

from mainstay.foundation.tables import read_csv, read_toml

_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
    | dict.fromkeys("'’‘`´ʻʼ.", "")
)
_NOT_LETTERS = re.compile(r"[\W\d_]+")

SUFFIXES = {
    "jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "ii": "ii", "iii": "iii", "iv": "iv",
    "2nd": "ii", "3rd": "iii", "4th": "iv",
}  # fmt: skip
TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "rev", "sra", "srta"})
PARTICLES = frozenset(
    [
        "de",
        "del",
        "la",
        "las",
        "los",
        "da",
        "das",
        "dos",
        "do",
        "di",
        "du",
        "der",
        "den",
        "van",
        "von",
        "ter",
        "ten",
        "el",
        "al",
    ]
    + ["bin", "ibn", "ben", "st", "san", "santa", "y", "e"]
)
NO_NAME = frozenset(
    [
        "baby",
        "babyboy",
        "babygirl",
        "bb",
        "bg",
        "boy",
        "girl",
        "infant",
        "newborn",
        "male",
        "female",
        "unknown",
        "unk",
        "none",
    ]
    + ["noname", "nfn", "nln", "fnu", "lnu", "na", "null", "nn", "twin", "twina", "twinb"]
)
"""What is written where a name is not known yet."""


@lru_cache(maxsize=200_000)
def fold(text: str) -> str:
    """Lower case, no accents, no apostrophes, every other sign a single space: `O'Brien-Núñez` → `obrien nunez`."""
    if text.isascii():
        plain = text.lower().translate(_LETTERS)
    else:
        plain = text.casefold().translate(_LETTERS)
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return _NOT_LETTERS.sub(" ", plain).strip()


def split_suffix(tokens: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Name tokens without a closing generation suffix, and that suffix (`jr sr ii iii iv` or empty)."""
    if len(tokens) > 1 and tokens[-1] in SUFFIXES:
        return tokens[:-1], SUFFIXES[tokens[-1]]
    return tokens, ""


@lru_cache(maxsize=200_000)
def name_tokens(text: str) -> tuple[str, ...]:
    """The folded words of a name, without titles; empty for placeholders such as `Baby Boy` or `UNKNOWN`."""
    tokens = tuple(t for t in fold(text).split(" ") if t)
    if len(tokens) > 1 and tokens[0] in TITLES:
        tokens = tokens[1:]
    if tokens and all(t in NO_NAME or len(t) == 1 for t in tokens) and any(t in NO_NAME for t in tokens):
        return ()
    return tokens


def main_parts(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """The parts of a family name that carry it: `de la cruz garcia` → `cruz`, `garcia`."""
    parts = tuple(t for t in tokens if t not in PARTICLES and len(t) > 1)
    return parts or tokens


@cache
def _nickname_groups() -> tuple[dict[str, frozenset[str]], frozenset[str]]:
    formal: defaultdict[str, set[str]] = defaultdict(set)
    known: set[str] = set()
    for row in read_csv("mainstay.people", "nicknames.csv"):
        for form in (row["name"], *row["forms"].split("|")):
            formal[form].add(row["name"])
            known.add(form)
    known |= set(read_toml("mainstay.people", "common_names.toml")["given"])
    return {form: frozenset(names) for form, names in formal.items()}, frozenset(known)


@lru_cache(maxsize=200_000)
def are_nicknames(one: str, other: str) -> bool:
    """Whether two given names are forms of one name: `bill` and `william`, `paco` and `francisco`."""
    groups, _ = _nickname_groups()
    return bool(groups.get(one, frozenset()) & groups.get(other, frozenset()))


def formal_names(name: str) -> frozenset[str]:
    """The formal names a folded given name may stand for: `bob` → `robert`."""
    return _nickname_groups()[0].get(name, frozenset())


def nicknames_of(name: str) -> frozenset[str]:
    """Every other form of a given name we know, both ways."""
    groups, _ = _nickname_groups()
    wanted = groups.get(fold(name), frozenset())
    return frozenset(form for form, names in groups.items() if names & wanted) - {fold(name)}


def is_known_given(name: str) -> bool:
    """Whether a folded given name is one we know: a slip of the pen seldom turns one known name into another."""
    return name in _nickname_groups()[1]


@lru_cache(maxsize=200_000)
def sound(name: str) -> str:
    """The Metaphone key of a folded name."""
    return jellyfish.metaphone(name) if name.isascii() else ""


EXACT, CLOSE, SIMILAR, DIFFERENT = 3, 2, 1, 0


@lru_cache(maxsize=1_000_000)
def likeness(one: str, other: str) -> int:
    """How alike two folded words are: EXACT, CLOSE (a slip of the pen), SIMILAR or DIFFERENT."""
    if one == other:
        return EXACT
    shorter = min(len(one), len(other))
    slips = OSA.distance(one, other, score_cutoff=3)
    winkler = JaroWinkler.similarity(one, other)
    if shorter >= 4 and (slips == 1 or (slips == 2 and (shorter >= 8 or (shorter >= 6 and winkler >= 0.9)))):
        return CLOSE
    if shorter >= 3 and ((winkler >= 0.92 and slips <= 2) or (slips == 1 and winkler >= 0.9)):
        return CLOSE
    if shorter >= 3 and slips <= 2 and winkler >= 0.75 and sound(one) == sound(other):
        return CLOSE
    if shorter >= 3 and (
        winkler >= 0.85 or slips == 1 or (slips == 2 and shorter >= 5) or (slips == 3 and shorter >= 9)
    ):
        return SIMILAR
    return DIFFERENT
