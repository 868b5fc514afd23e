"""Rules and lifecycles are plain Python over plain values: no Django, no database, no clock."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lint.source import Source

BARRED = ("django", "psycopg", "procrastinate", "requests", "mainstay.foundation.clock", "mainstay.foundation.records")


def is_rule(source: Source) -> bool:
    """`rules.py`, `rules_….py`, `lifecycle.py`, and the pure libraries inside domains."""
    stem = source.path.stem
    return source.is_a("rules", "lifecycle", "forecast") or (source.is_product and stem.startswith("rules_"))


def problems(source: Source) -> Iterator[tuple[int, str]]:
    """Imports and calls a rule may not have."""
    if not is_rule(source):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        for module in modules:
            if any(module == barred or module.startswith(barred + ".") for barred in BARRED):
                yield node.lineno, f"a rule imports {module}"
                break
