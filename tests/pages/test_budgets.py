"""What each page asks of the database: so many queries at most, and not one more when there is twice as much on it.

The budgets are `query_budgets.toml`. To write down what is so now:
`MAINSTAY_BUDGETS=write pytest tests/pages/test_budgets.py`.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mainstay.config.documents import pages
from mainstay.foundation.testing import A_MOMENT
from tests.situations.clinic import Clinic
from tests.situations.world import ASKED, a_world

pytestmark = pytest.mark.django_db
BUDGETS = Path(__file__).parent / "query_budgets.toml"
NEW = 50
"""The most a page may ask that is younger than the table."""
SPARE = 2
"""A page may do so many more before its budget has to be looked at and written anew."""
NOT_HERE = {
    "patient-received-one": "needs what another system sent; one resource and its patient",
    "policy-card": "needs a photographed card; one file",
    "scan-form": "its form is on the page of the form",
    "form-scanned": "one file",
    "visit-summary-pdf": "one file",
    "provider-amend": "its form is on the page of the provider",
    "break-glass": "one sentence and a form about a chart that is closed",
    "review-broken-glass": "one opening and a form",
    "withdraw-policy": "one policy and a form",
    "due-letters-file": "one file",
    "stock-sensor-change": "one logger and a form",
}
"""Pages about one thing alone that the situation does not hold, or that cost nothing that could grow."""
BY_DOING = {"import": "a dry run: each line is tried by the very action that would write it, then undone"}
"""Pages that cost more for more, and why."""


def is_looked_at(view: object) -> bool:
    """Whether staff open a page: not public, and it answers to GET."""
    if getattr(view, "is_public", False):
        return False
    while view is not None:
        names = getattr(getattr(view, "__code__", None), "co_freevars", ())
        cells = dict(zip(names, getattr(view, "__closure__", None) or (), strict=True))
        if "request_method_list" in cells:
            return "GET" in cells["request_method_list"].cell_contents
        view = getattr(view, "__wrapped__", None)
    return True


def looked_at() -> list[tuple[str, bool]]:
    """(name, has arguments) of every page staff look at."""
    shown = [(name, "<" in route) for route, name, view in pages() if is_looked_at(view)]
    return [(name, has) for name, has in shown if name not in NOT_HERE and not name.startswith("set-up")]


def costs(client: Client, where: Mapping[str, Any], names: Iterable[str]) -> dict[str, int]:
    """The queries of each page that answers to GET, and of nothing it does afterwards."""
    found = {}
    for name in names:
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(reverse(name, kwargs=where.get(name)), ASKED.get(name))
        assert answer.status_code in (200, 303, 404), (name, answer.status_code)
        found[name] = len(asked)
    return found


def test_a_page_asks_no_more_for_twice_as_much_and_keeps_its_budget(monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    clinic, client = Clinic(), Client()
    client.force_login(clinic.everybody)
    once = a_world(clinic, 1)
    assert set(NOT_HERE) & set(once) == set(), "it is in the situation now: take it off the list"
    missing = {name for name, has_arguments in looked_at() if has_arguments and name not in once}
    names = [name for name, _ in looked_at() if name not in missing]
    before = costs(client, once, names)
    twice = a_world(clinic, 2)
    after = costs(client, twice, before)
    cold = [name for name in after if after[name] != before[name]]
    before |= costs(client, once, cold)
    grown = {name: f"{before[name]} for one, {after[name]} for two" for name in cold if after[name] > before[name]}
    assert {name: words for name, words in grown.items() if name not in BY_DOING} == {}
    if os.environ.get("MAINSTAY_BUDGETS") == "write":
        assert missing == set(), "say where they are in tests/situations/world.py"
        BUDGETS.write_text("".join(f"{name} = {count}\n" for name, count in sorted(after.items())))
    budgets = tomllib.loads(BUDGETS.read_text())
    over = {name: f"{count}, budget {budgets.get(name)}" for name, count in after.items()
            if count > budgets.get(name, NEW) + SPARE}  # fmt: skip
    assert set(budgets) - set(after) == set(), "these pages are gone, or not looked at any more"
    assert over == {}, "write the budgets anew if this is as it should be"
