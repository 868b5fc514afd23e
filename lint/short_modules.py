"""A module of more than 400 lines becomes a package."""

from __future__ import annotations

from collections.abc import Iterator

from lint.source import Source

LONGEST = 400


def problems(source: Source) -> Iterator[tuple[int, str]]:
    """Modules that are longer."""
    length = source.text.count("\n")
    if source.is_product and length > LONGEST:
        yield LONGEST, f"{length} lines, more than {LONGEST}: make it a package"
