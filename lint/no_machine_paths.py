"""Nothing in the repository knows the machine it was written on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lint.source import Source

PATHS = re.compile(r"(?<![\w.])/(?:work/(?:main|w|shared|tmp|venv)|root|home/[a-z]+|Users/[A-Za-z]+)(?:/|\b)")


def problems(source: Source) -> Iterator[tuple[int, str]]:
    """Absolute paths of somebody's own machine."""
    if source.path.name == "no_machine_paths.py" or source.path.suffix in (".svg", ".lock"):
        return
    for number, line in enumerate(source.text.splitlines(), 1):
        if found := PATHS.search(line):
            yield number, f"names a folder of one machine: {found.group()}"
