"""One place asks what time it is: foundation.clock. Everybody else is told."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lint.source import Source

ASKING = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "timezone.now", "timezone.localdate"}
EXEMPT = ("mainstay/foundation/clock.py", "mainstay/foundation/database/")


def problems(source: Source) -> Iterator[tuple[int, str]]:
    """Calls that ask the machine for the time."""
    if not source.is_product or str(source.path).startswith(EXEMPT):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            called = ".".join(ast.unparse(node.func).split(".")[-2:])
            if called in ASKING and not (node.args and called == "timezone.localdate"):
                yield node.lineno, f"{called}(): ask foundation.clock, or take `now` as an argument"
