"""One browser and one clinic at nine in the morning, shared by every journey; axe looks at every kind of page met."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlparse

import pytest
from django.test import Client
from django.urls import resolve

from mainstay.foundation import clock
from mainstay.foundation.testing import A_MOMENT
from mainstay.workforce.models import Staff

HERE = Path(__file__).parent
CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = (
    "--no-sandbox --disable-gpu --disable-background-networking"
    " --disable-component-update --disable-sync --no-first-run"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every journey is marked, has the database to itself, and says so when there is no browser."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.django_db(transaction=True))
            reason = "Debian's Chromium is not installed: the journeys are not walked"
            item.add_marker(pytest.mark.skipif(not CHROMIUM.exists(), reason=reason))


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps an event loop in this thread
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=str(CHROMIUM), args=SWITCHES.split())
        yield browser
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@pytest.fixture
def now(monkeypatch) -> Callable[[], datetime]:
    """The clinic's clock: it starts at nine on a Friday in November and goes on."""
    real = clock.now
    ahead = A_MOMENT - real()
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: real() + ahead)
    return lambda: real() + ahead


class Somebody:
    """A person at a screen. Every kind of page they come by is looked at by axe once."""

    def __init__(self, page, base: str) -> None:
        self.page = page
        self.base = base
        self.seen: set[str] = set()
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def opens(self, path: str) -> Somebody:
        self.page.goto(self.base + path)
        return self.looks()

    def presses(self, name: str, *, within: str = "main", nth: int = 0) -> Somebody:
        """Press a button that leads to a page."""
        with self.page.expect_navigation():
            self.page.locator(within).get_by_role("button", name=name, exact=True).nth(nth).click()
        return self.looks()

    def follows(self, name: str, *, within: str = "main") -> Somebody:
        with self.page.expect_navigation():
            self.page.locator(within).get_by_role("link", name=name, exact=True).first.click()
        return self.looks()

    def types(self, label: str, text: str, *, within: str = "main") -> Somebody:
        self.page.locator(within).get_by_label(label, exact=True).first.fill(text)
        return self

    def ticks(self, label: str, *, within: str = "main") -> Somebody:
        self.page.locator(within).get_by_label(label, exact=True).first.check()
        return self

    def chooses(self, question: str, answer: str) -> Somebody:
        self.page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()
        return self

    def reads(self, text: str, *, within: str = "body") -> Somebody:
        self.page.locator(within).get_by_text(text).first.wait_for()
        return self

    def looks(self) -> Somebody:
        """Let axe look at this page, unless it has seen one of its kind in this journey."""
        from axe_playwright_python.sync_playwright import Axe

        if self.path.endswith(".pdf"):
            return self
        kind = resolve(urlparse(self.page.url).path).url_name or ""
        is_refused = self.page.title().startswith("Error:")
        if (key := f"{kind}{' refused' if is_refused else ''}") not in self.seen:
            self.seen.add(key)
            found = Axe().run(self.page).response["violations"]
            wrong = [(v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in found]
            assert not wrong, (self.page.url, wrong)
            assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "scrolls sideways"
        return self

    @property
    def path(self) -> str:
        return urlparse(self.page.url).path


@pytest.fixture
def at_a_screen(chromium, live_server) -> Iterator[Callable[..., Somebody]]:
    """Seat somebody at a screen of their own: signed in, or a stranger."""
    contexts, seated = [], []

    def seat(staff: Staff | None = None) -> Somebody:
        context = chromium.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=True)
        context.set_default_timeout(60_000)
        contexts.append(context)
        if staff is not None:
            client = Client()
            client.force_login(staff)
            value = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
        somebody = Somebody(context.new_page(), live_server.url)
        seated.append(somebody)
        return somebody

    yield seat
    for context in contexts:
        context.close()
    assert [complaint for somebody in seated for complaint in somebody.complaints] == []
