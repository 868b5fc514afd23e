"""What the search in the top bar finds besides patients: visits, work, settings, told by the domains above."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mainstay.foundation.actor import Actor


@dataclass(frozen=True, slots=True)
class Found:
    """Something that is not a patient: its name, the group it is shown in, where it is, and a word more about it."""

    name: str
    kind: str
    url: str
    more: str = ""


SearchPart = Callable[[Actor, str], Sequence[Found]]
_parts: list[SearchPart] = []
MOST = 4
"""Shown of each part at most: patients come first."""


def search_part(part: SearchPart) -> SearchPart:
    """Let a domain above answer the search in the top bar; called from `config/searching.py`."""
    if part not in _parts:
        _parts.append(part)
    return part


def found_beside(actor: Actor, text: str) -> list[Found]:
    """What else fits what was typed; three letters at least."""
    if len(text.strip()) < 3:
        return []
    return [found for part in _parts for found in list(part(actor, text.strip()))[:MOST]]
