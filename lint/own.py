"""Runs our own checks over everything git knows: `python -m lint.own`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from types import ModuleType

from lint import (
    no_machine_paths,
    no_objects_in_views,
    no_signals,
    one_clock,
    only_actions_write,
    plain_actions,
    plain_names,
    plain_rules,
    short_modules,
    short_views,
    typed_columns,
)
from lint.source import Source, committed

CHECKS: tuple[ModuleType, ...] = (
    only_actions_write,
    plain_actions,
    no_objects_in_views,
    short_views,
    short_modules,
    plain_names,
    plain_rules,
    one_clock,
    no_signals,
    typed_columns,
    no_machine_paths,
)


def complaints(sources: Iterable[Source], checks: Iterable[ModuleType] = CHECKS) -> Iterator[str]:
    """Every problem as `path:line: check: what`."""
    checks = tuple(checks)
    for source in sources:
        for check in checks:
            for line, what in check.problems(source):
                yield f"{source.path}:{line}: {check.__name__.rpartition('.')[2]}: {what}"


def main() -> int:
    """Print what is wrong; 1 if anything is."""
    found = list(complaints(committed()))
    sys.stdout.writelines(f"{complaint}\n" for complaint in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
