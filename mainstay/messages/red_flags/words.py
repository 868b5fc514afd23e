"""Lay text as words, English and Spanish: accents, contractions, typing errors, and phrases found in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache

HARD, COMMA = ".", ","
"""Breaks before a word: the end of a clause, and a comma."""

_CONTRACTIONS = (
    (r"\bcan'?t\b|\bca\w?n+ot\b", "can not"),
    (r"\bwon'?t\b", "will not"),
    (r"\bain'?t\b", "is not"),
    (r"\b(do|does|did|is|are|was|were|has|have|had|could|would|should)n'?t\b", r"\1 not"),
    (r"\bsob\b", "short of breath"),
    (r"\bi'?m\b", "i am"),
    (r"\b(i|he|she|it|we|they|you|that|there|who|what)'(s|re|ve|d|ll)\b", r"\1"),
    (r"([a-z])\1{2,}", r"\1\1"),
    (r"\bq\b", "que"),
)
BUT = frozenset({"but", "however", "though", "although", "except", "pero", "aunque", "sino"})
_TOKEN = re.compile(r"\d+(?:[./]\d+)+|[a-z]+|\d+|[.;:!?,\n]")


@dataclass(frozen=True, slots=True)
class Text:
    """Words in order, and the break, if any, before each."""

    words: tuple[str, ...]
    breaks: tuple[str, ...]


def plain(text: str) -> str:
    """Lower case without accents, with straight quotes and contractions spelled out."""
    letters = unicodedata.normalize("NFKD", text.replace("\u2019", "'").replace("\u2018", "'"))
    bare = "".join(c for c in letters if not unicodedata.combining(c)).lower()
    for pattern, spelled in _CONTRACTIONS:
        bare = re.sub(pattern, spelled, bare)
    return bare


def split(text: str) -> Text:
    """The words of a text; clause ends also before `but` and its like."""
    words: list[str] = []
    breaks: list[str] = []
    pending = ""
    for token in _TOKEN.findall(plain(text)):
        if token[0].isalnum():
            if token in BUT:
                pending = HARD
            words.append(token)
            breaks.append(pending)
            pending = ""
        elif token == ",":
            pending = pending or COMMA
        else:
            pending = HARD
    return Text(tuple(words), tuple(breaks))


def _distance_within(a: str, b: str, most: int) -> bool:
    """Whether two words are at most that many edits (swap, drop, add, change) apart."""
    if abs(len(a) - len(b)) > most:
        return False
    two_ago: list[int] = []
    ago = list(range(len(b) + 1))
    for i, ca in enumerate(a, start=1):
        row = [i]
        for j, cb in enumerate(b, start=1):
            cost = min(ago[j] + 1, row[j - 1] + 1, ago[j - 1] + (ca != cb))
            if i > 1 and j > 1 and ca == b[j - 2] and a[i - 2] == cb:
                cost = min(cost, two_ago[j - 2] + 1)
            row.append(cost)
        two_ago, ago = ago, row
        if min(row) > most:
            return False
    return ago[-1] <= most


MOST_REMEMBERED = 50_000
"""Misspelled words a speller remembers before it forgets them all."""


class Speller:
    """Reads misspelled words as the nearest words of a vocabulary; everyday words stay as they are."""

    SHORTEST = 5

    def __init__(self, vocabulary: Iterable[str], ordinary: Iterable[str]) -> None:
        spelled = frozenset(vocabulary)
        self._stems = sorted(word[:-1] for word in spelled if word.endswith("*") and len(word) > self.SHORTEST)
        self._known = frozenset(word.rstrip("*") for word in spelled)
        self._ordinary = frozenset(ordinary)
        self._targets = sorted(word for word in self._known if len(word) >= self.SHORTEST)
        self._read: dict[str, tuple[str, ...]] = {}

    def readings(self, word: str) -> tuple[str, ...]:
        """Everything a word may mean: itself, and the words nearest to it unless it is known or ordinary."""
        if word in self._known or word in self._ordinary or len(word) < 4 or not word.isalpha():
            return (word,)
        if word not in self._read:
            if len(self._read) > MOST_REMEMBERED:
                self._read.clear()
            self._read[word] = (word, *self._nearest(word))
        return self._read[word]

    def _nearest(self, word: str) -> tuple[str, ...]:
        same_start = [target for target in self._targets if target[0] == word[0]]
        near = tuple(target for target in same_start if _distance_within(word, target, 1))
        if not near and len(word) >= 8:
            near = tuple(target for target in same_start if len(target) >= 9 and _distance_within(word, target, 2))
        return near or tuple(stem for stem in self._stems if self._begins(word, stem))

    @staticmethod
    def _begins(word: str, stem: str) -> bool:
        if stem[0] != word[0] or len(word) <= len(stem) or word.startswith(stem):
            return False
        return any(_distance_within(word[:end], stem, 1) for end in (len(stem) - 1, len(stem), len(stem) + 1))


Choice = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Parts that must all occur near each other; each part a set of choices of one or more words."""

    parts: tuple[tuple[Choice, ...], ...]


def read_phrase(text: str) -> Phrase:
    """A phrase as tables spell it: `chest|pecho + pain*|dolor*`."""
    parts = [part.strip() for part in text.split(" + ")]
    return Phrase(tuple(tuple(tuple(choice.split()) for choice in part.split("|")) for part in parts))


def vocabulary_of(phrases: Iterable[Phrase]) -> Collection[str]:
    """Every word the phrases know, open ones with their `*`."""
    return frozenset(word for p in phrases for part in p.parts for choice in part for word in choice)


@cache
def _is_open(word: str) -> bool:
    return word.endswith("*")


class Finder:
    """Finds phrases in one text."""

    MOST_BETWEEN = 2
    """Words that may stand between two words of a choice; only one after a "not"."""

    def __init__(self, text: Text, speller: Speller) -> None:
        self.text = text
        self._at: dict[str, list[int]] = {}
        for i, word in enumerate(text.words):
            for reading in speller.readings(word):
                self._at.setdefault(reading, []).append(i)
        self._open: dict[str, list[int]] = {}

    def _places(self, word: str) -> list[int]:
        if not _is_open(word):
            return self._at.get(word, [])
        if word not in self._open:
            stem = word[:-1]
            found = {place for known, places in self._at.items() if known.startswith(stem) for place in places}
            self._open[word] = sorted(found)
        return self._open[word]

    def choice(self, choice: Choice) -> list[tuple[int, ...]]:
        """Where the words of a choice stand, one after another."""
        found: list[tuple[int, ...]] = [(place,) for place in self._places(choice[0])]
        for word in choice[1:]:
            places = self._places(word)
            longer: list[tuple[int, ...]] = []
            for so_far in found:
                last = so_far[-1]
                between = 1 if self.text.words[last] in ("not", "no") else self.MOST_BETWEEN
                following = next((p for p in places if last < p <= last + 1 + between), None)
                if following is not None and HARD not in self.text.breaks[last + 1 : following + 1]:
                    longer.append((*so_far, following))
            found = longer
        return found

    def phrase(self, phrase: Phrase, span: int) -> list[tuple[int, ...]]:
        """Where all parts of a phrase stand within `span` words, as the places of their words."""
        found: list[tuple[int, ...]] = [()]
        for part in phrase.parts:
            places = [place for choice in part for place in self.choice(choice)]
            found = [
                (*so_far, *place)
                for so_far in found
                for place in places
                if not set(so_far) & set(place) and max((*so_far, *place)) - min((*so_far, *place)) < span
            ]
            if not found:
                return []
        return found
