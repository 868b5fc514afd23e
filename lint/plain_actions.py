"""An action is called with named things, the actor first, and never with a request or a flag."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lint.source import Source

BEFORE_SIGN_IN = {"prove_identity"}


def problems(source: Source) -> Iterator[tuple[int, str]]:
    """Public functions in actions whose signature breaks the form; a package may share others inside."""
    if not source.is_a("actions") or source.domain == "foundation":
        return
    is_package = source.path.parent.name == "actions"
    for function in source.tree.body:
        if isinstance(function, ast.FunctionDef) and not function.name.startswith("_"):
            is_shared = is_package and (function.args.args or "actor" not in {a.arg for a in function.args.kwonlyargs})
            for fault in () if is_shared or is_listener(function) else faults(function):
                yield function.lineno, f"{function.name} {fault}"


def is_listener(function: ast.FunctionDef) -> bool:
    """Whether it is called with one event, by the outbox."""
    return [a.arg for a in function.args.args] == ["event"] and not function.args.kwonlyargs


def faults(function: ast.FunctionDef) -> Iterator[str]:
    """What is wrong with one signature."""
    given = function.args
    everything = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    if given.kwarg or given.vararg:
        yield "takes *args or **kwargs"
    if given.args or given.posonlyargs:
        yield "takes positional arguments"
    needs_actor = function.name not in BEFORE_SIGN_IN and not function.name.startswith("may_")
    if needs_actor and (not everything or everything[0].arg != "actor"):
        yield "does not take `actor` first"
    for argument in everything:
        kind = ast.unparse(argument.annotation).split(" | ") if argument.annotation else []
        if argument.arg == "request" and kind != ["str"]:
            yield "takes a request"
        if "bool" in kind:
            yield f"takes the flag {argument.arg}; make two actions or an enum"
    if any(isinstance(d, ast.Constant) and isinstance(d.value, bool) for d in [*given.defaults, *given.kw_defaults]):
        yield "has a flag with a default"
