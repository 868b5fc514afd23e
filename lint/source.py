"""The files the checks look at, and how a check is told about one."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Source:
    """One file: `path` relative to the root of the checkout, and its text."""

    path: PurePosixPath
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed module."""
        return ast.parse(self.text)

    @property
    def domain(self) -> str:
        """The domain the file is in, or the empty string."""
        return self.path.parts[1] if len(self.path.parts) > 2 and self.path.parts[0] == "mainstay" else ""

    def is_a(self, *kinds: str) -> bool:
        """Whether the file is `views.py`, or in a package `views/`, and so on; tests and migrations never are."""
        inside = self.path.parts[2:]
        return self.is_product and any(part.removesuffix(".py") in kinds for part in inside)

    @property
    def is_product(self) -> bool:
        """Whether it is code of the program itself: no test, no migration."""
        return self.path.suffix == ".py" and bool(self.domain) and not {"tests", "migrations"} & set(self.path.parts)

    def functions(self) -> Iterator[ast.FunctionDef]:
        """Its functions and methods."""
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef))


def committed() -> list[Source]:
    """Every text file git knows, and every new one it does not ignore; fixtures of the checks aside."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    found = []
    for name in sorted(set(listed) - {""}):
        if not name.startswith("lint/fixtures/") and (ROOT / name).is_file():
            try:
                found.append(Source(PurePosixPath(name), (ROOT / name).read_text()))
            except UnicodeDecodeError:
                continue
    return found
