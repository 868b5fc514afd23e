"""Finding a diagnosis from what was said: everyday names first, then official wordings, typing errors put right."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any

from django.db import connection
from rapidfuzz.distance import DamerauLevenshtein

from mainstay.terminology.codes import icd10cm_from_typing
from mainstay.terminology.wording import FILLERS, SIDES, WHO, everyday, formal_words, plain, singular, telling_words

LONGEST_QUESTION = 160
_CANDIDATES = 60
_CLOSE_ENOUGH = 0.62
_SIDED = 4
_WELL_NAMED = 60
_EVERY_WORD, _ANY_WORD = 55.0, 0.0
"""What a wording is worth that holds every word asked for, or only some."""

_QUALIFYING = """
unspecified nos other of the and or with without in to not elsewhere classified initial encounter
for disorder disease site a due by on side mention uncomplicated complication complications
"""
_QUALIFIERS = frozenset(_QUALIFYING.split())

_BY_CODE = """
SELECT code, display, is_billable FROM terminology_concept
WHERE system = 'icd10cm' AND valid_to IS NULL AND upper(code) LIKE %s
ORDER BY upper(code) = %s DESC, length(code), code LIMIT %s
"""
_SYNONYMS = """
SELECT synonym.term, synonym.words, synonym.place, concept.code, concept.display, concept.is_billable
FROM terminology_synonym AS synonym JOIN terminology_concept AS concept ON concept.id = synonym.concept_id
WHERE synonym.words && %s AND concept.valid_to IS NULL
"""
_UNLIKELY_WORDINGS = """
SELECT code, display, is_billable, standing, terms FROM terminology_concept
WHERE system = 'icd10cm' AND valid_to IS NULL AND standing >= 60 AND search @@ to_tsquery('english', %s)
ORDER BY standing, code LIMIT %s
"""
_LIKELY_WORDINGS = """
SELECT code, display, is_billable, standing, terms FROM terminology_concept
WHERE system = 'icd10cm' AND valid_to IS NULL AND standing < 60 AND search @@ to_tsquery('english', %s)
ORDER BY standing, code LIMIT %s
"""
_KNOWN_WORDS = "SELECT word, uses FROM terminology_word WHERE word = ANY(%s)"
_NEAR_WORDS = """
SELECT word, uses FROM terminology_word WHERE word LIKE %s AND word %% %s
ORDER BY similarity(word, %s) DESC, uses DESC LIMIT 20
"""
_WORDS_BEGINNING = "SELECT word FROM terminology_word WHERE word LIKE %s ORDER BY uses DESC LIMIT 5"
_SIDED_CODES = """
SELECT code, display, is_billable FROM terminology_concept
WHERE system = 'icd10cm' AND valid_to IS NULL AND code = ANY(%s) AND display ~* ('\\m' || %s || '\\M')
ORDER BY standing, code
"""


class Match(StrEnum):
    """How a diagnosis was found."""

    CODE = "code"
    """Its code was typed, whole or in part."""
    EVERYDAY_NAME = "everyday_name"
    """An everyday name of ours was said."""
    WORDING = "wording"
    """Its official wording holds the words."""


@dataclass(frozen=True, slots=True)
class ConceptHit:
    """One diagnosis offered.

    `matched` is the name or the words it was found by, `is_billable` whether it may stand on a claim.
    """

    code: str
    display: str
    is_billable: bool
    matched: str
    match: Match
    score: float


@dataclass(frozen=True, slots=True)
class _Asked:
    """One word of a question: as typed, what it may have meant, and how much it tells (rare words tell more)."""

    typed: str
    meant: tuple[str, ...]
    weight: float

    @property
    def names(self) -> frozenset[str]:
        """What the word may be called among everyday names."""
        return frozenset(everyday(word) for word in self.meant)

    def formal(self) -> Iterable[tuple[str, ...]]:
        for word in self.meant:
            yield (word,)
            yield from formal_words().get(word, ())


def search_problems(text: str, limit: int = 10) -> list[ConceptHit]:
    """ICD-10-CM diagnoses for a complaint, a name or a code as typed, likeliest first; never raises for odd input.

    A side of the body in the question ("left knee pain") leads to the code of that side.
    """
    typed = text.replace("\x00", " ").strip()[:LONGEST_QUESTION]
    if code := icd10cm_from_typing(typed):
        hits = _by_code(code, limit)
        if hits:
            return hits
    said = telling_words(typed)
    side = next((SIDES[word] for word in said if word in SIDES), "")
    words = tuple(word for word in said if word not in SIDES)
    if not words:
        return []
    asked = _understood(words)
    named = _synonym_hits(asked, typed)
    is_named = any(hit.score >= _WELL_NAMED for hit in named)
    hits = _best([*named, *_wording_hits(asked, side, any_word=not is_named)], limit + _SIDED)
    return (_with_side(hits, side) if side else hits)[:limit]


def _by_code(code: str, limit: int) -> list[ConceptHit]:
    rows = _rows(_BY_CODE, [f"{code}%", code, limit])
    return [ConceptHit(c, display, billable, code, Match.CODE, 100.0) for c, display, billable in rows]


def _understood(words: Sequence[str]) -> list[_Asked]:
    """Each word with its corrections, when it is not a word we know, and its endings, when it is still being typed."""
    known = dict(_rows(_KNOWN_WORDS, [[*words, *map("".join, pairwise(words))]]))
    words = _joined(words, known)
    unknown = [word for word in words if word not in known and len(word) > 1 and not word.isdigit()]
    corrections = {word: _corrections(word, f"{word[0]}%") or _corrections(word, "%") for word in unknown}
    asked = []
    for word in words:
        meant = corrections.get(word, [])
        if word in unknown and word == words[-1]:
            meant = [w for (w,) in _rows(_WORDS_BEGINNING, [f"{word}%"])] + meant
        weight = 0.05 if everyday(word) == WHO else 1 / (3 + math.log10(known.get(word, 0) + 1))
        asked.append(_Asked(word, tuple(dict.fromkeys(meant or [word])), weight))
    return asked


def _joined(words: Sequence[str], known: Mapping[str, int]) -> list[str]:
    """Words written apart that belong together: "gall bladder" is "gallbladder"."""
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] + word in known:
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def _corrections(unknown: str, beginning: str) -> list[str]:
    """The two words most likely meant by an unknown one, among those that begin so."""
    near = []
    for candidate, uses in _rows(_NEAR_WORDS, [beginning, unknown, unknown]):
        likeness = DamerauLevenshtein.normalized_similarity(unknown, candidate)
        if likeness >= _CLOSE_ENOUGH:
            near.append((likeness + math.log10(uses + 1) / 20, candidate))
    return [candidate for _, candidate in sorted(near, reverse=True)[:2]]


def _synonym_hits(asked: Sequence[_Asked], typed: str) -> list[ConceptHit]:
    names = [one.names for one in asked]
    total = sum(one.weight for one in asked)
    hits = []
    for term, words, place, code, display, billable in _rows(_SYNONYMS, [[name for some in names for name in some]]):
        kept = set(words)
        covered = sum(one.weight for one, some in zip(asked, names, strict=True) if not kept.isdisjoint(some))
        used = sum(1 for word in kept if any(word in some for some in names))
        first_guess = sum(1 for one in asked if everyday(one.meant[0]) in kept)
        is_whole = all(not kept.isdisjoint(some) for some in names)
        share_asked, share_kept = covered / total, used / len(kept)
        if is_whole and share_kept == 1:
            score = 97 + first_guess / len(asked) + (term.lower() == typed.lower()) + (plain(term) == plain(typed))
            score -= 0.3 * sum(1 for word in plain(term).split() if word in FILLERS)
        elif share_kept == 1:
            score = 35 + 45 * share_asked
        elif is_whole:
            score = 40 + 40 * share_kept
        else:
            score = 60 * share_asked * share_kept
        hits.append(ConceptHit(code, display, billable, term, Match.EVERYDAY_NAME, score - 0.6 * (place - 1)))
    return hits


def _wording_hits(asked: Sequence[_Asked], side: str, *, any_word: bool) -> list[ConceptHit]:
    every, worth = _tsquery(asked, " & "), _EVERY_WORD
    rows = _rows(_LIKELY_WORDINGS, [every, _CANDIDATES])
    if not rows and any_word:
        rows = _rows(_UNLIKELY_WORDINGS, [every, _CANDIDATES])
    if not rows and len(asked) > 1 and any_word:
        rows, worth = _rows(_LIKELY_WORDINGS, [_tsquery(asked, " | "), _CANDIDATES]), _ANY_WORD
    said = {word for one in asked for formal in one.formal() for word in formal}
    typed = " ".join(one.typed for one in asked)
    hits = []
    for code, display, billable, place, terms in rows:
        coverage = max(_covered(wording, said) for wording in (display, *terms.split("|")) if wording)
        score = worth + 30 * coverage - place / 12
        if worth < _EVERY_WORD:
            score += 40 * _share_said(display, asked) ** 2
        lowered = display.lower()
        if side:
            score += 8 if side in lowered else -4
        hits.append(ConceptHit(code, display, billable, typed, Match.WORDING, score))
    return hits


def _share_said(display: str, asked: Sequence[_Asked]) -> float:
    """How much of the question a wording answers."""
    has = {singular(word)[:5] for word in plain(display).split()}
    answered = sum(one.weight for one in asked if any({word[:5] for word in way} <= has for way in one.formal()))
    return answered / sum(one.weight for one in asked)


def _covered(wording: str, said: set[str]) -> float:
    """The share of a wording's own words that were said; words that only qualify count little."""
    weight = covered = 0.0
    for word in plain(wording).split():
        if word in _QUALIFIERS:
            weight += 0.15
            continue
        weight += 1
        bare = singular(word)
        if bare in said or word in said or any(len(s) > 4 and bare[:5] == s[:5] for s in said):
            covered += 1
    return covered / weight if weight else 0.0


def _tsquery(asked: Sequence[_Asked], joined: str) -> str:
    """The question for PostgreSQL: every word or one of its formal wordings, a half-typed last word as a beginning."""
    parts = []
    for one in asked:
        ways = [" & ".join(f"'{word}'" for word in formal) for formal in dict.fromkeys(one.formal())]
        if one is asked[-1] and len(one.typed) > 2 and one.typed not in one.meant:
            ways.append(f"'{one.typed}':*")
        parts.append("(" + " | ".join(f"({way})" for way in ways) + ")")
    return joined.join(parts)


def _best(hits: Iterable[ConceptHit], limit: int) -> list[ConceptHit]:
    """Each code once, under the name that found it best, likeliest first."""
    best: dict[str, ConceptHit] = {}
    for hit in hits:
        if hit.code not in best or hit.score > best[hit.code].score:
            best[hit.code] = hit
    return sorted(best.values(), key=lambda hit: (-hit.score, len(hit.display), hit.code))[:limit]


def _with_side(hits: Sequence[ConceptHit], side: str) -> list[ConceptHit]:
    """The same hits, the first few moved to the code of the side asked for where there is one."""
    siblings: dict[str, ConceptHit] = {}
    for hit in hits[:_SIDED]:
        if not _names_a_side(hit.display):
            siblings = dict.fromkeys(_siblings(hit.code), hit) | siblings
    rows = _rows(_SIDED_CODES, [list(siblings), side])
    sided = {siblings[code].code: (code, display, billable) for code, display, billable in reversed(rows)}
    moved = []
    for hit in hits:
        if hit.code in sided:
            code, display, billable = sided[hit.code]
            moved.append(ConceptHit(code, display, billable, hit.matched, hit.match, hit.score + 0.5))
        moved.append(hit)
    return _best(moved, len(moved))


def _siblings(code: str) -> list[str]:
    """Every code that differs from this one only in the character that names the side: the last but the 7th."""
    ending = code[-1] if len(code) == len("S93.401A") else ""
    stem = code[: len(code) - len(ending) - 1]
    return [f"{stem}{place}{ending}" for place in "0123456789"]


def _names_a_side(display: str) -> bool:
    return not {"left", "right", "bilateral"}.isdisjoint(plain(display).split())


def _rows(sql: str, parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
