"""What somebody typed into the patient search, taken apart; and the text a patient is found by."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rapidfuzz.distance import JaroWinkler

from mainstay.foundation.dates import dob_forms
from mainstay.people.matching.names import (
    SUFFIXES,
    TITLES,
    are_nicknames,
    fold,
    formal_names,
    likeness,
    nicknames_of,
    sound,
)

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATES = re.compile(
    rf"\b\d{{1,4}}[/\-.]\d{{1,2}}[/\-.]\d{{1,4}}\b|\b\d{{1,2}}(?:st|nd|rd|th)?[ \-]{_MONTH}\.?[ ,\-]+\d{{2,4}}\b"
    rf"|\b{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{2,4}}\b",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?:\+?1[\s.\-]?)?\(?\d{3}\)?[\s.\-]?\d{3}[\s.\-]?\d{4}\b|\b\d{3}[.\-]\d{4}\b")
_MRN = re.compile(r"\b(?:mrn\b|chart\b|#)[\s:#]*([a-z]{0,4}-?\d[\w\-]*)|\b([a-z]{1,4}-?\d{3,}[\w\-]*)", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_YEAR = re.compile(r"19\d\d|20\d\d")
_MONTH_DAY = re.compile(r"(?<![\d/])(0?[1-9]|1[0-2])/(0?[1-9]|[12]\d|3[01])(?![\d/])")


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A search taken apart.

    `names` are folded words in the order typed; `births` every date the typed one may mean; `phone` digits
    (seven, ten, or the last four or more); `mrn` folded, without leading zeros; `year` of birth, typed alone beside a
    name; `month_day` likewise (`3/5`). A bare number may be several of these.
    """

    names: tuple[str, ...] = ()
    births: frozenset[date] = frozenset()
    phone: str = ""
    mrn: str = ""
    year: int = 0
    month_day: tuple[int, int] = (0, 0)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to search by."""
        return not (self.names or self.births or self.phone or self.mrn)


def search_key(*parts: str) -> str:
    """The text a person is found by: every name once, folded, particles kept, joined as written and as one word.

    `search_key("Mary-Ann", "O'Brien", "de la Cruz")` → `mary ann maryann obrien de la cruz delacruz`.
    """
    words: dict[str, None] = {}
    for part in parts:
        tokens = [t for t in fold(part).split(" ") if t]
        for word in (*tokens, "".join(tokens)):
            words.setdefault(word)
    return " ".join(words)


def fold_mrn(text: str) -> str:
    """A medical record number as compared: lower case, no signs, no leading zeros."""
    return re.sub(r"[\W_]", "", text).lower().lstrip("0")


def parse_query(text: str, *, today: date) -> SearchQuery:
    """Take a search apart: `smith john 3/5/84`, `(512) 555-0134`, `MRN 00123`, `maria 5 mar 1984`. Never raises."""
    rest = text.strip()[:200]
    births: set[date] = set()
    phone = mrn = ""
    for found in _DATES.findall(rest):
        if forms := dob_forms(found, today=today):
            births |= forms
            rest = rest.replace(found, " ", 1)
    month_day = (0, 0)
    if shape := _MONTH_DAY.search(rest):
        month_day = (int(shape[1]), int(shape[2]))
        rest = rest.replace(shape[0], " ", 1)
    if shape := _PHONE.search(rest):
        phone = re.sub(r"\D", "", shape[0])[-10:]
        rest = rest.replace(shape[0], " ", 1)
        if shape[0].isdigit():
            mrn = fold_mrn(shape[0])
    if shape := _MRN.search(rest):
        mrn = fold_mrn(shape[1] or shape[2])
        rest = rest.replace(shape[0], " ", 1)
    for digits in _DIGITS.findall(rest):
        births |= dob_forms(digits, today=today)
        if len(digits) >= 4 and not phone:
            phone = digits[-10:]
        if not mrn:
            mrn = fold_mrn(digits)
    words = [w for w in fold(rest).split(" ") if w]
    names = tuple(w for w in words if (w not in TITLES and w not in SUFFIXES) or len(words) == 1)
    years = [int(digits) for digits in _DIGITS.findall(rest) if _YEAR.fullmatch(digits)] if names else []
    return SearchQuery(names, frozenset(births), phone, mrn, year=years[0] if years else 0, month_day=month_day)


HEAD = 7
"""How many first letters of a word the keys look at."""


def prefix_key(typed: str) -> str:
    """The key of everybody with a word that begins like this: `p:smi`. Letters after the seventh are not looked at."""
    return f"p:{typed[:HEAD]}"


def word_keys(word: str) -> frozenset[str]:
    """Every key one word of a name is found by: its beginnings, its slips, its sound, its nicknames."""
    return fuzzy_keys(word) | {f"p:{word[:length]}" for length in range(1, min(len(word), HEAD) + 1)}


def fuzzy_keys(word: str) -> frozenset[str]:
    """Keys two words share when one is the other misspelled by one slip, sounds like it, or is its nickname.

    `s:` the sound, `n:` the formal name behind a nickname, `d:` the first seven letters with none or one left out.
    Two words share a `d:` key when at most one letter was typed wrong, left out, added or swapped with its neighbor.
    """
    if len(word) < 2:
        return frozenset()
    head = word[:HEAD]
    keys = {f"n:{formal}"[:12] for formal in formal_names(word)}
    keys.add(f"d:{head}")
    if len(word) >= 3:
        keys.update(f"d:{head[:place]}{head[place + 1 :]}" for place in range(len(head)))
    if len(heard := sound(word)) >= 2:
        keys.add(f"s:{heard}"[:12])
    return frozenset(keys)


def spellings(name: str) -> tuple[str, ...]:
    """A typed name and the forms it is also looked up under, most likely first: itself, then its nicknames."""
    return (name, *sorted(nicknames_of(name)))


def name_fit(names: tuple[str, ...], candidates: Iterable[str]) -> float:
    """How well typed names fit a person's names, 0 to 1: each typed word takes its best candidate once, order free."""
    left = list(candidates)
    if not names or not left:
        return 0.0
    total = 0.0
    for typed in names:
        fits = [(_word_fit(typed, word), place) for place, word in enumerate(left)]
        best, place = max(fits, key=lambda fit: fit[0], default=(0.0, -1))
        total += best
        if best > 0:
            left.pop(place)
    return total / len(names)


def _word_fit(typed: str, word: str) -> float:
    if typed == word:
        return 1.0
    if word.startswith(typed):
        return 0.9 if len(typed) >= 3 else 0.75
    if are_nicknames(typed, word):
        return 0.85
    if alike := likeness(typed, word):
        return (0.7 if alike >= 2 else 0.45) + 0.12 * JaroWinkler.similarity(typed, word)
    head = word[: len(typed)]
    if len(typed) >= 4 and likeness(typed, head) >= 2:
        return 0.6
    return 0.5 if len(typed) >= 4 and sound(typed) == sound(word) else 0.0
