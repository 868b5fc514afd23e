"""How everyday wording is taken apart before it is looked up. Plain Python, no database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from mainstay.foundation.tables import read_csv

_FILLERS = """
a an and the my his her your their our i me he she it of in on at to for from with by is am are be was has
have had got getting get gets im ive keep keeps feel feels feeling felt some very really so that this when
since been being do does pt patient hx complains complaining complaint about think thinks maybe possible
suspected bad de del la el los las en un una y mi tengo tiene con por al se me su lo que le esta
"""
FILLERS = frozenset(_FILLERS.split())
"""Words that carry no meaning in a complaint, English and Spanish."""

_ENDINGS = frozenset({"a", "mi"})

SIDES: Mapping[str, str] = {
    "left": "left",
    "lt": "left",
    "lft": "left",
    "izquierdo": "left",
    "izquierda": "left",
    "right": "right",
    "rt": "right",
    "rgt": "right",
    "derecho": "right",
    "derecha": "right",
    "both": "bilateral",
    "bilat": "bilateral",
    "bilateral": "bilateral",
}
"""Words for a side of the body, and how the official wordings say it."""


_APOSTROPHES = str.maketrans("", "", "'’")
_CLERKS_SHORTHAND = re.compile(r"\b[chs]/[op]\b", re.IGNORECASE)
_NOT_WORD = re.compile(r"[\W_]+")


SAME_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("hurt", "hurting", "ache", "aching", "achy", "painful", "killing", "sore"), "pain"),
    **dict.fromkeys(("peeing", "urinate", "urinating", "urination", "piss", "pissing"), "pee"),
    **dict.fromkeys(("pooping", "poo", "bm"), "poop"),
    **dict.fromkeys(("burning", "stinging", "sting"), "burn"),
    **dict.fromkeys(("drinking", "drank"), "drink"),
    **dict.fromkeys(("coughing", "coughed"), "cough"),
    **dict.fromkeys(("vomiting", "vomited", "puking", "puke", "barfing"), "vomit"),
    **dict.fromkeys(("bleeding", "bled"), "bleed"),
    **dict.fromkeys(("itching", "itchy", "itche"), "itch"),
    **dict.fromkeys(("swelling", "swelled", "puffy"), "swollen"),
    **dict.fromkeys(("fractured", "broke", "brake", "busted"), "broken"),
    **dict.fromkeys(("constantly", "alway", "frequently", "lot"), "frequent"),
    **dict.fromkeys(("tummy", "abdomen", "abdominal"), "belly"),
    **dict.fromkeys(("eardrum",), "ear"),
    **dict.fromkeys(("losing", "loss", "lost"), "lose"),
    **dict.fromkeys(("sleeping",), "sleep"),
    **dict.fromkeys(("sleepless", "cannot", "cant", "unable"), "cant"),
    **dict.fromkeys(("smoking", "smoke", "smoker"), "smoke"),
    **dict.fromkeys(("rapid", "racing", "pounding"), "fast"),
    **dict.fromkeys(("trouble", "difficulty", "problem", "hard"), "trouble"),
    **dict.fromkeys(("breathing", "breathe", "breath"), "breath"),
    **dict.fromkeys(("checkup", "exam", "check"), "check"),
    **dict.fromkeys(("medicine", "medication", "med", "pill"), "medicine"),
    "hi": "high",
    "lo": "low",
    **dict.fromkeys(("daughter", "son", "toddler", "infant"), "child"),
}
"""Words said one for the other, and the one they are taken for; among everyday names only."""


def everyday(word: str) -> str:
    """The word an everyday word is taken for: "aching" is "pain", "knees" is "knee"."""
    bare = singular(word)
    return SAME_WORDS.get(bare, bare)


def plain(text: str) -> str:
    """Lower case, no accents, no punctuation, single spaces: "Crohn's (ileum)" is "crohns ileum"."""
    lowered = text.lower().translate(_APOSTROPHES)
    if not lowered.isascii():
        lowered = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return " ".join(_NOT_WORD.sub(" ", lowered).split())


def singular(word: str) -> str:
    """A word without its English plural ending, roughly; only ever compared with words treated the same."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def telling_words(text: str) -> tuple[str, ...]:
    """The words of a text that carry meaning, plain and singular, in order, each once.

    A filler that names a kind or an illness at the end is kept ("hepatitis A", "old MI").
    """
    every = plain(_CLERKS_SHORTHAND.sub(" ", text)).split()
    kept = [word for word in every[:-1] if word not in FILLERS]
    kept += [word for word in every[-1:] if word not in FILLERS or word in _ENDINGS or not kept]
    return tuple(dict.fromkeys(singular(w) for w in kept))


@cache
def formal_words() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """Everyday words and the wordings official texts use instead: "belly" -> (("abdominal",), ("abdomen",))."""
    return {
        singular(plain(row["everyday"])): tuple(tuple(plain(one).split()) for one in row["formal"].split("|"))
        for row in read_csv("mainstay.terminology", "everyday_words.csv")
    }
