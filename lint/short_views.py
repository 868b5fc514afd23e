"""A view is a function of at most 20 lines: parse, query or action, render. What it draws from has at most 40."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lint.source import Source

LONGEST = 20
LONGEST_PART = 40


def problems(source: Source) -> Iterator[tuple[int, str]]:
    """Functions in views that are longer, and views that are classes."""
    if not source.is_a("views"):
        return
    for function in source.functions():
        longest = LONGEST if function.decorator_list else LONGEST_PART
        if (length := lines_of(function)) > longest:
            yield function.lineno, f"{function.name} has {length} lines, more than {longest}"
    for node in source.tree.body:
        if isinstance(node, ast.ClassDef) and any("View" in ast.unparse(base) for base in node.bases):
            yield node.lineno, f"{node.name} is a class; views are functions"


def lines_of(function: ast.FunctionDef) -> int:
    """From `def` to the end, the docstring not counted."""
    length = (function.end_lineno or function.lineno) - function.lineno + 1
    if ast.get_docstring(function, clean=False) is not None:
        text = function.body[0]
        length -= (text.end_lineno or text.lineno) - text.lineno + 1
    return length
