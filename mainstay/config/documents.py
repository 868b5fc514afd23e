"""The pages of `docs/` that are made from the program itself, so that they cannot lie."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from mainstay.config import installation
from mainstay.config.settings import DOMAINS
from mainstay.foundation.lifecycle import Lifecycle
from mainstay.foundation.permissions import declared_permissions
from mainstay.workforce.roles import roles

ROOT = Path(__file__).resolve().parent.parent.parent
MADE = "<!-- Made by `mainstay documents`; compared in every test run. Change the program, not this page. -->\n"


def lifecycles() -> dict[str, Lifecycle[Any]]:
    """Every lifecycle of every domain, by its name."""
    found = {}
    for domain in DOMAINS:
        try:
            module = importlib.import_module(f"mainstay.{domain}.lifecycle")
        except ModuleNotFoundError:
            continue
        found.update({v.name: v for v in vars(module).values() if isinstance(v, Lifecycle)})
    return dict(sorted(found.items()))


def lifecycles_page() -> str:
    """`docs/lifecycles.md`: every lifecycle as a diagram and as a table of who may move it."""
    parts = ["# Lifecycles\n", MADE]
    for name, lifecycle in lifecycles().items():
        parts += [
            f"\n## {name.capitalize()}\n",
            "```mermaid",
            lifecycle.mermaid(),
            "```\n",
            "| step | from | to | permission |",
        ]
        parts += ["| --- | --- | --- | --- |"]
        parts += [f"| {s.name} | {', '.join(s.sources)} | {s.target} | `{s.permission}` |" for s in lifecycle.steps]
    return "\n".join(parts) + "\n"


def pages() -> Iterator[tuple[str, str, Any]]:
    """Every address of the program with its name and its gated view."""

    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[tuple[str, str, Any]]:
        for entry in patterns:
            route = prefix + str(entry.pattern)
            if isinstance(entry, URLResolver):
                yield from walk(entry.url_patterns, route)
            else:
                yield route, entry.name or "", entry.callback

    yield from walk(get_resolver().url_patterns, "/")


def permissions_page() -> str:
    """`docs/permissions.md`: what each permission opens, and which roles carry it."""
    opened: dict[str, list[str]] = {}
    for route, _, view in pages():
        if permission := getattr(view, "permission", None):
            opened.setdefault(permission, []).append(f"`{route}`")
    for domain in DOMAINS:
        if importlib.util.find_spec(f"mainstay.{domain}.permissions"):
            importlib.import_module(f"mainstay.{domain}.permissions")
    everyone = roles()
    heads = [role.label for role in everyone.values()]
    parts = ["# Permissions and roles\n", MADE, "\n| permission | " + " | ".join(heads) + " |"]
    parts += ["| --- |" + " :-: |" * len(heads)]
    for one in declared_permissions():
        marks = ["●" if one.code in role.permissions else "" for role in everyone.values()]
        parts.append(f"| `{one.code}` {one.label} | " + " | ".join(marks) + " |")
    parts += ["\n## Pages\n", "| permission | pages |", "| --- | --- |"]
    parts += [f"| `{code}` | {', '.join(sorted(routes))} |" for code, routes in sorted(opened.items())]
    return "\n".join(parts) + "\n"


def duties_page() -> str:
    """`docs/duties.md`: each duty, the screens it is done on, the journey test that walks it, and its state.

    Raises `ValueError` for a screen or a test that does not exist: the page must be true.
    """
    rows = tomllib.loads((ROOT / "docs" / "duties.toml").read_text(encoding="utf-8"))["duty"]
    names = {name for _, name, _ in pages()}
    tests = {p.name for p in (ROOT / "tests" / "journeys").glob("test_*.py")}
    parts = [
        "# The duties\n",
        MADE,
        "\n| duty | what | screens | journey test | state |",
        "| --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        if missing := [s for s in row["screens"] if s not in names]:
            raise ValueError(f"{row['code']}: no such screen {missing}")
        if row["journey"] and row["journey"] not in tests:
            raise ValueError(f"{row['code']}: no such journey test {row['journey']}")
        if row["state"] == "done" and not (row["screens"] and row["journey"]):
            raise ValueError(f"{row['code']}: done without a screen and a journey test")
        screens = ", ".join(f"`{s}`" for s in row["screens"]) or "–"
        journey = f"`{row['journey']}`" if row["journey"] else "–"
        parts.append(f"| {row['code']} | {row['what']} | {screens} | {journey} | {row['state']} |")
    return "\n".join(parts) + "\n"


DOCUMENTS = {"lifecycles.md": lifecycles_page, "permissions.md": permissions_page, "duties.md": duties_page}


def documents(argv: list[str]) -> int:
    """Write the pages anew; with `--check`, only say which differ (exit code 1)."""
    parser = argparse.ArgumentParser(prog="mainstay documents", description="Make the pages of docs/ that say what is.")
    parser.add_argument("--check", action="store_true", help="write nothing; say which pages differ")
    parser.add_argument("--json", action="store_true", help="print the names of those that differed as JSON")
    asked = parser.parse_args(argv)
    installation.load_django()
    stale = []
    for name, make in DOCUMENTS.items():
        path = ROOT / "docs" / name
        text = make()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not asked.check:
                path.write_text(text, encoding="utf-8")
    what = "differs" if asked.check else "written"
    lines = [f"docs/{name} {what}" for name in stale] or ["all current"]
    print(json.dumps({"stale": stale}) if asked.json else "\n".join(lines))
    return 1 if stale and asked.check else 0
