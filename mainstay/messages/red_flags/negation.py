"""What a "no" covers, in English and Spanish. Doubt is never read as a no."""

from __future__ import annotations

from mainstay.messages.red_flags.words import COMMA, HARD, Text

_JOIN = frozenset({"and", "y", "then", "now", "since", "because", "porque", "ahora", "also", "plus", "with", "con"})
_OR = frozenset({"or", "nor", "ni", "o"})
_ABLE = frozenset({"can", "will", "could", "would", "should", "able"})
_HAVING = frozenset(
    {"having", "feeling", "experiencing", "getting", "any", "have", "had", "feel", "felt", "get", "been"}
)
_DOUBT = frozenset(
    {"sure", "know", "think", "certain", "only", "just", "se", "creo", "seguro", "segura", "solo", "until"}
)
_NOT_WELL = frozenset(
    {
        "well",
        "good",
        "right",
        "ok",
        "okay",
        "better",
        "normal",
        "myself",
        "himself",
        "herself",
        "great",
        "bien",
        "mejor",
    }
)
_NO_THING = frozenset(
    {
        "energy", "appetite", "relief", "improvement", "better", "change", "idea", "longer", "one", "more", "doctor",
        "appointment", "insurance", "ride", "sleep", "matter", "reason", "problem", "way", "good", "worries", "history",
        "urine", "pulse", "wet", "spleen",
    }
)  # fmt: skip
_PRONOUN = frozenset(
    {"i", "my", "he", "she", "it", "we", "yes", "please", "they", "you", "me", "mi", "el", "ella", "si"}
)
_SPANISH_HAVING = frozenset(
    {
        "tengo",
        "tiene",
        "tenemos",
        "hay",
        "siento",
        "siente",
        "ha",
        "he",
        "tenido",
        "presenta",
        "duele",
        "dolor",
        "tuve",
        "tuvo",
        "tenia",
        "sufre",
        "fiebre",
    }
)
_SPANISH_VERB = frozenset(
    {
        "puedo", "puede", "pueden", "para", "deja", "quiero", "quiere", "se", "me", "le", "lo", "la", "ve", "veo",
        "mueve", "habla", "responde", "respira", "come", "orina", "despierta", "quita", "baja", "ayuda", "funciona",
        "sirve", "entiendo", "retiene", "retengo", "moja", "mama", "toma", "aguanto", "reacciona", "siente", "mejora",
        "estoy", "esta", "sabe", "dejo", "duermo", "soporto", "vale", "he", "ha", "sabemos",
    }
) - {"he", "ha", "siente"}  # fmt: skip
_DENIES = frozenset({"denies", "denied", "denying", "deny", "niega", "nego", "niego"})
_WITHOUT = frozenset({"without", "sin", "ningun", "ninguna", "neither", "tampoco"})
_AFTER = frozenset({"denied", "negative", "absent", "none", "no", "ninguno", "negativo"})


def _to_clause_end(text: Text, start: int, most: int) -> range:
    stop = start
    while stop < len(text.words) and stop - start < most and (stop == start or text.breaks[stop] != HARD):
        stop += 1
    return range(start, stop)


def _reach(text: Text, start: int, most: int) -> range:
    """The words from `start` on that one "no" covers: to a clause end or a join, over commas only in an "or" list."""
    for stop in _to_clause_end(text, start, most):
        if text.words[stop] in _JOIN:
            return range(start, stop)
        if text.breaks[stop] == COMMA and stop > start and not _or_follows(text, stop):
            return range(start, stop)
    return _to_clause_end(text, start, most)


def _or_follows(text: Text, start: int) -> bool:
    for i in range(start, min(start + 12, len(text.words))):
        if text.breaks[i] == HARD and i > start:
            return False
        if text.words[i] in _OR:
            return True
    return False


def _not_covers(text: Text, cue: int) -> range:
    words = text.words
    after = cue + 1
    if after >= len(words) or text.breaks[after] or words[after] in _DOUBT:
        return range(0)
    if words[after] in _NOT_WELL or (after + 1 < len(words) and words[after + 1] in _NOT_WELL):
        return range(after, after + 1)
    before = words[cue - 1] if cue else ""
    if words[after] in _HAVING:
        return _reach(text, after, 6)
    if before in _ABLE or words[after].endswith("ing"):
        return range(after, after + 1)
    return _reach(text, after, 4)


def _no_covers(text: Text, cue: int) -> range:
    words = text.words
    after = cue + 1
    if after >= len(words) or text.breaks[after] or words[after] in _PRONOUN - {"mi", "me"} or words[after] in _DOUBT:
        return range(0)
    if words[after] in _NO_THING or words[after] in _NOT_WELL:
        return range(after, after + 1)
    if words[after] in _SPANISH_HAVING:
        return _reach(text, after, 7)
    if words[after] in ("me", "le", "se") and after + 1 < len(words) and words[after + 1] in _SPANISH_HAVING:
        return _reach(text, after, 7)
    if words[after] in _SPANISH_VERB:
        return range(after, after + 1)
    return _reach(text, after, 8)


def negations(text: Text) -> dict[int, range]:
    """For each word that negates, the words it covers."""
    covers: dict[int, range] = {}
    for i, word in enumerate(text.words):
        if word == "not":
            covers[i] = _not_covers(text, i)
        elif word == "no":
            covers[i] = _no_covers(text, i)
        elif word in _DENIES:
            covers[i] = _to_clause_end(text, i + 1, 20)
        elif word in _WITHOUT or (word == "never" and "this" not in text.words[i : i + 8]):
            covers[i] = _reach(text, i + 1, 5)
    return {cue: words for cue, words in covers.items() if words}


def is_denied_after(text: Text, end: int) -> bool:
    """Whether the word after a match says that it is absent, as in `chest pain: no` or `fever denied`."""
    after = end + 1
    if after >= len(text.words) or text.words[after] not in _AFTER:
        return False
    ends = after + 1 == len(text.words) or text.breaks[after + 1] != ""
    return ends and (text.breaks[after] != COMMA or text.words[after] in _DENIES)
