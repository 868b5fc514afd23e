"""The style page in a real browser: accessible at every size and in every light, and its keys and comforts work.

No server and no database: the page and the static files are handed to the browser directly, under our own content
security policy.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import RequestFactory

from mainstay.foundation import clock
from mainstay.foundation.components.frame import TypedBefore, Undo
from mainstay.foundation.components.showcase import IntakeForm, style_context
from mainstay.foundation.components.showcase_board import board_rows
from mainstay.foundation.components.showcase_day import wall_context
from mainstay.foundation.errors import IllegalMove

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = (
    "--no-sandbox --disable-gpu --disable-background-networking"
    " --disable-component-update --disable-sync --no-first-run"
)
POLICY = "default-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'"

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's Chromium is not installed: the look is not tested"),
]


class Clinic:
    """A clinic without a server: hands out pages, remembers what was posted."""

    def __init__(self, pages: dict[str, str]) -> None:
        self.pages = pages
        self.posted: list[tuple[str, dict[str, list[str]]]] = []
        self.answers: dict[str, tuple[int, dict[str, str], str]] = {}

    def answer(self, route) -> None:
        request = route.request
        path = urlparse(request.url).path
        if request.method == "POST":
            self.posted.append((path, parse_qs(request.post_data or "", keep_blank_values=True)))
            status, headers, body = self.answers.get(path, (204, {}, ""))
            route.fulfill(status=status, headers=headers, body=body)
        elif path in self.pages:
            headers = {"content-type": "text/html; charset=utf-8", "content-security-policy": POLICY}
            route.fulfill(body=self.pages[path], headers=headers)
        elif path.startswith("/static/") and (found := finders.find(path.removeprefix("/static/"))):
            kind = mimetypes.guess_type(found)[0] or "application/octet-stream"
            route.fulfill(body=Path(found).read_bytes(), headers={"content-type": kind})
        else:
            route.fulfill(status=404, body="")


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        chromium = player.chromium.launch(executable_path=str(CHROMIUM), args=SWITCHES.split())
        yield chromium
        chromium.close()


def with_drafts(shown: str) -> str:
    drafts = 'data-draft-url="/drafts/"'
    return shown if drafts in shown else shown.replace("<body ", f"<body {drafts} ")


@pytest.fixture
def pages() -> dict[str, str]:
    request = RequestFactory().get("/style/")
    quiet = {**style_context(), "refused": IntakeForm(prefix="refused")}
    whole = render_to_string("foundation/style.html", style_context(), request)
    calm = with_drafts(render_to_string("foundation/style.html", quiet, request))
    typed = TypedBefore("style", {"reason": ["Dizzy </script> since Tuesday"], "side": ["r"]}, clock.now())
    again = {**quiet, "frame": replace(quiet["frame"], typed_here=(typed,))}
    return {
        "/again/": with_drafts(render_to_string("foundation/style.html", again, request)),
        "/style/": whole,
        "/calm/": calm,
        "/wall/": render_to_string("foundation/style_wall.html", wall_context(), request),
        "/404/": render_to_string("404.html", {"reference": "K7Q2-94"}, request),
        "/": "<!doctype html><title>Board</title>",
    }


@pytest.fixture
def open_page(browser, pages):
    opened = []

    def opener(path: str, **options: object):
        context = browser.new_context(base_url="http://clinic.test", **options)
        context.set_default_timeout(60_000)
        opened.append(context)
        page = context.new_page()
        page.clinic = Clinic(pages)
        page.route("**/*", page.clinic.answer)
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda line: page.complaints.append(line.text) if line.type == "error" else None)
        page.goto(path)
        return page

    yield opener
    for context in opened:
        context.close()


LOOKS = [
    ("/style/", 1440, 900, "light"),
    ("/style/", 1440, 900, "dark"),
    ("/style/", 1024, 768, "light"),
    ("/style/", 512, 384, "dark"),
    ("/style/", 320, 640, "light"),
    ("/wall/", 1920, 1080, "light"),
    ("/404/", 1024, 768, "dark"),
]


@pytest.mark.parametrize(("path", "width", "height", "light"), LOOKS)
def test_axe_finds_nothing_and_nothing_sticks_out(open_page, path, width, height, light):
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(path, viewport={"width": width, "height": height}, color_scheme=light, bypass_csp=True)
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"


def test_the_page_obeys_its_own_security_policy(open_page):
    page = open_page("/style/")
    page.wait_for_timeout(200)
    assert page.complaints == []


def test_fingers_find_targets_of_44_pixels(open_page):
    page = open_page("/style/", viewport={"width": 1024, "height": 768}, is_mobile=True, has_touch=True)
    small = page.evaluate(
        """() => [...document.querySelectorAll('.button, .rail a, select, .segment span, summary, input[type=text]')]
            .filter(e => e.offsetParent && !e.closest('.block'))
            .filter(e => e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML.slice(0, 90))"""
    )
    assert small == []


def test_a_slash_goes_to_the_search_but_not_while_typing(open_page):
    page = open_page("/calm/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.locator("#id_reason").focus()
    page.keyboard.type("1/2")
    assert page.locator("#id_reason").input_value() == "1/2"


def test_a_refused_form_takes_the_focus_and_leads_to_its_fields(open_page):
    page = open_page("/style/")
    assert page.title().startswith("Error:")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.locator(".error-summary a").first.click()
    assert page.evaluate("document.activeElement.id") == "id_refused-weight"
    page.locator(".error-summary a").last.click()
    assert page.evaluate("document.activeElement.id") == "id_refused-side_0"


def test_enter_moves_on_through_the_vitals(open_page):
    page = open_page("/calm/")
    page.locator("#id_systolic").fill("128")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_diastolic"
    assert page.clinic.posted == []


def test_typing_is_on_the_server_within_two_seconds(open_page):
    page = open_page("/calm/")
    page.locator("#id_reason").press_sequentially("Dizzy since Tuesday")
    page.wait_for_selector("[data-draft-state][data-state=saved]")
    path, sent = page.clinic.posted[-1]
    assert path == "/drafts/" and sent["draft_key"] == ["style"]
    assert sent["reason"] == ["Dizzy since Tuesday"]
    assert "csrfmiddlewaretoken" not in sent and "idempotency_key" not in sent


def test_what_was_typed_and_not_saved_stands_in_its_fields_again_and_can_be_thrown_away(open_page):
    page = open_page("/again/")
    notice = page.locator("form[data-draft=style] .draft-before")
    assert "you typed and did not save" in notice.inner_text()
    assert page.locator("#id_reason").input_value() == "Dizzy </script> since Tuesday"
    assert page.locator("#id_side_1").is_checked() and not page.locator("#id_side_0").is_checked()
    page.locator("#id_reason").press_sequentially("!")
    page.wait_for_selector("[data-draft-state][data-state=saved]")
    notice.get_by_role("button").click()
    page.wait_for_load_state()
    assert page.clinic.posted[-1] == ("/drafts/", {"draft_key": ["style"], "draft_drop": ["1"]})
    assert page.complaints == []


def test_a_save_says_which_draft_it_was(open_page):
    page = open_page("/calm/")
    page.locator("#id_reason").fill("Dizzy")
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.url.endswith("/calm/")):
        page.locator("form[data-draft=style]").evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
    saved = [sent for path, sent in page.clinic.posted if path == "/calm/"]
    assert saved[0]["draft_key"] == ["style"]


def test_a_lost_connection_is_said_and_tried_again(open_page):
    page = open_page("/calm/")
    page.clinic.answers["/drafts/"] = (503, {}, "")
    page.locator("#id_reason").press_sequentially("Dizzy")
    page.wait_for_selector("[data-draft-state][data-state=lost]")
    page.clinic.answers.clear()
    page.wait_for_selector("[data-draft-state][data-state=saved]")


def test_an_expired_session_leads_to_the_sign_in(open_page):
    page = open_page("/calm/")
    page.clinic.answers["/drafts/"] = (204, {"HX-Redirect": "/404/"}, "")
    page.locator("#id_reason").press_sequentially("Dizzy")
    page.wait_for_url("**/404/")


def test_parking_keeps_the_form_and_leaves_it(open_page):
    page = open_page("/calm/")
    page.locator("#id_reason").press_sequentially("Half a sentence")
    page.keyboard.press("Alt+p")
    page.wait_for_url("http://clinic.test/")
    parked = [sent for path, sent in page.clinic.posted if sent.get("draft_park") == ["1"]]
    assert any(sent["draft_key"] == ["style"] and sent["reason"] == ["Half a sentence"] for sent in parked)


def test_a_double_click_sends_once(open_page):
    page = open_page("/calm/")
    with page.expect_request(lambda sent: sent.method == "POST" and sent.url.endswith("/calm/")):
        page.locator(".tile form .button").first.dblclick()
    page.wait_for_timeout(300)
    assert len([path for path, _ in page.clinic.posted if path == "/calm/"]) == 1


def test_minutes_tick_and_a_move_can_be_taken_back_for_a_while(open_page):
    page = open_page("/calm/")
    left = page.locator("[data-undo-until] [data-left]")
    page.wait_for_function(
        "([left, first]) => left.innerText !== first", arg=[left.element_handle(), left.inner_text()]
    )
    assert page.locator("time[data-until] .timer-text").first.inner_text() < "11:20"


def test_the_light_is_a_persons_choice(open_page):
    page = open_page("/calm/", color_scheme="light")
    page.locator(".person summary").last.click()
    page.locator("[data-theme-switch]").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert "theme=dark" in page.evaluate("document.cookie")


HTML = {"content-type": "text/html; charset=utf-8"}


def test_a_refusal_stands_beside_the_card_and_leaves_it_whole(open_page):
    page = open_page("/calm/")
    error = IllegalMove("Already roomed at 9:14 am by Lee Tran.")
    body = render_to_string("foundation/refusal.html#fragment", {"error": error, "decision": None})
    page.clinic.answers["/calm/"] = (409, HTML, body)
    rows = page.locator(".board tbody tr").count()
    page.locator("#visit-3 .board-next > form .button").click()
    page.wait_for_selector("#toasts .error-summary")
    assert "Already roomed at 9:14 am" in page.locator("#toasts").inner_text()
    assert page.locator(".board tbody tr").count() == rows
    assert not page.title().startswith("Error:")


def test_a_move_answers_with_its_row_and_a_way_back(open_page):
    page = open_page("/calm/")
    now = clock.now()
    row = replace(board_rows(now)[2], stage="Rooming", stage_kind="active")
    undo = Undo("Alex Okafor is being roomed", "/undo/", now + timedelta(seconds=60))
    body = render_to_string("foundation/components/board_row.html", {"row": row, "now": now})
    body += render_to_string("foundation/undo.html", {"undo": undo, "oob": True})
    page.clinic.answers["/calm/"] = (200, HTML, body)
    page.locator("#visit-3 .board-next > form .button").click()
    page.wait_for_selector("#visit-3 .stage-active")
    assert "Alex Okafor is being roomed" in page.locator("#toasts").inner_text()
    assert page.locator("#visit-3 .board-patient a").inner_text() == "Alex Okafor"


def test_an_unattended_screen_is_given_up_with_a_warning(open_page, pages):
    page = open_page("/404/")
    idle = pages["/calm/"].replace("<body ", '<body data-idle-seconds="900" data-lock-url="/404/" ', 1)
    page.clinic.pages = {**pages, "/idle/": idle}
    page.clock.install()
    page.goto("/idle/")
    page.clock.fast_forward("14:10")
    page.wait_for_selector(".toast-confirm")
    page.keyboard.press("Shift")
    page.clock.fast_forward("13:00")
    assert not page.locator(".toast-confirm").count()
    assert page.url.endswith("/idle/")
    page.clock.fast_forward("15:00")
    page.wait_for_url("**/404/")
