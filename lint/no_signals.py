"""What follows from an act is published as an event, where a reader can find it; Django's signals hide it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lint.source import Source

BARRED = ("django.dispatch", "django.db.models.signals", "django.contrib.auth.signals", "django.core.signals")


def problems(source: Source) -> Iterator[tuple[int, str]]:
    """Imports of signals."""
    if not source.is_product:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            named = [f"{node.module}.{alias.name}" for alias in node.names]
            if node.module in BARRED or set(named) & set(BARRED):
                yield node.lineno, "imports Django signals; publish an event"
