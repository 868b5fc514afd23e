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
suspected bad de del la el los las en un una y mi tengo tiene con por al se su lo que le esta want wants
wanting need needs needed needing please just little go going goes went again now today lately recently ago
last still would could should husband wife hes shes its theyre also there um mis tus sus muy mucho mucha
desde hace
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
_AGES_AND_TIMES = re.compile(
    r"\b(\d+|one|two|three|four|five|six|a few|few|several)[ -]?"
    r"(y/?o|m/?o|years?|yrs?|months?|mos?|weeks?|wks?|days?|hours?|hrs?)\b([ -]?olds?\b)?",
    re.IGNORECASE,
)
_NOT_WORD = re.compile(r"[\W_]+")


_SAME_WORDS = """
pain: hurt hurting hurts ache aching achy painful killing sore
dolor: duele duelen doler
drink: drinking drinks drank
twitch: twitching twitchy
change: changing changed changes
itch: itching itchy itches itchiness
cough: coughing coughed
vomit: vomiting vomited puking puke barfing barf
bleed: bleeding bled
dizzy: dizziness lightheaded woozy giddy
tired: tiredness exhausted fatigued
worry: worrying worried
pee: peeing urinate urinating urination piss pissing
poop: pooping poo bm
burn: burning stinging sting
bite: bit bitten biting
swollen: swelling swelled puffy
broken: fracture fractured broke brake busted
frequent: constantly always frequently lot
belly: tummy abdomen abdominal
ear: eardrum
lose: losing loss lost
cant: cannot couldnt unable
smoke: smoking smoker
fast: rapid racing pounding
trouble: difficulty problem
breath: breathing breathe
check: checkup exam examination test testing screening screen
medicine: medication med pill
shot: vaccine vaccination immunization booster jab vax
child: kid daughter son toddler infant baby
refill: refilled
cut: laceration gash
bruise: bruised bruising
throw: throwing threw
fall: fell falling
pop: popped popping
give: gave giving
high: hi elevated
exposure: exposed
pass: passing passed
feed: feeding
remember: remembering
forget: forgetting forgetful forgot
cry: crying cries
talk: talking
sleep: sleeping asleep
"""
SAME_WORDS: Mapping[str, str] = {
    one: meant
    for meant, others in (line.split(": ") for line in _SAME_WORDS.strip().splitlines())
    for one in others.split()
}
"""Words said one for the other, and the one they are taken for; among everyday names only."""


WHO = "child"
"""The everyday word that says who is ill, not what is wrong; it weighs little."""


def everyday(word: str) -> str:
    """The word an everyday word is taken for: "aching" is "pain", "knees" is "knee"."""
    bare = singular(word)
    return SAME_WORDS.get(word) or SAME_WORDS.get(bare) or bare


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

    Ages and lengths of time ("4 year old", "for 3 days") say nothing of a diagnosis and go as well. A filler
    that names a kind or an illness at the end is kept ("hepatitis A", "old MI").
    """
    every = plain(_CLERKS_SHORTHAND.sub(" ", _AGES_AND_TIMES.sub(" ", text))).split() or plain(text).split()
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
