"""How likely a diagnosis is meant in primary care, judged from its code and wording alone. Plain Python."""

from __future__ import annotations

_CHAPTER: tuple[tuple[str, int], ...] = (
    ("V", 60),
    ("W", 60),
    ("X", 60),
    ("Y", 60),
    ("T3", 40),
    ("T4", 40),
    ("T5", 40),
    ("T6", 40),
    ("T8", 30),
    ("O", 25),
    ("P", 15),
    ("Q", 10),
    ("C", 8),
    ("D0", 8),
    ("D3", 8),
    ("D4", 8),
    ("Z", 5),
    ("S", 5),
)
_WORDING: tuple[tuple[str, int], ...] = (
    ("classified elsewhere", 25),
    ("due to underlying condition", 25),
    ("drug or chemical induced", 25),
    ("sequela", 20),
    ("postprocedural", 15),
    ("neonatal", 10),
    ("newborn", 10),
    ("congenital", 8),
    ("secondary", 8),
    ("personal history", 5),
    ("right", 6),
    ("left", 6),
    ("bilateral", 4),
    ("other", 4),
)
_CATEGORY_ONLY = 10
_LATER_ENCOUNTER = 60
_OPEN_FRACTURE = 30


def standing(code: str, display: str, *, is_billable: bool) -> int:
    """A place for an ICD-10-CM code in a list of equally good matches; lower comes first, 0 to about 200.

    Short wordings, first encounters and ordinary illness come before long wordings, later encounters,
    external causes, poisonings and pregnancy. Our own order; it never decides a code.
    """
    lowered = display.lower()
    place = min(len(display) // 4, 60)
    place += next((weight for prefix, weight in _CHAPTER if code.startswith(prefix)), 0)
    place += sum(weight for words, weight in _WORDING if words in lowered)
    if not is_billable:
        place += _CATEGORY_ONLY
    if len(code) == len("S93.401A"):
        place += {"A": 0, "B": _OPEN_FRACTURE, "C": _OPEN_FRACTURE}.get(code[-1], _LATER_ENCOUNTER)
    return place
