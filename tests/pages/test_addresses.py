"""Whatever stands in an address: never a fault, always a page with a sentence.

Each page is asked for with every part of its path and every question it reads spoiled. What a page reads is learned by
watching it. The tries are the same in every run.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from mainstay.config.documents import pages
from tests.situations.clinic import Clinic
from tests.situations.watching import questions_asked_for
from tests.situations.world import a_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nine_in_the_morning", "quiet")]
PART = re.compile(r"<(?:(\w+):)?(\w+)>")
NOBODY = "00000000-0000-4000-8000-000000000000"
LONG = "9" * 400
WORDS = (
    "\x00", "a\x00b", "\u202eabc\u202c", "\u200b", "😀👩‍⚕️", "' OR 1=1 --", '"><script>alert(1)</script>', "{{ 7*7 }}",
    "%", "\\", "../../etc/passwd", "//evil.example/", "ñ" * 300, "x" * 100_000, " ", "²", "٣", "\r\n", "null", "[]",
)  # fmt: skip
NUMBERS = ("0", "-1", "1.5", "1e309", "NaN", "99999999999999999999", LONG, "0x10", "+1")
DAYS = (
    "0001-01-01", "1/1/0001", "9999-12-31", "12/31/9999", "2/29/2027", "2/29/2028", "2026-03-08", "2026-03-08T02:30",
    "3/8/2026 2:30a", "2026-11-01T01:30", "2/31/2026", "0000-00-00", "+99999y", "+9999999999d", "2026-W53-9",
)  # fmt: skip
IDS = (NOBODY, NOBODY.replace("-", ""), "{" + NOBODY + "}", "not-a-uuid", NOBODY + "0")
BAD = (*WORDS, *NUMBERS, *DAYS, *IDS)
TRIES = 3
"""Of each question of each page in one run; all questions of a page together get as many."""
PARTS = {
    "uuid": (NOBODY, "not-a-uuid"),
    "int": ("0", "99999999999999999999", LONG),
    "slug": ("nothing", "0", "x" * 5000),
    "str": ("nothing", "\x00", "\u202e", "😀", "x" * 5000),
}
"""What stands in a part of a path, by its kind."""


@pytest.fixture
def somebody() -> tuple[Client, dict[str, dict[str, Any]]]:
    """A browser of somebody who may do everything, and where every page is."""
    clinic = Clinic()
    client = Client(raise_request_exception=False)
    client.force_login(clinic.everybody)
    return client, a_world(clinic, 1)


def what_is_wrong(answer: Any) -> str:
    """What an answer to nonsense should not be, in words, or nothing."""
    if answer.status_code >= 500:
        return f"broke ({answer.status_code})"
    if answer.status_code < 400 or not answer["Content-Type"].startswith("text/html"):
        return ""
    page = answer.content.decode(errors="replace")
    if "<main" not in page or not re.search(r"<h1[^>]*>\s*\S", page):
        return f"{answer.status_code} without our frame: {page[:80]}"
    return ""


def looked_at() -> list[tuple[str, str]]:
    """(route, name) of every page; the first run is not there in a practice, the lock ends the session."""
    return [(r, n) for r, n, v in pages() if not getattr(v, "is_public", False) and n not in ("sign-out", "lock")]


def spoiled(route: str, good: Mapping[str, Any]) -> Iterator[str]:
    """The addresses of a page with one part of its path spoiled, and the others as they are, or could be."""
    parts = PART.findall(route)

    def filled(bad_name: str, bad: str) -> str:
        def part(found: re.Match[str]) -> str:
            kind, name = found[1] or "str", found[2]
            usual = {"uuid": str(uuid.UUID(int=7)), "int": "1"}.get(kind, "vitals")
            return quote(bad if name == bad_name else str(good.get(name, usual)), safe="")

        return PART.sub(part, route)

    for kind, name in parts:
        for bad in PARTS[kind or "str"]:
            yield filled(name, bad)


def test_whatever_stands_in_a_path_is_answered_with_a_sentence(somebody):
    client, where = somebody
    wrong = {}
    for route, name in looked_at():
        for url in spoiled(route, where.get(name, {})):
            key = {"idempotency_key": str(uuid.uuid4())}
            answers = [client.get(url)]
            if answers[0].status_code == 405:
                answers.append(client.post(url, {"reason": "x", **key}))
            for answer in answers:
                if found := what_is_wrong(answer):
                    wrong[answer.request["REQUEST_METHOD"], url[:120]] = found
    assert wrong == {}


def test_whatever_is_asked_in_an_address_is_answered_with_a_sentence(somebody):
    client, where = somebody
    wrong, asked_of = {}, {}
    for number, (route, name) in enumerate(looked_at()):
        if "<" in route and name not in where:
            continue
        url = reverse(name, kwargs=where.get(name))
        with questions_asked_for() as questions:
            answer = client.get(url)
        asked_of[name] = questions
        if answer.status_code == 405 or not questions:
            continue
        bad = [BAD[(number * 7 + n * 11) % len(BAD)] for n in range(TRIES * (len(questions) + 1))]
        tries = [{question: bad.pop()} for question in sorted(questions) for _ in range(TRIES)]
        tries += [dict.fromkeys(questions, one) for one in bad]
        for asked in tries:
            if found := what_is_wrong(client.get(url, asked)):
                wrong[name, repr(asked)[:120]] = found
    assert wrong == {}
    assert {"q"} <= asked_of["search"] and {"until"} <= asked_of["stock-unit"] and {"day"} <= asked_of["schedule"]
