"""Names say what a thing is. Some words say nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from lint.source import Source

EMPTY = {"util", "utils", "helper", "helpers", "manager", "handler", "process", "data", "info", "common", "misc"}
FIRST = {"do", "handle", "process", "manage"}
DEMANDED = {"process_view", "process_request", "process_response", "process_exception", "process_template_response"}


def problems(source: Source) -> Iterator[tuple[int, str]]:
    """Modules, classes and functions named with nothing, or whose last word (or a function's first) is empty."""
    if not source.is_product:
        return
    for part in source.path.parts[1:]:
        if EMPTY & set(words(part.removesuffix(".py"))):
            yield 1, f"the module name {part} says nothing"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name not in DEMANDED:
            own = words(node.name)
            verb_is_empty = isinstance(node, ast.FunctionDef) and len(own) > 1 and own[0] in FIRST
            if own and (own[-1] in EMPTY or verb_is_empty):
                yield node.lineno, f"the name {node.name} says nothing"
    yield from twins(source)


def twins(source: Source) -> Iterator[tuple[int, str]]:
    """Functions of one module that are called by the same words in another order: one is taken for the other."""
    known: dict[tuple[str, ...], ast.FunctionDef] = {}
    for node in source.tree.body:
        if isinstance(node, ast.FunctionDef):
            other = known.setdefault(tuple(sorted(words(node.name))), node)
            if words(other.name) != words(node.name):
                yield node.lineno, f"{node.name} and {other.name} are taken for each other"


def words(name: str) -> list[str]:
    """The words of a name in either style, in lower case."""
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)]
