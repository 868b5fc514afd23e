"""What vaccine groups are called at the desk and to patients."""

from __future__ import annotations

from functools import cache

from mainstay.foundation.tables import read_toml


@cache
def _groups() -> dict[str, dict[str, str]]:
    return dict(read_toml("mainstay.immunizations", "groups.toml")["group"])


def group_label(group: str) -> str:
    """A vaccine group as it is said at the desk: "Chickenpox (varicella)"; the schedule's name when we have none."""
    return _groups().get(group, {}).get("label", group)


def group_for_families(group: str, language: str = "en") -> str:
    """What a vaccine group protects against, in plain words, English or Spanish."""
    words = _groups().get(group, {})
    return words.get(language) or words.get("en") or group
