"""Facts have columns. JSON is for forms, foreign payloads and the foundation's envelopes; floats for nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lint.source import Source

ALLOWED = {"forms", "interop", "foundation"}


def problems(source: Source) -> Iterator[tuple[int, str]]:
    """JSONField outside the three, FloatField anywhere, and models that act when saved."""
    if not source.is_a("models"):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            if name == "JSONField" and source.domain not in ALLOWED:
                yield node.lineno, "JSONField: give the fact columns"
            if name == "FloatField":
                yield node.lineno, "FloatField: money and measures are decimal"
        if isinstance(node, ast.ClassDef):
            for method in node.body:
                if (
                    isinstance(method, ast.FunctionDef)
                    and method.name in ("save", "delete")
                    and source.domain != "foundation"
                ):
                    yield method.lineno, f"{node.name}.{method.name}() has side effects; write an action"
