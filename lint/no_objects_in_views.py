"""Views ask queries, and records come through the actor; no view goes to the tables itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lint.source import Source

TABLES = {"objects", "_default_manager", "_base_manager"}


def problems(source: Source) -> Iterator[tuple[int, str]]:
    """Uses of `Model.objects` in views, and raw cursors."""
    if not source.is_a("views"):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and (node.attr in TABLES or node.attr == "cursor"):
            yield node.lineno, f".{node.attr} in a view; ask a query"
