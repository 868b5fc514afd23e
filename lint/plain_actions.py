"""An action is called with named things, the actor first, and never with a request or a flag."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lint.source import Source


def problems(source: Source) -> Iterator[tuple[int, str]]:
    """Public functions in actions whose signature breaks the form."""
    if not source.is_a("actions") or source.domain == "foundation":
        return
    for function in source.tree.body:
        if isinstance(function, ast.FunctionDef) and not function.name.startswith("_"):
            is_shared = "actions" in source.path.parts and "actor" not in {a.arg for a in names(function)}
            for fault in () if is_shared or is_listener(function) else faults(function):
                yield function.lineno, f"{function.name} {fault}"


def names(function: ast.FunctionDef) -> list[ast.arg]:
    """Its arguments in order."""
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def is_listener(function: ast.FunctionDef) -> bool:
    """Whether it is called with one event, by the outbox."""
    return [a.arg for a in function.args.args] == ["event"] and not function.args.kwonlyargs


def faults(function: ast.FunctionDef) -> Iterator[str]:
    """What is wrong with one signature."""
    given = function.args
    everything = names(function)
    defaults = [*given.defaults, *given.kw_defaults]
    if given.kwarg or given.vararg:
        yield "takes *args or **kwargs"
    if given.args or given.posonlyargs:
        yield "takes positional arguments"
    if not function.name.startswith("may_") and (not everything or everything[0].arg != "actor"):
        yield "does not take `actor` first"
    for argument in everything:
        if argument.arg == "request" and not (argument.annotation and ast.unparse(argument.annotation) == "str"):
            yield "takes a request"
        if argument.annotation is not None and "bool" in ast.unparse(argument.annotation).split(" | "):
            yield f"takes the flag {argument.arg}; make two actions or an enum"
    if any(isinstance(d, ast.Constant) and isinstance(d.value, bool) for d in defaults if d is not None):
        yield "has a flag with a default"
