"""Only actions change rows. Everything else reads."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from lint.source import Source

ALWAYS = {"bulk_create", "bulk_update", "get_or_create", "update_or_create", "abulk_create", "acreate", "asave"}
QUERYSETS = {"objects", "all", "filter", "exclude", "select_for_update", "order_by", "using"}
SQL = re.compile(r"\s*(insert\s+into|update\s+\w+\s+set|delete\s+from|truncate|copy\s+\w+.*\sfrom)\b", re.IGNORECASE)


def problems(source: Source) -> Iterator[tuple[int, str]]:
    """Calls that write, outside actions and foundation."""
    if not source.is_product or source.is_a("actions") or source.domain == "foundation":
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and writes(node, node.func):
            yield node.lineno, f".{node.func.attr}() writes outside actions.py"


def writes(call: ast.Call, method: ast.Attribute) -> bool:
    """Whether a method call changes rows, as far as its looks can tell."""
    keywords = {keyword.arg for keyword in call.keywords}
    if method.attr in ALWAYS:
        return True
    if method.attr in ("save", "delete"):
        return not call.args and not keywords - {"update_fields", "using", "force_insert", "commit"}
    if method.attr in ("create", "update"):
        return bool(QUERYSETS & names(method.value))
    if method.attr in ("execute", "executemany") and call.args:
        statement = call.args[0]
        return isinstance(statement, ast.Constant) and bool(SQL.match(str(statement.value)))
    return False


def names(node: ast.AST) -> set[str]:
    """The attribute names along a chain such as `Visit.objects.filter(…)`."""
    return {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
